// Markets that nobody would invent, sane and broken: no answer throws, every answer adds up.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HeldPosition } from '../../src/domain/index.ts';
import {
  compare,
  minus,
  toBps,
  toMs,
  toNumber,
  toPrice,
  toQty,
  total,
} from '../../src/domain/index.ts';
import { bestHold } from '../../src/pricing/hold.ts';
import { CarryPairs, fundedLegs } from '../../src/strategies/funding-carry/carry-pair.ts';
import { confirm } from '../../src/strategies/funding-carry/confirm.ts';
import { discovery } from '../../src/strategies/funding-carry/discover.ts';
import { exit } from '../../src/strategies/funding-carry/exit.ts';
import { SCREEN_TOLERANCE_BPS, screenNetBps } from '../../src/strategies/funding-carry/screen.ts';
import { bybit, NOW_MS, okx, settings } from './carry-market.ts';
import type { LevelList, Listing } from './plain-market.ts';
import { listed, marketOf } from './plain-market.ts';

const HOUR_MS = 3_600_000;
const nothingTold = (): boolean => false;
const discover = discovery(settings);
const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 40 })), {
  maxLength: 5,
});

/** Levels that move away from the middle, in the given direction. */
function away(from: number, direction: 1 | -1, moves: readonly (readonly [number, number])[]) {
  let price = from;
  return moves.map(([move, size]): readonly [number, number] => {
    price += (direction * move) / 2;
    return [price, size / 20];
  });
}

const sane = (venue: string): fc.Arbitrary<Listing> =>
  fc
    .record({
      middle: fc.integer({ min: 49_900, max: 50_100 }),
      bids: steps,
      asks: steps,
      rate: fc.integer({ min: -600, max: 600 }),
      inMs: fc.integer({ min: 16_000, max: 7 * HOUR_MS }),
      fundingHours: fc.constantFrom(1, 2, 4, 8),
      takerFeeRate: fc.constantFrom('0.0001', '0.0005', '0.00055'),
      qtyStep: fc.constantFrom('0.001', '0.01', '0.004', '0.006'),
    })
    .map(({ middle, bids, asks, rate, inMs, ...terms }) => ({
      venue,
      bids: away(middle, -1, bids),
      asks: away(middle, 1, asks),
      markPrice: middle,
      fundingRate: rate / 100_000,
      fundingAtMs: NOW_MS + inMs,
      bookAtMs: NOW_MS,
      ...terms,
    }));

const wildNumber = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -1, 1e-9, 1e300));
const wildLevels: fc.Arbitrary<LevelList> = fc.array(fc.tuple(wildNumber, wildNumber), {
  maxLength: 3,
});
const atMost = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });

const wild = (venue: string): fc.Arbitrary<Listing> =>
  fc.record(
    {
      venue: fc.constant(venue),
      bids: wildLevels,
      asks: wildLevels,
      markPrice: wildNumber,
      fundingRate: wildNumber,
      fundingAtMs: atMost(1e13),
      fundingHours: atMost(100),
      bookAtMs: atMost(1e13),
      isHealthy: fc.constant(true),
    },
    { requiredKeys: ['venue', 'bids', 'asks', 'bookAtMs'] },
  );

const anyListing = (venue: string): fc.Arbitrary<Listing> =>
  fc.oneof(
    sane(venue),
    sane(venue),
    wild(venue),
    fc.tuple(sane(venue), wild(venue)).map(([left, right]) => ({ ...left, ...right })),
    fc.tuple(wild(venue), sane(venue)).map(([left, right]) => ({
      ...right,
      bids: left.bids,
      asks: left.asks,
    })),
  );

const position = (one: Listing, other: Listing): HeldPosition => {
  const view = listed(okx);
  const market = marketOf(view, listed(bybit));
  const [found] = discover(market, view, toMs(NOW_MS), nothingTold);
  if (found?.kind !== 'accepted') throw new Error('the standard market was refused');
  const leg = (listing: Listing, side: 'buy' | 'sell') => ({
    instrumentId: listed(listing).instrument.instrumentId,
    side,
    qty: toQty('0.1'),
    entryPrice: toPrice('50000'),
  });
  return {
    tradeId: 't1',
    plan: found.plan,
    openedAtMs: toMs(NOW_MS - 1_000),
    legs: [leg(one, 'buy'), leg(other, 'sell')],
  };
};

test('no market makes a strategy throw, and every answer adds up', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(anyListing('okx'), anyListing('bybit'), atMost(HOUR_MS), (one, other, inMs) => {
      const [changed, partner] = [listed(one), listed(other)];
      const market = marketOf(changed, partner);
      for (const candidate of discover(market, changed, toMs(NOW_MS), nothingTold)) {
        seen[candidate.kind] += 1;
        if (candidate.kind === 'refused') continue;
        const { edge, legs, qty } = candidate.opportunity;
        const costs = total([edge.feesBps, edge.slippageBps, edge.basisBufferBps]);
        expect(edge.netEdgeBps).toBe(minus(edge.grossEdgeBps, costs));
        expect(compare(edge.netEdgeBps, settings.netEdgeBpsMin)).toBeGreaterThanOrEqual(0);
        expect(edge.grossEdgeBps).toBe(total(legs.map((leg) => leg.fundingBps)));
        expect(candidate.plan.legs.map((leg) => leg.qty)).toEqual([qty, qty]);
      }
      const atMs = toMs(NOW_MS + inMs);
      const signal = exit(market, position(one, other), settings, atMs);
      if (signal !== undefined) expect(signal.tradeId).toBe('t1');
    }),
    { numRuns: 400, seed: 11 },
  );
  expect(seen.accepted).toBeGreaterThan(5);
  expect(seen.refused).toBeGreaterThan(20);
});

test('the screen never refuses what the exact figures accept', () => {
  let confirmed = 0;
  fc.assert(
    fc.property(sane('okx'), sane('bybit'), (one, other) => {
      const pair = new CarryPairs().pair(listed(one), listed(other));
      const window = {
        fromAtMs: toMs(NOW_MS),
        toAtMs: toMs(NOW_MS + settings.horizonMs),
        entryMarginMs: settings.settlementMarginMs,
        exitMarginMs: settings.settlementMarginMs,
      };
      const hold = bestHold(fundedLegs(pair), window);
      if (hold === undefined) return;
      const anything = { ...settings, netEdgeBpsMin: toBps('-1000000') };
      const verdict = confirm({ pair, hold, window, settings: anything });
      if (verdict.kind === 'refused') return;
      const screened = screenNetBps(pair, hold.grossBps, settings);
      const exact = toNumber(verdict.opportunity.edge.netEdgeBps);
      // NaN refuses nothing: it leaves the word to the exact figures.
      if (!Number.isNaN(screened)) confirmed += 1;
      expect(screened < exact - SCREEN_TOLERANCE_BPS).toBe(false);
    }),
    { numRuns: 400, seed: 12 },
  );
  expect(confirmed).toBeGreaterThan(30);
});

test('a higher fee never turns a refusal into an opportunity or raises a net edge', () => {
  let taken = 0;
  fc.assert(
    fc.property(sane('okx'), sane('bybit'), (one, other) => {
      const netBps = (takerFeeRate: string): number => {
        const changed = listed({ ...one, takerFeeRate });
        const market = marketOf(changed, listed(other));
        const [found] = discover(market, changed, toMs(NOW_MS), nothingTold);
        return found?.kind === 'accepted' ? toNumber(found.opportunity.edge.netEdgeBps) : -Infinity;
      };
      const cheap = netBps('0.0002');
      if (cheap > 0) taken += 1;
      expect(netBps('0.0006')).toBeLessThanOrEqual(cheap);
    }),
    { numRuns: 300, seed: 13 },
  );
  expect(taken).toBeGreaterThan(5);
});
