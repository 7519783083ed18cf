// An account that outlives its exchange: the next one, opened on what was kept, is the same venue.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptAccount } from '../../src/exchange/index.ts';
import { toMs, toVenueId } from '../../src/domain/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { ExchangeWorld } from './exchange-world.ts';
import { MemoryAccountLog } from './memory-account-log.ts';
import { newWorld, play, steps } from './random-steps.ts';
import { line } from './report-line.ts';
import { BTC, HOUR_MS, START_AT_MS } from './test-market.ts';

const BOOK = { bids: [[99, 500]], asks: [[100, 500]] } as const;
const buy = { side: 'buy', qty: '2', limitPrice: '100' } as const;
const resting = { side: 'buy', qty: '3', limitPrice: '90', timeInForce: 'GTC' } as const;

type WorldParts = NonNullable<ConstructorParameters<typeof ExchangeWorld>[0]>;

function openWorld(log: MemoryAccountLog, parts: WorldParts = {}): ExchangeWorld {
  const world = new ExchangeWorld({ ...parts, log });
  world.book(BTC, BOOK);
  world.mark(BTC, 100);
  return world;
}

/** The same venue again, after so long, on what its log holds. */
function reopened(old: ExchangeWorld, log: MemoryAccountLog, parts: WorldParts = {}) {
  const next = new MemoryAccountLog(log.lines);
  return { log: next, world: openWorld(next, { ...parts, clock: old.clock }) };
}

describe('an account that was kept', () => {
  test.each([
    ['line by line', Infinity],
    ['from a state now and then', 7],
  ])('is the same in every detail, whatever happened, %s', (_name, restartAfter) => {
    fc.assert(
      fc.property(steps, (script) => {
        const log = new MemoryAccountLog([], restartAfter);
        const world = newWorld(undefined, log);
        play(world, script);
        expect(keptAccount(new MemoryAccountLog(log.lines))).toEqual(world.exchange.state());
      }),
      { numRuns: 60 },
    );
  });

  test('knows the next settlement as soon as the one before it is over', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    world.funding(BTC, { rate: 0.001, atHour: 1, everyHours: 1 });
    world.trade(buy);
    world.clock.advanceTo(toMs(START_AT_MS + HOUR_MS - 1));
    world.funding(BTC, { rate: 0.002, atHour: 2, everyHours: 1 });
    world.pass(1);
    const kept = keptAccount(new MemoryAccountLog(log.lines));
    expect(kept?.expected).toMatchObject([{ fundingAtMs: START_AT_MS + 2 * HOUR_MS }]);
  });

  test('does not change what an exchange says', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const [kept, unkept] = [newWorld(undefined, new MemoryAccountLog()), newWorld()];
        play(kept, script);
        play(unkept, script);
        expect(kept.heard).toEqual(unkept.heard);
      }),
      { numRuns: 30 },
    );
  });

  test('goes on: balance, position, resting order, ids without a repeat', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    world.trade(buy);
    world.trade(resting);
    const before = world.exchange.statement();
    const { world: next } = reopened(world, log);
    expect(next.exchange.statement()).toEqual(before);
    next.book(BTC, { bids: [[88, 500]], asks: [[89, 500]] });
    next.pass(20);
    expect(next.reports.map(line)).toEqual(['filled buy 3 at 90 maker fee 0.054', 'filled with 3']);
    const [fill] = next.fills;
    expect(world.fills.map(({ fillId }) => fillId)).not.toContain(fill?.fillId);
    expect(fill?.fillId).toBe(`okx-${START_AT_MS.toString(36)}-f2`);
  });

  test.each([
    ['still refuses an id that was used', false, 'rejected venue.duplicate-order-id'],
    ['takes an id again where ids are forgotten', true, 'accepted'],
  ])('%s', (_name, forgetsClosedOrders, expected) => {
    const log = new MemoryAccountLog();
    const settings = { forgetsClosedOrders };
    const world = openWorld(log, { settings });
    const order = world.order(buy);
    world.exchange.place(order);
    world.pass(20);
    const { world: next } = reopened(world, log, { settings });
    next.exchange.place(order);
    next.pass(20);
    expect(next.reports.map(line)[0]).toBe(expected);
  });

  test('answers for an order of its life before, and repeats its executions', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    const order = world.order(buy);
    world.exchange.place(order);
    world.pass(20);
    const { world: next } = reopened(world, log);
    next.exchange.query(order);
    next.exchange.reportActivity(START_AT_MS);
    next.pass(20);
    expect(next.reports.map(line)).toEqual([
      'answered filled 1',
      'filled buy 2 at 100 taker fee 0.1',
      'activity reported',
    ]);
  });

  test('tells no run what happened before it, though a clock that was fast dated that later', () => {
    const log = new MemoryAccountLog();
    openWorld(log).trade(buy);
    const clock = new VirtualClock(toMs(START_AT_MS - HOUR_MS));
    const startedAtMs = clock.nowMs();
    const second = new MemoryAccountLog(log.lines);
    openWorld(second, { clock }).trade({ ...buy, side: 'sell', limitPrice: '99', trade: 2 });
    const world = openWorld(new MemoryAccountLog(second.lines), { clock });
    world.exchange.reportActivity(startedAtMs);
    world.pass(20);
    const sold = 'filled sell 2 at 99 taker fee 0.099';
    expect(world.reports.map(line)).toEqual([sold, 'activity reported']);
  });

  test('pays the funding that came due while nobody was there', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    world.funding(BTC, { rate: 0.001, atHour: 1, everyHours: 1 });
    world.trade(buy);
    world.mark(BTC, 100);
    world.exchange.marketChanged(BTC);
    world.clock.advanceTo(toMs(START_AT_MS + HOUR_MS / 2));
    const lines = [...log.lines];
    const clock = world.clock;
    void world.exchange.stop();
    clock.advanceTo(toMs(START_AT_MS + 2 * HOUR_MS));
    const next = new ExchangeWorld({ log: new MemoryAccountLog(lines), clock });
    next.mark(BTC, 100);
    next.pass(20);
    expect(next.reports.map(line)).toEqual(['funding -0.2']);
    next.mark(BTC, 101);
    next.pass(20);
    expect(next.heard).toHaveLength(1);
  });

  test('tells nothing before it is safe, and then in order', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    log.stall();
    const order = world.order(buy);
    world.exchange.place(order);
    world.exchange.query(order);
    world.pass(100);
    expect(world.heard).toEqual([]);
    log.sync();
    expect(world.reports.map(line)).toEqual([
      'accepted',
      'filled buy 2 at 100 taker fee 0.1',
      'filled with 2',
      'answered filled 1',
    ]);
  });

  test('has an order with its fills and its end in one entry: all of it survives, or nothing', () => {
    const log = new MemoryAccountLog();
    const world = openWorld(log);
    const count = log.lines.length;
    world.trade(buy);
    expect(log.lines).toHaveLength(count + 1);
    expect(log.lines.at(-1)).toMatch(/order\.accepted.*order\.filled.*order\.ended/);
  });

  test('keeps what faults do to an order that still rests', () => {
    const log = new MemoryAccountLog();
    const fault = { kind: 'fill-duplicated' } as const;
    const world = openWorld(log, { faults: { faultsFor: () => [fault] } });
    world.trade(resting);
    const { world: next } = reopened(world, log);
    next.book(BTC, { bids: [[88, 500]], asks: [[89, 500]] });
    next.pass(20);
    expect(next.reports.map(line).filter((text) => text.startsWith('filled buy'))).toHaveLength(2);
  });

  test('is only of the venue that it was opened for', () => {
    const log = new MemoryAccountLog();
    expect(() => openWorld(log, { settings: { venueId: toVenueId('bybit') } })).toThrow(
      'the account of okx cannot serve bybit',
    );
  });

  test('can be read at rest', () => {
    const log = new MemoryAccountLog();
    expect(keptAccount(log)).toBeUndefined();
    const world = openWorld(log);
    world.trade(buy);
    const state = keptAccount(new MemoryAccountLog(log.lines));
    expect(state).toMatchObject({ balanceUsd: '9999.9', orderCount: 1, fillCount: 1 });
    expect(state?.lastAtMs).toBe(START_AT_MS + 10);
  });
});
