// Each venue's rule finds what was lost, repeated or overtaken, and a market that hears of it
// never shows a wrong book.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BookDelta, BookSnapshot } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { Continuity, ContinuityRule } from '../../src/market/continuity.ts';
import { BINANCE_SPOT, BINANCE_USDM, BYBIT, OKX } from '../../src/market/continuity.ts';
import { Market } from '../../src/market/market.ts';
import { anyInstrument } from '../venues/recordings.ts';

const eventAtMs = toMs(1_700_000_000_000);
const { instrumentId } = anyInstrument('binance', 'BTC/USDT');
const delta = (firstSequence: number, sequence: number, previousSequence?: number): BookDelta => ({
  type: 'book.delta',
  instrumentId,
  firstSequence,
  sequence,
  ...(previousSequence !== undefined && { previousSequence }),
  bids: [],
  asks: [],
  eventAtMs,
});

type Row = readonly [ContinuityRule, string, number, boolean, BookDelta, Continuity];
const rows: readonly Row[] = [
  [BINANCE_SPOT, 'ends at the snapshot', 10, false, delta(8, 10), 'stale'],
  [BINANCE_SPOT, 'contains the next id', 10, false, delta(9, 12), 'follows'],
  [BINANCE_SPOT, 'starts at the next id', 10, false, delta(11, 12), 'follows'],
  [BINANCE_SPOT, 'starts beyond the next id', 10, false, delta(12, 13), 'gap'],
  [BINANCE_SPOT, 'overlaps a chained book', 10, true, delta(10, 12), 'gap'],
  [BINANCE_SPOT, 'is repeated', 10, true, delta(9, 10), 'stale'],
  [BINANCE_USDM, 'ends before the snapshot', 10, false, delta(5, 9, 4), 'stale'],
  [BINANCE_USDM, 'ends at the snapshot', 10, false, delta(5, 10, 4), 'follows'],
  [BINANCE_USDM, 'contains the snapshot', 10, false, delta(8, 15, 7), 'follows'],
  [BINANCE_USDM, 'names the snapshot before it', 10, false, delta(14, 15, 10), 'follows'],
  [BINANCE_USDM, 'starts beyond the snapshot', 10, false, delta(12, 15, 11), 'gap'],
  [BINANCE_USDM, 'names the one before, though ids jump', 10, true, delta(20, 25, 10), 'follows'],
  [BINANCE_USDM, 'names another', 10, true, delta(11, 25, 11), 'gap'],
  [BINANCE_USDM, 'is repeated', 10, true, delta(8, 10, 7), 'stale'],
  [OKX, 'names the one before', 10, true, delta(15, 15, 10), 'follows'],
  [OKX, 'is a heartbeat', 10, true, delta(10, 10, 10), 'stale'],
  [OKX, 'is repeated', 10, true, delta(10, 10, 8), 'stale'],
  [OKX, 'names another', 10, true, delta(15, 15, 12), 'gap'],
  [OKX, 'starts lower after maintenance', 10, true, delta(3, 3, 10), 'gap'],
  [OKX, 'names none', 10, true, delta(15, 15), 'gap'],
  [BYBIT, 'grows', 10, true, delta(12, 12), 'follows'],
  [BYBIT, 'is repeated', 10, true, delta(10, 10), 'stale'],
  [BYBIT, 'was overtaken', 10, true, delta(9, 9), 'gap'],
];

describe('a delta that', () => {
  for (const [rule, title, sequence, isChained, next, expected] of rows) {
    test(`${title} is judged '${expected}' at ${rule.name}`, () => {
      expect(rule.judge({ sequence, isChained }, next)).toBe(expected);
    });
  }
});

/** A venue's own history: every delta sets one level, so that each prefix is a different book. */
const priced = (venue: string, index: number): BookDelta => ({
  type: 'book.delta',
  instrumentId: anyInstrument(venue, 'BTC/USDT').instrumentId,
  firstSequence: venue === 'binance' ? index * 3 - 2 : index * 3,
  sequence: index * 3,
  ...(venue !== 'binance' && { previousSequence: index * 3 - 3 }),
  bids: [100 + (index % 7), index],
  asks: [200 + (index % 5), index],
  eventAtMs,
});

const snapshotAt = (venue: string, index: number): BookSnapshot => {
  const market = bookAfter(venue, index);
  const side = (view: typeof market.bids) =>
    Array.from({ length: view.count }, (_, at) => [view.priceAt(at), view.sizeAt(at)]).flat();
  return {
    type: 'book.snapshot',
    instrumentId: anyInstrument(venue, 'BTC/USDT').instrumentId,
    sequence: index * 3,
    bids: side(market.bids),
    asks: side(market.asks),
    eventAtMs,
  };
};

function bookAfter(venue: string, index: number) {
  const market = newMarket(venue);
  const id = anyInstrument(venue, 'BTC/USDT').instrumentId;
  const empty = { bids: [], asks: [], eventAtMs };
  market.apply({ type: 'book.snapshot', instrumentId: id, sequence: 0, ...empty }, eventAtMs);
  for (let at = 1; at <= index; at += 1) market.apply(priced(venue, at), eventAtMs);
  const view = market.get(id);
  if (view === undefined) throw new Error('not listed');
  return view.book;
}

function newMarket(venue: string): Market {
  const market = new Market();
  market.apply(
    { type: 'instrument.listed', instrument: anyInstrument(venue, 'BTC/USDT') },
    eventAtMs,
  );
  return market;
}

const same = (left: ReturnType<typeof bookAfter>, right: ReturnType<typeof bookAfter>) =>
  [0, 1, 2].every(
    (depth) =>
      Object.is(left.bids.priceAt(depth), right.bids.priceAt(depth)) &&
      Object.is(left.bids.sizeAt(depth), right.bids.sizeAt(depth)) &&
      Object.is(left.asks.sizeAt(depth), right.asks.sizeAt(depth)),
  );

describe.each(['binance', 'binanceusdm', 'okx'])('%s', (venue) => {
  test('losses, repetitions and reordering end in the right book or in none', () => {
    const delivery = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(delivery, fc.integer({ min: 0, max: 6 }), (indexes, snapshotIndex) => {
        const market = newMarket(venue);
        market.apply(snapshotAt(venue, snapshotIndex), eventAtMs);
        for (const index of indexes) {
          market.apply(priced(venue, index), eventAtMs);
          const book = market.all()[0]?.book;
          if (book?.isSynced !== true) return;
          expect(same(book, bookAfter(venue, book.sequence / 3))).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a delta in the middle that is lost is found at the next one', () => {
    const market = newMarket(venue);
    market.apply(snapshotAt(venue, 1), eventAtMs);
    expect(market.apply(priced(venue, 2), eventAtMs).type).toBe('applied');
    expect(market.apply(priced(venue, 4), eventAtMs).type).toBe('gap');
    expect(market.all()[0]?.book).toMatchObject({ isSynced: false, sequence: 0 });
  });
});

describe('deltas before their snapshot', () => {
  test.each(['binance', 'binanceusdm'])('wait and are replayed: %s', (venue) => {
    const market = newMarket(venue);
    for (const index of [3, 4, 5, 6]) {
      expect(market.apply(priced(venue, index), eventAtMs).type).toBe('buffered');
    }
    expect(market.apply(snapshotAt(venue, 4), eventAtMs).type).toBe('applied');
    const book = market.all()[0]?.book;
    expect(book?.sequence).toBe(18);
    expect(book && same(book, bookAfter(venue, 6))).toBe(true);
  });

  test.each(['binance', 'binanceusdm'])(
    'a snapshot older than they are is refused: %s',
    (venue) => {
      const market = newMarket(venue);
      for (const index of [5, 6]) market.apply(priced(venue, index), eventAtMs);
      expect(market.apply(snapshotAt(venue, 2), eventAtMs).type).toBe('gap');
      expect(market.all()[0]?.book.isSynced).toBe(false);
      expect(market.apply(snapshotAt(venue, 5), eventAtMs).type).toBe('applied');
      expect(market.all()[0]?.book.sequence).toBe(18);
    },
  );

  test('a reply that comes late does not undo newer deltas', () => {
    const market = newMarket('binance');
    market.apply(snapshotAt('binance', 1), eventAtMs);
    market.apply(priced('binance', 2), eventAtMs);
    expect(market.apply(snapshotAt('binance', 1), eventAtMs).type).toBe('stale');
    expect(market.all()[0]?.book.sequence).toBe(6);
  });

  test('are given up when a thousand wait', () => {
    const market = newMarket('binance');
    for (let index = 1; index <= 1_000; index += 1)
      market.apply(priced('binance', index), eventAtMs);
    expect(market.apply(priced('binance', 1_001), eventAtMs)).toEqual({
      type: 'gap',
      cause: '1000 deltas came without a snapshot',
    });
  });

  test('are dropped where the stream brings the snapshot itself', () => {
    const market = newMarket('okx');
    expect(market.apply(priced('okx', 1), eventAtMs).type).toBe('stale');
  });
});

test('a snapshot with the first id of all overwrites a bybit book', () => {
  const market = newMarket('bybit');
  market.apply(snapshotAt('bybit', 5), eventAtMs);
  const { instrumentId: id } = anyInstrument('bybit', 'BTC/USDT');
  const restart = { type: 'book.snapshot' as const, instrumentId: id, sequence: 1, eventAtMs };
  expect(market.apply({ ...restart, bids: [5, 5], asks: [6, 6] }, eventAtMs).type).toBe('applied');
  const book = market.all()[0]?.book;
  expect([book?.sequence, book?.bids.count, book?.bids.priceAt(0)]).toEqual([1, 1, 5]);
});
