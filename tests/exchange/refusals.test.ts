// What the venue refuses for certain, and what it remembers of orders.
import { describe, expect, test } from 'vitest';
import { toQty, toUsd, toVenueId } from '../../src/domain/index.ts';
import { DEEP_BOOK, worldWithBook } from './exchange-world.ts';
import type { OrderChanges } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, instrumentOf } from './test-market.ts';

describe('what the venue refuses for certain', () => {
  const good: OrderChanges = { side: 'buy', qty: '1', limitPrice: '100' };
  test.each<[string, Partial<OrderChanges>]>([
    ['venue.price-tick', { limitPrice: '100.3' }],
    ['venue.price-tick', { limitPrice: '0' }],
    ['venue.qty-min', { qty: '0.05' }],
    ['venue.qty-max', { qty: '1000.1' }],
    ['venue.qty-step', { qty: '1.05' }],
    ['venue.notional-min', { qty: '0.1' }],
    ['venue.insufficient-margin', { qty: '500' }],
  ])('%s', (code, changes) => {
    expect(
      worldWithBook()
        .trade({ ...good, ...changes })
        .map(line),
    ).toEqual([`rejected ${code}`]);
  });

  test('an instrument that it does not trade, and spot', () => {
    const world = worldWithBook();
    const spot = instrumentOf(BTC, { kind: 'spot' });
    world.view(BTC).instrument = spot;
    expect(world.trade(good).map(line)).toEqual(['rejected venue.unknown-instrument']);
  });

  test('entries, not reductions, while the instrument is not trading', () => {
    const world = worldWithBook();
    world.trade(good);
    world.view(BTC).instrument = instrumentOf(BTC, { isTrading: false });
    expect(world.trade(good).map(line)).toEqual(['rejected venue.not-trading']);
    const close = { side: 'sell', qty: '1', limitPrice: '99', reduceOnly: true } as const;
    expect(world.trade(close).map(line)).toContain('filled with 1');
  });

  test('a market that it cannot see: old, not synchronised or crossed', () => {
    const world = worldWithBook();
    const unavailable = ['rejected venue.market-unavailable'];
    world.pass(991);
    expect(world.trade(good).map(line)).toEqual(unavailable);
    world.book(BTC, { bids: [[101, 1]], asks: [[100, 1]] });
    expect(world.trade(good).map(line)).toEqual(unavailable);
    world.book(BTC, DEEP_BOOK);
    world.view(BTC).book.isSynced = false;
    expect(world.trade(good).map(line)).toEqual(unavailable);
    world.view(BTC).book.isSynced = true;
    expect(world.trade(good).map(line)).toContain('filled with 1');
  });

  test('a client order id that it remembers', () => {
    const world = worldWithBook();
    const order = world.order(good);
    world.exchange.place(order);
    world.exchange.place(order);
    world.pass(20);
    expect(world.reports.map(line).at(-1)).toBe('rejected venue.duplicate-order-id');
  });

  test('more than two hundred open orders', () => {
    const world = worldWithBook({ settings: { depositUsd: toUsd('1000000') } });
    const resting = { ...good, limitPrice: '50', timeInForce: 'GTC' } as const;
    for (let count = 0; count <= 200; count += 1) world.exchange.place(world.order(resting));
    world.pass(20);
    const refused = world.reports.map(line).filter((said) => said.startsWith('rejected'));
    expect(refused).toEqual(['rejected venue.open-orders-max']);
  });
});

describe('what the venue remembers', () => {
  const buy = { side: 'buy', qty: '1', limitPrice: '100' } as const;

  test('an order is answered with its fills, one that never was with absence', () => {
    const world = worldWithBook();
    const order = world.order(buy);
    world.exchange.query(order);
    world.exchange.place(order);
    world.exchange.query(order);
    world.pass(20);
    const answers = world
      .about(order.clientOrderId)
      .filter(({ type }) => type === 'order.answered');
    expect(answers.map(line)).toEqual(['answered absent', 'answered filled 1']);
  });

  test('a forgetful venue takes a closed id again and denies it after a minute', () => {
    const world = worldWithBook({ settings: { forgetsClosedOrders: true } });
    const order = world.order(buy);
    world.exchange.place(order);
    world.exchange.place(order);
    world.pass(20);
    expect(world.reports.map(line).slice(3)).toEqual(['accepted', 'expired with 0']);
    world.exchange.query(order);
    world.pass(60_000);
    world.exchange.query(order);
    world.pass(20);
    expect(world.reports.slice(5).map(line)).toEqual(['answered expired 0', 'answered absent']);
  });

  test('a forgetful venue still knows the executions of an order that it denies', () => {
    const world = worldWithBook({ settings: { forgetsClosedOrders: true } });
    const order = world.order(buy);
    world.exchange.place(order);
    world.pass(60_020);
    world.exchange.query(order);
    world.pass(20);
    expect(world.reports.map(line).at(-1)).toBe('answered filled 1');
  });

  test('sizes are base units whatever a contract holds', () => {
    const world = worldWithBook();
    const contractSize = toQty('0.001');
    world.view(BTC).instrument = instrumentOf(BTC, { contractSize, qtyStep: toQty('0.001') });
    world.book(BTC, { bids: [[99, 1]], asks: [[100, 700]] });
    expect(world.trade(buy).map(line)).toContain('filled buy 0.7 at 100 taker fee 0.035');
  });

  test('an order for another venue never leaves', () => {
    const world = worldWithBook();
    const stray = { ...world.order(buy), venueId: toVenueId('bybit') };
    expect(() => world.exchange.place(stray)).toThrow('is for bybit, not okx');
  });

  test('after the stop nothing arrives, nothing is due, and nothing more is taken', async () => {
    const world = worldWithBook();
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    const order = world.order(buy);
    world.exchange.place(order);
    await world.exchange.stop();
    expect(world.clock.nextDueAtMs()).toBeUndefined();
    world.pass(100);
    expect(world.heard).toEqual([]);
    expect(() => world.exchange.place(order)).toThrow('exchange okx is not started');
  });
});
