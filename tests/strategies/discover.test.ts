// What funding carry takes, with the whole evidence and plan, and what it does not even consider.
import { describe, expect, test } from 'vitest';
import { toMs, toUsd } from '../../src/domain/index.ts';
import type { InstrumentView } from '../../src/market/view.ts';
import { discovery } from '../../src/strategies/funding-carry/discover.ts';
import { enabledStrategies } from '../../src/strategies/registry.ts';
import { bybit, found, NOW_MS, okx, SETTLED_AT_MS, settings } from './carry-market.ts';
import type { Listing } from './plain-market.ts';
import { listed, marketOf } from './plain-market.ts';

const HOUR_MS = 3_600_000;
const nothingTold = (): boolean => false;

describe('an opportunity', () => {
  const [candidate, ...others] = found(okx, bybit);

  test('is one direction of a pair with every cost named', () => {
    expect(others).toEqual([]);
    if (candidate?.kind !== 'accepted') throw new Error('the pair was not taken');
    const { opportunity } = candidate;
    expect(opportunity).toMatchObject({
      strategy: 'funding-carry',
      key: 'BTC okx>bybit',
      base: 'BTC',
      seenAtMs: NOW_MS,
      // 10000 / 50002.5 = 0.19999, in contracts of 0.01.
      qty: '0.19',
      legs: [
        {
          side: 'buy',
          bookAgeMs: 40,
          feeBps: '10',
          fundingBps: '20',
          settlementsAtMs: [SETTLED_AT_MS],
          // 10 contracts of 0.01 at 50002.5, 9 at 50010.
          entryVwap: '50006.052631578947368422',
          exitVwap: '49993.947368421052631578',
        },
        { side: 'sell', bookAgeMs: 120, feeBps: '11', fundingBps: '20', entryVwap: '49997.5' },
      ],
      edge: { grossEdgeBps: '40', feesBps: '21', basisBufferBps: '2' },
    });
    // 12.105 and 5 USD of spread and depth on 50 kUSD, and the buffer of 1 bps.
    expect(Number(opportunity.edge.slippageBps)).toBeCloseTo(2.4213 + 1.00005 + 1, 3);
    expect(Number(opportunity.edge.netEdgeBps)).toBeCloseTo(40 - 21 - 2 - 4.4214, 3);
  });

  test('comes with a plan that any trade machine can run', () => {
    if (candidate?.kind !== 'accepted') throw new Error('the pair was not taken');
    expect(candidate.plan).toMatchObject({
      strategy: 'funding-carry',
      key: 'BTC okx>bybit',
      legs: [
        // The worst level is 50010; 1 bps beyond it is 50015.001, on the tick of 0.1 below.
        {
          legId: 'a',
          side: 'buy',
          qty: '0.19',
          referencePrice: '50002.5',
          limitPrice: '50015',
          qtyStep: '0.01',
        },
        // 49997.5 less 1 bps is 49992.50025, on the tick of 0.1 above.
        {
          legId: 'b',
          side: 'sell',
          qty: '0.19',
          referencePrice: '49997.5',
          limitPrice: '49992.6',
        },
      ],
      // The bybit leg can trade 0.001, so nothing that can remain is dust.
      hedgedWithinQty: '0',
      leave: {
        holdUntilAtMs: NOW_MS + 24 * HOUR_MS,
        pricedUntilAtMs: SETTLED_AT_MS + 15_000,
        exitBelowBps: '2',
      },
      // 50015 x 0.19 / 3, up.
      marginUsdPerLeg: '3167.616666666666666667',
      notionalUsd: '9501.15',
    });
  });

  test('is the same whichever of the two instruments changed', () => {
    expect(found(bybit, okx)).toEqual([candidate]);
  });

  test('reaches the caller through the registry, and only when it is switched on', () => {
    const [strategy, ...more] = enabledStrategies({ fundingCarry: settings });
    const [changed, partner] = [listed(okx), listed(bybit)];
    expect(more).toEqual([]);
    expect(strategy?.name).toBe('funding-carry');
    const market = marketOf(changed, partner);
    expect(strategy?.discover(market, changed, toMs(NOW_MS), nothingTold)).toEqual([candidate]);
    expect(enabledStrategies({})).toEqual([]);
  });
});

describe('eight hours against one hour', () => {
  test('the hourly leg pays at every settlement until the other is paid', () => {
    // Long pays 2 bps each hour, first in 45 s; short is paid 60 bps at the end of the 4th hour.
    const hourly = { ...okx, fundingRate: 0.0002, fundingHours: 1 };
    const slow = { ...bybit, fundingRate: 0.006, fundingAtMs: SETTLED_AT_MS + 4 * HOUR_MS };
    const [taken] = found(hourly, slow);
    if (taken?.kind !== 'accepted') throw new Error('the pair was not taken');
    // At 8, 9, 10, 11 and 12 o'clock.
    expect(taken.opportunity.legs.map((leg) => leg.fundingBps)).toEqual(['-10', '60']);
    expect(taken.opportunity.legs[0]?.settlementsAtMs).toHaveLength(5);
    expect(taken.plan.leave.pricedUntilAtMs).toBe(SETTLED_AT_MS + 4 * HOUR_MS + 15_000);
  });

  test('the hourly leg that pays us counts once: nobody estimates the hours after', () => {
    const hourly = { ...okx, fundingRate: -0.003, fundingHours: 1 };
    const slow = { ...bybit, fundingRate: 0.0001, fundingAtMs: SETTLED_AT_MS + 4 * HOUR_MS };
    const [taken] = found(hourly, slow);
    if (taken?.kind !== 'refused') throw new Error('the pair was taken');
    // 30 + 1 gross, 21 fees, 2 basis, 4.42 slippage.
    expect(Number(taken.refusal.found)).toBeLessThan(5);
  });
});

test('a dearer long leg uses up more than the basis buffer when the gap is wider', () => {
  const dear = {
    ...okx,
    bids: [[50_047.5, 500]] as const,
    asks: [[50_052.5, 500]] as const,
  };
  const [taken] = found(dear, bybit, { ...settings, notionalUsd: toUsd('5000') });
  if (taken?.kind !== 'accepted') throw new Error('the pair was not taken');
  expect(taken.opportunity.edge.basisBufferBps).toBe('10');
});

describe('what was told a moment ago', () => {
  /** Any look at a book fails. */
  const closed = (listing: Listing): InstrumentView => ({
    ...listed(listing),
    get book(): never {
      throw new Error('a book was read');
    },
  });

  test('is left alone before any book is read', () => {
    const [changed, partner] = [closed(okx), closed(bybit)];
    const market = marketOf(changed, partner);
    const asked: string[] = [];
    const isTold = (key: string): boolean => {
      asked.push(key);
      return true;
    };
    expect(discovery(settings)(market, changed, toMs(NOW_MS), isTold)).toEqual([]);
    expect(asked).toEqual(['BTC okx>bybit']);
    expect(() => discovery(settings)(market, changed, toMs(NOW_MS), nothingTold)).toThrow(
      'a book was read',
    );
  });

  test('does not hide another pair of the same instrument', () => {
    const changed = listed(okx);
    const market = marketOf(changed, listed(bybit), listed({ ...bybit, venue: 'binanceusdm' }));
    const isTold = (key: string): boolean => key === 'BTC okx>bybit';
    const found = discovery(settings)(market, changed, toMs(NOW_MS), isTold);
    expect(found).toMatchObject([{ opportunity: { key: 'BTC okx>binanceusdm' } }]);
  });

  test('is not even asked for where the funding is under the floor', () => {
    const poor = [
      listed({ ...okx, fundingRate: 0 }),
      listed({ ...bybit, fundingRate: 0 }),
    ] as const;
    const isTold = (key: string): never => {
      throw new Error(`${key} was asked for`);
    };
    expect(discovery(settings)(marketOf(...poor), poor[0], toMs(NOW_MS), isTold)).toEqual([]);
  });
});
