// Orders against a book: levels, limits, resting, reducing, and what was taken before.
import { describe, expect, test } from 'vitest';
import { DEEP_BOOK, worldWithBook } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC } from './test-market.ts';

describe('an IOC order', () => {
  test('takes level by level up to its limit and lets the rest expire', () => {
    const world = worldWithBook();
    const reports = world.trade({ side: 'buy', qty: '5', limitPrice: '102' });
    expect(reports.map(line)).toEqual([
      'accepted',
      'filled buy 1 at 100 taker fee 0.05',
      'filled buy 2 at 101 taker fee 0.101',
      'expired with 3',
    ]);
  });

  test('meets the book of its arrival, not of its departure', () => {
    const world = worldWithBook();
    const order = world.order({ side: 'buy', qty: '1', limitPrice: '105' });
    world.exchange.place(order);
    world.pass(9);
    world.book(BTC, { bids: [[103, 10]], asks: [[104, 10]] });
    world.pass(11);
    expect(world.heard.map(({ atMs, report }) => `${atMs} ${line(report)}`)).toEqual([
      '20 accepted',
      '20 filled buy 1 at 104 taker fee 0.052',
      '20 filled with 1',
    ]);
  });

  test('finds what it took gone until the level changes', () => {
    const world = worldWithBook();
    const buy = { side: 'buy', qty: '1', limitPrice: '100' } as const;
    expect(world.trade(buy).map(line)).toContain('filled with 1');
    expect(world.trade(buy).map(line)).toEqual(['accepted', 'expired with 0']);
    world.book(BTC, { ...DEEP_BOOK, bids: [] });
    expect(world.trade(buy).map(line)).toEqual(['accepted', 'expired with 0']);
    world.book(BTC, { bids: DEEP_BOOK.bids, asks: [[100, 4]] });
    expect(world.trade(buy).map(line)).toContain('expired with 0.4');
    world.book(BTC, { bids: DEEP_BOOK.bids, asks: [[101, 4]] });
    world.book(BTC, { bids: DEEP_BOOK.bids, asks: [[100, 4]] });
    expect(world.trade(buy).map(line)).toContain('expired with 0.4');
  });

  test('finds what it took still gone after a resync that shows the same level', () => {
    const world = worldWithBook();
    const buy = { side: 'buy', qty: '1', limitPrice: '100' } as const;
    world.trade(buy);
    world.view(BTC).book.isSynced = false;
    world.book(BTC, { bids: [], asks: [] });
    world.view(BTC).book.isSynced = true;
    world.book(BTC, DEEP_BOOK);
    expect(world.trade(buy).map(line)).toEqual(['accepted', 'expired with 0']);
  });
});

describe('a GTC order', () => {
  test('rests with what is left and fills as maker at its own price', () => {
    const world = worldWithBook();
    const order = world.order({ side: 'buy', qty: '2', limitPrice: '100', timeInForce: 'GTC' });
    world.exchange.place(order);
    world.pass(20);
    world.book(BTC, { bids: [[98, 5]], asks: [[99.5, 4]] });
    world.book(BTC, { bids: [[98, 5]], asks: [[99.5, 4]] });
    world.book(BTC, { bids: [[98, 5]], asks: [[100, 20]] });
    world.pass(20);
    expect(world.about(order.clientOrderId).map(line)).toEqual([
      'accepted',
      'filled buy 1 at 100 taker fee 0.05',
      'filled buy 0.4 at 100 maker fee 0.008',
      'filled buy 0.6 at 100 maker fee 0.012',
      'filled with 2',
    ]);
  });

  test('gives way to a better-priced order that came later', () => {
    const world = worldWithBook();
    const low = world.order({ side: 'sell', qty: '1', limitPrice: '105', timeInForce: 'GTC' });
    const better = world.order({ side: 'sell', qty: '1', limitPrice: '104', timeInForce: 'GTC' });
    world.exchange.place(low);
    world.exchange.place(better);
    world.pass(20);
    world.book(BTC, { bids: [[106, 10]], asks: [[107, 1]] });
    world.pass(20);
    expect(world.about(better.clientOrderId).map(line)).toContain('filled with 1');
    expect(world.about(low.clientOrderId).map(line)).toEqual(['accepted']);
  });

  test('ends when cancelled; cancelling what is not open is answered with what is known', () => {
    const world = worldWithBook();
    const order = world.order({ side: 'buy', qty: '2', limitPrice: '100', timeInForce: 'GTC' });
    world.exchange.place(order);
    world.exchange.cancel(order);
    world.exchange.cancel(order);
    const strange = world.order({ side: 'buy', qty: '1', limitPrice: '1' });
    world.exchange.cancel(strange);
    world.pass(20);
    expect(world.about(order.clientOrderId).map(line).slice(2)).toEqual([
      'cancelled with 1',
      'answered cancelled 1',
    ]);
    expect(world.about(strange.clientOrderId).map(line)).toEqual(['answered absent']);
  });
});

describe('a reduce-only order', () => {
  const long = { side: 'buy', qty: '1', limitPrice: '100' } as const;
  const reduce = { side: 'sell', limitPrice: '98', reduceOnly: true } as const;

  test('closes at most the position', () => {
    const world = worldWithBook();
    world.trade(long);
    expect(world.trade({ ...reduce, qty: '3' }).map(line)).toEqual([
      'accepted',
      'filled sell 1 at 99 taker fee 0.0495',
      'expired with 1',
    ]);
    expect(world.exchange.statement().positions).toEqual([]);
  });

  test.each([
    ['without a position', undefined],
    ['on the side that would increase', { ...reduce, side: 'buy', limitPrice: '100' } as const],
  ])('is refused %s', (_name, order) => {
    const world = worldWithBook();
    if (order !== undefined) world.trade(long);
    expect(world.trade({ ...reduce, qty: '1', ...order }).map(line)).toEqual([
      'rejected venue.reduce-only',
    ]);
  });

  test('may be smaller than the minimum notional', () => {
    const world = worldWithBook();
    world.trade(long);
    expect(world.trade({ ...reduce, qty: '0.1' }).map(line)).toContain('filled with 0.1');
  });

  test('is ended by the venue once the position is gone', () => {
    const world = worldWithBook();
    world.trade(long);
    const resting = world.order({
      ...reduce,
      qty: '1',
      limitPrice: '110',
      timeInForce: 'GTC',
    });
    world.exchange.place(resting);
    world.pass(20);
    world.trade({ ...reduce, qty: '1' });
    expect(world.about(resting.clientOrderId).map(line)).toEqual(['accepted', 'cancelled with 0']);
  });
});
