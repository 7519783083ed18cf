// The generated market in process, for virtual time.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toInstrumentId, toMs, toVenueId } from '../../src/domain/index.ts';
import type { FeedNotice, MarketEvent } from '../../src/domain/index.ts';
import type { Clock, Feed } from '../../src/ports/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { World, worldFeeds } from '../../src/sandbox/index.ts';

interface Run {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly feeds: readonly Feed[];
  readonly events: string[];
  readonly notices: FeedNotice[];
}

/** Feeds with a sink that copies what it is told, as their contract asks. */
function started(seed: number): Run {
  const world = new World({ seed, pace: 'coarse' });
  const clock = new VirtualClock(world.startAtMs);
  const feeds = worldFeeds({ world, clock });
  const events: string[] = [];
  const notices: FeedNotice[] = [];
  for (const feed of feeds) {
    feed.start({
      market: (event, receivedAtMs) => events.push(JSON.stringify([receivedAtMs, event])),
      notice: (notice) => notices.push(notice),
    });
  }
  return { world, clock, feeds, events, notices };
}

const parsed = (events: readonly string[]): readonly (readonly [number, MarketEvent])[] =>
  events.map((text) => JSON.parse(text));

const digest = (events: readonly string[]): string =>
  createHash('sha256').update(events.join('\n')).digest('hex');

describe('the world as feeds', () => {
  test('says the same for the same seed and something else for another', () => {
    const runs = [7, 7, 8].map((seed) => {
      const run = started(seed);
      run.clock.advanceTo(toMs(run.world.startAtMs + 60_000));
      return digest(run.events);
    });
    expect(runs[0]).toBe(runs[1]);
    expect(runs[0]).not.toBe(runs[2]);
  });

  test('lists every instrument once, before anything else about it', () => {
    const { world, clock, events, notices } = started(7);
    clock.advanceTo(toMs(world.startAtMs + 1000));
    expect(notices.map((notice) => notice.type)).toEqual(
      Array.from({ length: 3 }, () => ['feed.connected', 'feed.clock']).flat(),
    );
    const listed = new Set<string>();
    for (const [, event] of parsed(events)) {
      if (event.type === 'instrument.listed') {
        expect(listed.has(event.instrument.instrumentId)).toBe(false);
        listed.add(event.instrument.instrumentId);
      } else expect(listed.has(event.instrumentId)).toBe(true);
    }
    expect(listed.size).toBe(15);
  });

  test('brings a whole book of every instrument every 250 ms', () => {
    const { world, clock, events } = started(7);
    clock.advanceTo(toMs(world.startAtMs + 10_000));
    const books = parsed(events).filter(([, event]) => event.type === 'book.snapshot');
    expect(books).toHaveLength(15 * 41);
    for (const [receivedAtMs, event] of books) {
      if (event.type !== 'book.snapshot') continue;
      expect(event.eventAtMs).toBe(receivedAtMs);
      expect(event.bids).toHaveLength(20);
      expect(event.bids[0]).toBeLessThan(event.asks[0] ?? 0);
    }
  });

  test('schedules one clock task per tick for all venues together', () => {
    const world = new World({ seed: 7, pace: 'coarse' });
    const clock = new VirtualClock(world.startAtMs);
    let scheduledCount = 0;
    const counted: Clock = {
      nowMs: () => clock.nowMs(),
      schedule: (atMs, task) => {
        scheduledCount += 1;
        return clock.schedule(atMs, task);
      },
    };
    for (const feed of worldFeeds({ world, clock: counted })) {
      feed.start({ market: () => undefined, notice: () => undefined });
    }
    clock.advanceTo(toMs(world.startAtMs + 10_000));
    expect(scheduledCount).toBe(1 + 41);
  });

  test('tells the next settlement at the instant of one', () => {
    const { world, clock, events } = started(7);
    const settlementAtMs = world.startAtMs + 45_000;
    clock.advanceTo(toMs(settlementAtMs));
    const told = parsed(events).filter(
      ([atMs, event]) => atMs === settlementAtMs && event.type === 'funding.updated',
    );
    expect(told).toHaveLength(15);
    for (const [, event] of told) {
      if (event.type !== 'funding.updated') continue;
      const { fundingAtMs, fundingIntervalMs } = event;
      expect(fundingAtMs).toBe(settlementAtMs + (fundingIntervalMs ?? 0));
    }
  });

  test('leaves no clock task behind when all feeds have stopped', async () => {
    const { world, clock, feeds, events } = started(7);
    clock.advanceTo(toMs(world.startAtMs + 1000));
    for (const feed of feeds) await feed.stop();
    const count = events.length;
    expect(clock.nextDueAtMs()).toBeUndefined();
    clock.advanceTo(toMs(world.startAtMs + 5000));
    expect(events).toHaveLength(count);
  });

  test('answers a resync with the next tick and refuses instruments of other venues', () => {
    const { feeds } = started(7);
    const [first] = feeds;
    const own = toInstrumentId(toVenueId('binanceusdm'), 'BTC/USDT:USDT');
    const foreign = toInstrumentId(toVenueId('okx'), 'BTC/USDT:USDT');
    expect(() => first?.resync(own)).not.toThrow();
    expect(() => first?.resync(foreign)).toThrow(/binanceusdm has no instrument okx/);
  });
});
