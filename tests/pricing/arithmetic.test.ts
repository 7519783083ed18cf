// Fees, slippage, edge, steps, ticks and margin: figures worked out by hand, and what must hold for
// any.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bps } from '../../src/domain/index.ts';
import {
  compare,
  isLess,
  minus,
  toBps,
  toPrice,
  toQty,
  toRate,
  toStep,
  toUsd,
} from '../../src/domain/index.ts';
import { feeUsd, roundTripFeeBps } from '../../src/pricing/fees.ts';
import {
  liquidationDistanceBps,
  liquidationPrice,
  marginUsd,
  nearestLiquidationBps,
} from '../../src/pricing/margin.ts';
import { netEdge } from '../../src/pricing/net-edge.ts';
import { adverseBasisBps, roundTripSlippageBps } from '../../src/pricing/slippage.ts';
import { commonStep, untradableQty } from '../../src/pricing/step.ts';
import { boundPrice } from '../../src/pricing/tick.ts';

const bps = (...values: readonly string[]): readonly Bps[] => values.map((value) => toBps(value));

describe('costs', () => {
  test('a leg pays the taker fee twice', () => {
    expect(roundTripFeeBps(toRate('0.0005'))).toBe('10');
    expect(roundTripFeeBps(toRate('0.00055'))).toBe('11');
    expect(feeUsd(toUsd('10000'), toRate('0.00055'))).toBe('5.5');
  });

  test('slippage is the whole way in and out, spread included, rounded up', () => {
    const cost = (buy: string, sell: string): Bps =>
      roundTripSlippageBps({ buyVwap: toPrice(buy), sellVwap: toPrice(sell) });
    expect(cost('100.01', '100')).toBe('1');
    // 1 / 30000 in bps is 0.333…, up in the 18th place of the fraction.
    expect(cost('30001', '30000')).toBe('0.33333333333334');
    expect(cost('99', '100')).toBe('0');
  });

  test('a dearer long leg is a cost, a cheaper one is no gain', () => {
    const touch = (bid: string, ask: string) => ({
      bidPrice: toPrice(bid),
      askPrice: toPrice(ask),
    });
    const dear = touch('100.19', '100.21');
    const cheap = touch('99.99', '100.01');
    expect(adverseBasisBps({ long: dear, short: cheap })).toBe('20');
    expect(adverseBasisBps({ long: cheap, short: dear })).toBe('0');
  });

  test('net is gross less every named cost', () => {
    expect(
      netEdge({
        fundingBps: bps('45', '-5'),
        feesBps: bps('10', '11'),
        slippageBps: bps('1', '1.5'),
        slippageBufferBps: toBps('1'),
        basisBufferBps: toBps('2'),
      }),
    ).toEqual({
      grossEdgeBps: '40',
      feesBps: '21',
      slippageBps: '3.5',
      basisBufferBps: '2',
      netEdgeBps: '13.5',
    });
  });

  test('a higher cost of any kind never raises the net edge', () => {
    const amount = fc.integer({ min: 0, max: 10_000 }).map((count) => toBps(count / 100));
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, (gross, fee, slip, basis, extra) => {
        const parts = {
          fundingBps: [gross],
          feesBps: [fee],
          slippageBps: [slip],
          slippageBufferBps: slip,
          basisBufferBps: basis,
        };
        const { netEdgeBps } = netEdge(parts);
        for (const dearer of [
          { ...parts, feesBps: [fee, extra] },
          { ...parts, slippageBps: [slip, extra] },
          { ...parts, basisBufferBps: toBps(Number(basis) + Number(extra)) },
        ]) {
          expect(compare(netEdge(dearer).netEdgeBps, netEdgeBps)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('steps', () => {
  const steps = (qtyStep: string, qtyMin: string) => ({
    qtyStep: toQty(qtyStep),
    qtyMin: toQty(qtyMin),
  });

  test.each([
    ['equal steps', '0.001', '0.001', '0.001'],
    ['one divides the other', '0.001', '0.01', '0.01'],
    ['neither divides the other', '0.04', '0.006', '0.12'],
    ['a whole contract against a fraction', '0.3', '1', '3'],
  ])('the common step of %s', (_title, left, right, common) => {
    expect(commonStep([steps(left, '0'), steps(right, '0')])).toBe(common);
  });

  test.each([
    ['a single step can be ordered: no delta is dust', '0.001', '0.001', '0.001', '0.001', '0'],
    ['the finer leg can still trade it', '0.001', '0.001', '0.01', '0.01', '0'],
    ['below both minimums is dust', '0.001', '0.01', '0.01', '0.02', '0.009'],
    ['a minimum off the grid counts as the next step', '0.01', '0.015', '0.01', '0.05', '0.01'],
  ])('%s', (_title, stepA, minA, stepB, minB, dust) => {
    expect(untradableQty([steps(stepA, minA), steps(stepB, minB)])).toBe(dust);
  });
});

describe('a limit price', () => {
  const bound = (side: 'buy' | 'sell', fromPrice: string, beyondBps: string, tick: string) =>
    boundPrice({
      side,
      fromPrice: toPrice(fromPrice),
      beyondBps: toBps(beyondBps),
      tickSize: toPrice(tick),
    });

  test('lies on the tick and never beyond the bound', () => {
    // 60000.1 x 1.0001 = 60006.10001; 60000.1 x 0.9999 = 59994.09999.
    expect(bound('buy', '60000.1', '1', '0.1')).toBe('60006.1');
    expect(bound('sell', '60000.1', '1', '0.1')).toBe('59994.1');
    expect(bound('buy', '100', '0', '0.5')).toBe('100');
  });

  test('is never further from the price than asked, nor short of it by a tick', () => {
    const ticks = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(ticks, fc.integer({ min: 0, max: 500 }), (count, beyond) => {
        const tick = toPrice('0.05');
        const from = toPrice((count / 20).toFixed(2));
        const limit = bound('buy', from, String(beyond), '0.05');
        expect(toStep(limit, tick, 'down')).toBe(limit);
        expect(isLess(limit, from)).toBe(false);
        const gap = Number(minus(limit, from));
        expect(gap).toBeLessThanOrEqual((Number(from) * beyond) / 10_000 + 1e-9);
        expect(gap).toBeGreaterThan((Number(from) * beyond) / 10_000 - 0.05 - 1e-9);
      }),
    );
  });
});

describe('margin', () => {
  const leg = (side: 'buy' | 'sell') => ({
    side,
    entryPrice: toPrice('100'),
    leverage: toRate('5'),
    maintenanceRate: toRate('0.005'),
  });

  test('is the notional over the leverage, rounded up', () => {
    expect(marginUsd(toUsd('10000'), toRate('5'))).toBe('2000');
    expect(marginUsd(toUsd('10000'), toRate('3'))).toBe('3333.333333333333333334');
  });

  test('a long is closed below its entry, a short above, both rounded towards it', () => {
    // 100 x 0.8 / 0.995 = 80.40201005025125628140…; 100 x 1.2 / 1.005 = 119.40298507462686567164…
    expect(liquidationPrice(leg('buy'))).toBe('80.402010050251256282');
    expect(liquidationPrice(leg('sell'))).toBe('119.402985074626865671');
  });

  test('the distance is measured from the mark and the nearest one counts', () => {
    const long = liquidationDistanceBps(leg('buy'), toPrice('100'));
    const short = liquidationDistanceBps(leg('sell'), toPrice('100'));
    expect(long).toBe('1959.79899497487437');
    expect(short).toBe('1940.29850746268656');
    expect(nearestLiquidationBps([long, short])).toBe(short);
    expect(nearestLiquidationBps([])).toBeUndefined();
    expect(Number(liquidationDistanceBps(leg('buy'), toPrice('79')))).toBeLessThan(0);
  });
});
