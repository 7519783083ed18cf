// A book that stays crossed is named once a second, an instant of crossing is forgiven.
import { describe, expect, test } from 'vitest';
import { toMs, toVenueId } from '../../src/domain/index.ts';
import { CrossedBooks } from '../../src/market/crossed-books.ts';
import { Market } from '../../src/market/market.ts';
import { SANDBOX_VENUES, World, toInstrument } from '../../src/sandbox/index.ts';

const [listed] = new World({ seed: 1 }).instruments.filter(
  ({ venue }) => venue === SANDBOX_VENUES[0],
);
if (listed === undefined) throw new Error('the world must list an instrument');
const instrument = toInstrument(listed);
const { instrumentId } = instrument;

function marketWith(bid: number, ask: number): Market {
  const market = new Market();
  market.apply({ type: 'instrument.listed', instrument }, toMs(0));
  const event = { type: 'book.snapshot', instrumentId, sequence: 1, eventAtMs: toMs(0) } as const;
  market.apply({ ...event, bids: [bid, 1], asks: [ask, 1] }, toMs(0));
  return market;
}

describe('crossed books', () => {
  test('a book crossed for a second is named, and again only after another', () => {
    const books = new CrossedBooks();
    const market = marketWith(101, 100);
    const named = [0, 500, 999, 1_000, 1_001, 2_000, 2_001].map((atMs) =>
      books.overdue(market, toMs(atMs)),
    );
    expect(named).toEqual([[], [], [], [instrumentId], [], [], [instrumentId]]);
  });

  test('a book that uncrosses in between starts from nothing', () => {
    const books = new CrossedBooks();
    expect(books.overdue(marketWith(101, 100), toMs(0))).toEqual([]);
    expect(books.overdue(marketWith(99, 100), toMs(900))).toEqual([]);
    expect(books.overdue(marketWith(101, 100), toMs(1_500))).toEqual([]);
  });

  test('a book without crossing is never named', () => {
    const books = new CrossedBooks();
    const market = marketWith(99, 100);
    expect([0, 5_000].map((atMs) => books.overdue(market, toMs(atMs)))).toEqual([[], []]);
    expect(market.get(instrumentId)?.instrument.venueId).toBe(toVenueId('binanceusdm'));
  });
});
