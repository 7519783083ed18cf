// What size a pair of legs can trade, and which rule refuses it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instrument, Side } from '../../src/domain/index.ts';
import {
  isLess,
  toInstrumentId,
  toNumber,
  toPrice,
  toQty,
  toRate,
  toStep,
  toUsd,
  toVenueId,
} from '../../src/domain/index.ts';
import type { SizableLeg } from '../../src/pricing/sizing.ts';
import { screenQty, sizing } from '../../src/pricing/sizing.ts';
import { levels } from './levels.ts';

interface Terms {
  readonly qtyStep?: string;
  readonly qtyMin?: string;
  readonly qtyMax?: string;
  readonly contractSize?: string;
  readonly notionalUsdMin?: string;
}

function instrument(venue: string, terms: Terms): Instrument {
  const venueId = toVenueId(venue);
  return {
    instrumentId: toInstrumentId(venueId, 'BTC/USDT:USDT'),
    venueId,
    venueSymbol: 'BTCUSDT',
    kind: 'perpetual',
    base: 'BTC',
    quote: 'USDT',
    tickSize: toPrice('0.1'),
    contractSize: toQty(terms.contractSize ?? '1'),
    qtyStep: toQty(terms.qtyStep ?? '0.001'),
    qtyMin: toQty(terms.qtyMin ?? '0.001'),
    qtyMax: toQty(terms.qtyMax ?? '1000'),
    notionalUsdMin: toUsd(terms.notionalUsdMin ?? '5'),
    takerFeeRate: toRate('0.0005'),
    makerFeeRate: toRate('0.0002'),
    isTrading: true,
  };
}

const leg = (side: Side, terms: Terms, bidSize: number, askSize: number): SizableLeg => ({
  side,
  instrument: instrument(side, terms),
  bids: levels([100, bidSize]),
  asks: levels([101, askSize]),
});

describe('the size of a pair', () => {
  test('is the notional at the dearest ask, down to a step that both can trade', () => {
    const legs = [
      leg('buy', { qtyStep: '0.04' }, 1_000, 1_000),
      leg('sell', { qtyStep: '0.006' }, 1_000, 1_000),
    ] as const;
    // 1000 / 101 = 9.9009…; the common step is 0.12.
    expect(sizing(legs, toUsd('1000'))).toMatchObject({ kind: 'sized', qty: '9.84' });
  });

  test('shrinks to the smaller of the largest orders', () => {
    const legs = [leg('buy', { qtyMax: '2.5' }, 100, 100), leg('sell', {}, 100, 100)] as const;
    expect(sizing(legs, toUsd('1000'))).toMatchObject({ kind: 'sized', qty: '2.5' });
  });

  test('counts depth in contracts', () => {
    const contracts = { contractSize: '0.01', qtyStep: '0.01' };
    const legs = [leg('buy', contracts, 989, 1_000), leg('sell', {}, 100, 100)] as const;
    expect(sizing(legs, toUsd('1000'))).toEqual({
      kind: 'refused',
      refusal: { gate: 'depth-exit', found: '9.89', limit: '9.9', unit: 'qty' },
    });
  });

  test.each<[string, SizableLeg, SizableLeg, string, object]>([
    [
      'less than the larger minimum',
      leg('buy', {}, 100, 100),
      leg('sell', { qtyMin: '0.5' }, 100, 100),
      '20',
      { gate: 'size', found: '0.198', limit: '0.5', unit: 'qty' },
    ],
    [
      'less than one step',
      leg('buy', { qtyStep: '1', qtyMin: '0' }, 100, 100),
      leg('sell', {}, 100, 100),
      '20',
      { gate: 'size', found: '0', limit: '0.001', unit: 'qty' },
    ],
    [
      'a notional under the minimum at the worst price',
      leg('buy', { notionalUsdMin: '20' }, 100, 100),
      leg('sell', {}, 100, 100),
      '20.1',
      { gate: 'size', found: '19.9', limit: '20', unit: 'usd' },
    ],
    [
      'a thin way in',
      leg('buy', {}, 100, 3),
      leg('sell', {}, 100, 100),
      '1000',
      { gate: 'depth-entry', found: '3', limit: '9.9', unit: 'qty' },
    ],
    [
      'a thin way out',
      leg('buy', {}, 100, 100),
      leg('sell', {}, 100, 4),
      '1000',
      { gate: 'depth-exit', found: '4', limit: '9.9', unit: 'qty' },
    ],
    [
      'an empty side',
      { ...leg('buy', {}, 100, 100), asks: levels() },
      leg('sell', {}, 100, 100),
      '1000',
      { gate: 'depth-entry', found: '0', limit: '1', unit: 'count' },
    ],
  ])('is refused for %s', (_title, long, short, notionalUsd, refusal) => {
    expect(sizing([long, short], toUsd(notionalUsd))).toEqual({ kind: 'refused', refusal });
  });
});

const step = fc.constantFrom('0.001', '0.01', '0.1', '1', '0.04', '0.006', '0.25');
const terms: fc.Arbitrary<Terms> = fc.record({
  qtyStep: step,
  qtyMin: step,
  qtyMax: fc.constantFrom('1', '7.3', '1000'),
  notionalUsdMin: fc.constantFrom('5', '100'),
});
const anyLeg = (side: Side): fc.Arbitrary<SizableLeg> =>
  fc
    .tuple(terms, fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }))
    .map(([given, bids, asks]) => leg(side, given, bids, asks));

test('any size is a multiple of both steps and over both minimums, or it is refused', () => {
  const notionalUsd = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(anyLeg('buy'), anyLeg('sell'), notionalUsd, (long, short, usd) => {
      const found = sizing([long, short], toUsd(usd));
      if (found.kind === 'refused') {
        expect(found.refusal.found).not.toBe(found.refusal.limit);
        return;
      }
      for (const { instrument: traded } of [long, short]) {
        expect(toStep(found.qty, traded.qtyStep, 'down')).toBe(found.qty);
        expect(isLess(found.qty, traded.qtyMin)).toBe(false);
        expect(isLess(traded.qtyMax, found.qty)).toBe(false);
        expect(toNumber(found.qty) * 100).toBeGreaterThanOrEqual(toNumber(traded.notionalUsdMin));
      }
      expect(screenQty([long, short], usd)).toBeLessThanOrEqual(toNumber(found.qty) + 1e-12);
      expect(toNumber(found.qty) * 101).toBeLessThanOrEqual(usd + 1e-9);
    }),
  );
});
