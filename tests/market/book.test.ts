// A book equals a plain map of levels, whatever updates arrive.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { Book } from '../../src/market/book.ts';
import type { BookSide } from '../../src/market/book-side.ts';
import { BookSide as Side } from '../../src/market/book-side.ts';
import { anyInstrument } from '../venues/recordings.ts';

const { instrumentId } = anyInstrument('okx', 'BTC/USDT:USDT');
const eventAtMs = toMs(1_700_000_000_000);

const levelsOf = (side: BookSide): readonly (readonly [number, number])[] =>
  Array.from({ length: side.count }, (_, depth) => [side.priceAt(depth), side.sizeAt(depth)]);

/** The model: a map, sorted when somebody looks. */
function modelOf(updates: readonly (readonly [number, number])[], side: 'bid' | 'ask') {
  const levels = new Map<number, number>();
  for (const [price, size] of updates) {
    if (size === 0) levels.delete(price);
    else levels.set(price, size);
  }
  const sign = side === 'bid' ? -1 : 1;
  return [...levels].sort(([left], [right]) => sign * (left - right));
}

const updates = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 3 })),
  { maxLength: 300 },
);

describe('a side of a book', () => {
  test.each(['bid', 'ask'] as const)('equals a map of levels after any updates: %s', (name) => {
    fc.assert(
      fc.property(updates, (changes) => {
        const side = new Side(name, 1_000);
        side.apply(changes.flat());
        expect(levelsOf(side)).toEqual(modelOf(changes, name));
      }),
      { numRuns: 200 },
    );
  });

  test.each(['bid', 'ask'] as const)('a snapshot in any order gives the same side: %s', (name) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 })), (prices) => {
        const side = new Side(name, 1_000);
        side.set(7, 7);
        side.load(prices.flatMap((price) => [price, price + 1]));
        const model = modelOf(
          prices.map((price) => [price, price + 1]),
          name,
        );
        expect(levelsOf(side)).toEqual(model);
      }),
    );
  });

  test.each(['bid', 'ask'] as const)(
    'a sorted snapshot with exceptions gives its best levels: %s',
    (name) => {
      const lengths = { minLength: 1, maxLength: 150, size: 'max' } as const;
      const prices = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), lengths);
      const exceptions = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 });
      fc.assert(
        fc.property(prices, exceptions, fc.integer({ min: 1, max: 100 }), (some, swaps, depth) => {
          const sorted = modelOf(
            some.map((price) => [price, 1]),
            'bid',
          ).map(([price]) => price);
          if (name === 'ask') sorted.reverse();
          for (const [left, right] of swaps) {
            const [a, b] = [left % sorted.length, right % sorted.length];
            [sorted[a], sorted[b]] = [sorted[b] ?? 1, sorted[a] ?? 1];
          }
          const levels = sorted.map((price) => [price, price % 50] as const);
          const side = new Side(name, depth);
          for (const round of [1, 2]) {
            side.load(levels.flat());
            expect({ round, levels: levelsOf(side) }).toEqual({
              round,
              levels: modelOf(levels, name).slice(0, depth),
            });
          }
        }),
      );
    },
  );

  test.each(['bid', 'ask'] as const)('keeps the best levels when it is full: %s', (name) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 120 }), (prices) => {
        const side = new Side(name, 10);
        side.apply(prices.flatMap((price) => [price, 1]));
        const model = modelOf(
          prices.map((price) => [price, 1]),
          name,
        );
        expect(levelsOf(side)).toEqual(model.slice(0, 10));
      }),
    );
  });

  test('names no price beyond its depth', () => {
    const side = new Side('bid', 10);
    side.apply([100, 1]);
    expect([side.priceAt(1), side.sizeAt(1), side.priceAt(-1)]).toEqual([NaN, NaN, NaN]);
    side.clear();
    expect(side.priceAt(0)).toBeNaN();
  });
});

describe('a book', () => {
  const load = (bid: number, ask: number) => {
    const book = new Book(10);
    const [bids, asks] = [
      [bid, 1],
      [ask, 1],
    ];
    book.load({ type: 'book.snapshot', instrumentId, sequence: 1, bids, asks, eventAtMs });
    return book;
  };

  test('is crossed when the bid reaches the ask, and not when a side is empty', () => {
    expect(load(100, 101).isCrossed).toBe(false);
    expect(load(101, 101).isCrossed).toBe(true);
    expect(load(102, 101).isCrossed).toBe(true);
    expect(new Book(10).isCrossed).toBe(false);
  });

  test('is believed only after a snapshot', () => {
    const book = load(100, 101);
    expect(book).toMatchObject({ isSynced: true, sequence: 1 });
    book.clear();
    expect(book).toMatchObject({ isSynced: false, sequence: 0 });
    expect(book.bids.count + book.asks.count).toBe(0);
  });
});
