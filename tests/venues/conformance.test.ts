// One suite of promises for everything that plugs in as a Feed: the three venue feeds against the
// sandbox's servers over sockets, and the generated market in process. A new feed is held to them
// by one more line in `stages`.
import { afterEach, describe, expect, test } from 'vitest';
import type { FeedNotice, InstrumentId, MarketEvent, Ms } from '../../src/domain/index.ts';
import { toInstrumentId, toMs, toVenueId } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import type { Clock, Feed, FeedSink } from '../../src/ports/index.ts';
import { realClock } from '../../src/runtime/real-clock.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { startSandbox, World, worldFeeds } from '../../src/sandbox/index.ts';
import type { SandboxVenue } from '../../src/sandbox/index.ts';
import { binanceusdmFeed } from '../../src/venues/binanceusdm/binanceusdm-feed.ts';
import { bybitFeed } from '../../src/venues/bybit/bybit-feed.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import type { VenueFeedOptions } from '../../src/venues/venue-feed.ts';

interface FeedStage {
  readonly feed: Feed;
  readonly nowMs: () => Ms;
  /** Lets so much of the feed's time pass. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
const PATIENCE_MS = 8_000;
const STRIDE_MS = 50;

const overSockets =
  (venue: SandboxVenue, feedOf: (options: VenueFeedOptions) => Feed) =>
  async (): Promise<FeedStage> => {
    const sandbox = await startSandbox({ seed: 7 });
    const clock: Clock = realClock(sandbox.nowMs());
    const { rest: restUrl, ws: wsUrl } = sandbox.venues[venue];
    return {
      feed: feedOf({ restUrl, wsUrl, symbols: SYMBOLS, clock }),
      nowMs: () => clock.nowMs(),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      close: () => sandbox.stop(),
    };
  };

const inProcess = (venue: SandboxVenue) => (): Promise<FeedStage> => {
  const world = new World({ seed: 7, pace: 'coarse' });
  const clock = new VirtualClock(world.startAtMs);
  const feed = worldFeeds({ world, clock }).find(({ venueId }) => venueId === venue);
  if (feed === undefined) throw new Error(`the world must have a feed of ${venue}`);
  return Promise.resolve({
    feed,
    nowMs: () => clock.nowMs(),
    pass: (ms) => {
      clock.advanceTo(toMs(clock.nowMs() + ms));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
};

const stages = [
  ['binanceusdm over sockets', overSockets('binanceusdm', binanceusdmFeed)],
  ['bybit over sockets', overSockets('bybit', bybitFeed)],
  ['okx over sockets', overSockets('okx', okxFeed)],
  ['the generated market in process', inProcess('okx')],
] as const;

/** Keeps copies, as the port asks, and a book of its own made from what came. */
class Listener implements FeedSink {
  readonly events: { readonly event: MarketEvent; readonly receivedAtMs: Ms }[] = [];
  readonly notices: FeedNotice[] = [];
  readonly gaps: string[] = [];
  readonly books = new Market();

  market(event: MarketEvent, receivedAtMs: Ms): void {
    this.events.push({ event: structuredClone(event), receivedAtMs });
    const verdict = this.books.apply(event, receivedAtMs);
    if (verdict.type === 'gap') this.gaps.push(verdict.cause);
    if (verdict.type === 'unlisted') this.gaps.push(`${event.type} of what was never listed`);
  }

  notice(notice: FeedNotice): void {
    this.notices.push(notice);
    this.books.notice(notice);
  }

  snapshotCount(instrumentId: InstrumentId): number {
    return this.events.filter(
      ({ event }) => event.type === 'book.snapshot' && event.instrumentId === instrumentId,
    ).length;
  }

  isWhole(): boolean {
    const views = this.books.all();
    return (
      views.length >= SYMBOLS.length &&
      views.every(({ book, funding, markPrice }) => book.isSynced && funding && markPrice > 0)
    );
  }
}

const open: { readonly feed: Feed; readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { feed, close } of open.splice(0)) {
    await feed.stop();
    await close();
  }
});

async function listening(stageOf: () => Promise<FeedStage>) {
  const stage = await stageOf();
  open.push(stage);
  const heard = new Listener();
  stage.feed.start(heard);
  const until = async (claim: () => boolean): Promise<void> => {
    for (let ms = 0; ms < PATIENCE_MS && !claim(); ms += STRIDE_MS) await stage.pass(STRIDE_MS);
    if (!claim()) throw new Error(`not so after ${PATIENCE_MS} ms: ${String(claim)}`);
  };
  await until(() => heard.isWhole());
  return { ...stage, heard, until };
}

describe.each(stages)('%s', (_, stageOf) => {
  test('lists an instrument before anything else is said of it', async () => {
    const { feed, heard } = await listening(stageOf);
    const listed = new Set<InstrumentId>();
    for (const { event } of heard.events) {
      if (event.type === 'instrument.listed') {
        expect(event.instrument.venueId).toBe(feed.venueId);
        listed.add(event.instrument.instrumentId);
      } else expect(listed).toContain(event.instrumentId);
    }
    for (const symbol of SYMBOLS) {
      expect(listed).toContain(toInstrumentId(toVenueId(feed.venueId), symbol));
    }
  });

  test('says that it is connected, and how far the venue is from our clock', async () => {
    const { heard } = await listening(stageOf);
    const types = heard.notices.map(({ type }) => type);
    expect(types).toContain('feed.connected');
    const clock = heard.notices.find((notice) => notice.type === 'feed.clock');
    expect(clock?.type === 'feed.clock' && Math.abs(clock.offsetMs) - clock.doubtMs < 50).toBe(
      true,
    );
  });

  test('its books become whole and stay so: no gap, in order, never crossed', async () => {
    const { heard, pass } = await listening(stageOf);
    await pass(600);
    expect(heard.gaps).toEqual([]);
    expect(heard.notices.filter(({ type }) => type === 'feed.refused')).toEqual([]);
    const sequences = new Map<InstrumentId, number>();
    let lastMs = 0;
    for (const { event, receivedAtMs } of heard.events) {
      expect(receivedAtMs).toBeGreaterThanOrEqual(lastMs);
      lastMs = receivedAtMs;
      if (event.type !== 'book.delta') continue;
      expect(event.sequence).toBeGreaterThan(sequences.get(event.instrumentId) ?? 0);
      sequences.set(event.instrumentId, event.sequence);
    }
    for (const { book } of heard.books.all()) {
      expect(book.isSynced && !book.isCrossed).toBe(true);
    }
  });

  test('brings a fresh snapshot when asked, and the book goes on from it', async () => {
    const { feed, heard, until, pass } = await listening(stageOf);
    const instrumentId = toInstrumentId(feed.venueId, 'BTC/USDT:USDT');
    const before = heard.snapshotCount(instrumentId);
    heard.books.resetBook(instrumentId);
    expect(heard.isWhole()).toBe(false);
    feed.resync(instrumentId);
    await until(() => heard.snapshotCount(instrumentId) > before && heard.isWhole());
    await pass(300);
    expect(heard.gaps).toEqual([]);
  });

  test('refuses to resync what it does not carry', async () => {
    const { feed } = await listening(stageOf);
    const strange = toInstrumentId(feed.venueId, 'NOPE/USDT:USDT');
    expect(() => feed.resync(strange)).toThrow(RangeError);
  });

  test('says nothing any more once it has stopped', async () => {
    const { feed, heard, pass } = await listening(stageOf);
    const stopping = feed.stop();
    const [events, notices] = [heard.events.length, heard.notices.length];
    await stopping;
    await pass(400);
    expect([heard.events.length, heard.notices.length]).toEqual([events, notices]);
  });
});

/** Every fifth update of a book is lost on the way. */
const losing = (feed: Feed): Feed => ({
  venueId: feed.venueId,
  start: (sink) => {
    let deltaCount = 0;
    feed.start({
      notice: (notice) => sink.notice(notice),
      market: (event, receivedAtMs) => {
        if (event.type === 'book.delta') deltaCount += 1;
        const isLost = event.type === 'book.delta' && deltaCount % 5 === 0;
        if (!isLost) sink.market(event, receivedAtMs);
      },
    });
  },
  resync: (instrumentId) => feed.resync(instrumentId),
  stop: () => feed.stop(),
});

test('a feed that loses updates is caught', async () => {
  const { heard, until } = await listening(async () => {
    const stage = await overSockets('okx', okxFeed)();
    return { ...stage, feed: losing(stage.feed) };
  });
  await until(() => heard.gaps.length > 0);
  expect(heard.gaps[0]).toContain('sequence gap');
});
