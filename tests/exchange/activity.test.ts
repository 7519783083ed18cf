// What a venue says when it is asked what it has done since an instant.
import { describe, expect, test } from 'vitest';
import { toMs, toUsd, toVenueId } from '../../src/domain/index.ts';
import { scriptedFaults } from '../../src/exchange/index.ts';
import { ActivityMemory } from '../../src/exchange/activity-memory.ts';
import { ExchangeWorld } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, HOUR_MS, START_AT_MS } from './test-market.ts';

const BOOK = { bids: [[99, 500]], asks: [[100, 500]] } as const;
const buy = { side: 'buy', qty: '2', limitPrice: '100' } as const;

/** What is heard after asking, and nothing else. */
function activitySince(world: ExchangeWorld, sinceStartMs: number): readonly string[] {
  world.heard.length = 0;
  world.exchange.reportActivity(toMs(START_AT_MS + sinceStartMs));
  world.pass(20);
  return world.reports.map(line);
}

function quietWorld(parts: ConstructorParameters<typeof ExchangeWorld>[0] = {}): ExchangeWorld {
  const world = new ExchangeWorld(parts);
  world.book(BTC, BOOK);
  world.mark(BTC, 100);
  return world;
}

describe('the activity of an account', () => {
  test('is nothing but its end when nothing happened', () => {
    expect(activitySince(quietWorld(), 0)).toEqual(['activity reported']);
  });

  test('has fills, payments, liquidations and transfers in order, from the instant on', () => {
    const world = quietWorld({ settings: { depositUsd: toUsd('1000') } });
    world.funding(BTC, { rate: 0.01, atHour: 1, everyHours: 1 });
    world.trade({ ...buy, qty: '45' });
    world.passTo(HOUR_MS + 100);
    world.book(BTC, { bids: [[78, 1000]], asks: [[120, 1000]] });
    world.mark(BTC, 78);
    world.pass(20);
    const fill = 'filled buy 45 at 100 taker fee 2.25';
    const closed = ['liquidated sell 45 at 78 taker fee 1.755', 'insurance 39.005'];
    const later = ['funding -45', ...closed];
    expect(activitySince(world, 0)).toEqual([fill, ...later, 'activity reported']);
    expect(activitySince(world, 10)).toEqual([fill, ...later, 'activity reported']);
    expect(activitySince(world, 11)).toEqual([...later, 'activity reported']);
    expect(activitySince(world, 2 * HOUR_MS)).toEqual(['activity reported']);
  });

  test('repeats each fill as it was told, though the first telling was lost', () => {
    const fault = { kind: 'ack-lost' } as const;
    const item = { label: 'test', armedAfterMs: toMs(0), befalls: 'any-order', fault } as const;
    const world = quietWorld({
      faults: scriptedFaults({ startedAtMs: START_AT_MS, items: [item] }),
    });
    world.trade(buy);
    expect(world.heard).toEqual([]);
    expect(activitySince(world, 0)).toEqual([
      'filled buy 2 at 100 taker fee 0.1',
      'activity reported',
    ]);
    const [told] = world.reports;
    world.heard.length = 0;
    expect(activitySince(world, 0)).toHaveLength(2);
    expect(world.reports[0]).toEqual(told);
  });

  test('is known to a venue that has forgotten the order', () => {
    const world = quietWorld({ settings: { forgetsClosedOrders: true } });
    world.trade(buy);
    world.pass(5 * HOUR_MS);
    expect(activitySince(world, 0)[0]).toBe('filled buy 2 at 100 taker fee 0.1');
  });

  test('cannot be asked before the venue is started', async () => {
    const world = quietWorld();
    await world.exchange.stop();
    expect(() => world.exchange.reportActivity(START_AT_MS)).toThrow('okx is not started');
  });
});

describe('the memory of activity', () => {
  const paid = (atMs: number, count: number) => {
    const memory = new ActivityMemory();
    for (let index = 0; index < count; index += 1) {
      const world = { venueId: toVenueId('okx'), instrumentId: BTC, fundingAtMs: toMs(index) };
      const payment = { ...world, fundingRate: 0, positionQty: 0, markPrice: 0, amountUsd: 0 };
      const report = { type: 'funding.paid', payment } as never;
      memory.remember({ atMs: toMs(index * atMs), report });
    }
    return memory;
  };

  test('keeps the newest twenty thousand, and at most a thousand more', () => {
    const memory = paid(1, 30_500);
    expect(memory.all.length).toBeGreaterThanOrEqual(20_000);
    expect(memory.all.length).toBeLessThan(21_000);
    expect(memory.all.at(-1)?.atMs).toBe(30_499);
    expect(memory.since(toMs(30_490))).toHaveLength(10);
  });

  test('lets go of what is older than a week, a thousand at a time', () => {
    const memory = paid(HOUR_MS, 2_000);
    expect(memory.all.length).toBeLessThan(7 * 24 + 1_000);
    expect(memory.since(toMs(1_999 * HOUR_MS - 7 * 24 * HOUR_MS))).toHaveLength(7 * 24 + 1);
  });
});
