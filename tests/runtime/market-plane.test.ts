// What the market plane makes of a feed: quotes, stream reports, resyncs, and the strategies' turn.
import { describe, expect, test } from 'vitest';
import type { Input, InstrumentId, MarketEvent } from '../../src/domain/index.ts';
import { toMs, toPrice, toQty, toRate, toUsd } from '../../src/domain/index.ts';
import type { Feed, FeedSink } from '../../src/ports/index.ts';
import { Market } from '../../src/market/market.ts';
import { MarketPlane } from '../../src/runtime/market-plane.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { OKX, perpetual, START_AT_MS } from '../machines/carry-plan.ts';

const BTC = perpetual(OKX);

/** Speaks when the test does, and writes down which books it shall bring again. */
class HandFeed implements Feed {
  readonly venueId = OKX;
  readonly resynced: InstrumentId[] = [];
  #sink: FeedSink | undefined;

  start(sink: FeedSink): void {
    this.#sink = sink;
  }

  resync(instrumentId: InstrumentId): void {
    this.resynced.push(instrumentId);
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
  }

  get sink(): FeedSink {
    if (this.#sink === undefined) throw new Error('the feed must have been started');
    return this.#sink;
  }
}

class Stage {
  readonly clock = new VirtualClock(START_AT_MS);
  readonly feed = new HandFeed();
  readonly inputs: Input[] = [];
  readonly seen: string[] = [];
  readonly troubles: string[] = [];
  readonly market = new Market();
  readonly plane = new MarketPlane({
    clock: this.clock,
    market: this.market,
    onTrouble: ({ cause }) => this.troubles.push(cause),
    staleAfterMs: toMs(500),
    accept: (input) => this.inputs.push(input),
    strategies: [
      {
        name: 'watcher',
        discover: (_, { instrument }) => {
          this.seen.push(`discover ${instrument.base}`);
          return [];
        },
        exit: () => undefined,
      },
    ],
  });

  constructor() {
    this.plane.onChange((instrumentId) => this.seen.push(`changed ${instrumentId}`));
    this.feed.start(this.plane.sinkFor(this.feed));
    this.feed.sink.notice({ type: 'feed.connected', venueId: OKX });
    this.tell(LISTED);
  }

  tell(event: MarketEvent): void {
    this.feed.sink.market(event, this.clock.nowMs());
  }

  snapshot(bid: number, ask: number, sequence = 10): void {
    const eventAtMs = this.clock.nowMs();
    const sides = { bids: [bid, 5], asks: [ask, 5] };
    this.tell({ type: 'book.snapshot', instrumentId: BTC, sequence, ...sides, eventAtMs });
  }

  delta(previousSequence: number, sequence: number, bids: readonly number[]): void {
    const ids = { instrumentId: BTC, firstSequence: sequence, sequence, previousSequence };
    this.tell({ type: 'book.delta', ...ids, bids, asks: [], eventAtMs: this.clock.nowMs() });
  }

  wait(forMs: number): void {
    this.clock.advanceTo(toMs(this.clock.nowMs() + forMs));
    this.plane.poll();
  }

  get reports(): readonly string[] {
    return this.inputs.map(({ type }) => type);
  }
}

const LISTED: MarketEvent = {
  type: 'instrument.listed',
  instrument: {
    instrumentId: BTC,
    venueId: OKX,
    venueSymbol: 'BTC-USDT-SWAP',
    kind: 'perpetual',
    base: 'BTC',
    quote: 'USDT',
    tickSize: toPrice('0.1'),
    contractSize: toQty('0.01'),
    qtyStep: toQty('0.01'),
    qtyMin: toQty('0.01'),
    qtyMax: toQty('100'),
    notionalUsdMin: toUsd('5'),
    takerFeeRate: toRate('0.0005'),
    makerFeeRate: toRate('0.0002'),
    isTrading: true,
  },
};

describe('a quote', () => {
  test('is the touch with the age of its book', () => {
    const stage = new Stage();
    stage.snapshot(10000.5, 10000.6);
    stage.wait(70);
    expect(stage.plane.quote(BTC)).toEqual({ bidPrice: '10000.5', askPrice: '10000.6', ageMs: 70 });
  });

  test('is nothing without a book, with half a book, with a crossed one, or after a gap', () => {
    const stage = new Stage();
    expect(stage.plane.quote(perpetual(OKX, 'DOGE'))).toBeNull();
    expect(stage.plane.quote(BTC)).toBeNull();
    stage.snapshot(10001, 10000);
    expect(stage.plane.quote(BTC)).toBeNull();
    stage.snapshot(10000, 10001, 20);
    stage.delta(20, 21, [10000, 0]);
    expect(stage.plane.quote(BTC)).toBeNull();
    stage.delta(25, 26, [10000, 1]);
    expect(stage.plane.quote(BTC)).toBeNull();
  });

  test('is given from a stale book too: exits need one', () => {
    const stage = new Stage();
    stage.snapshot(10000, 10001);
    stage.wait(9000);
    expect(stage.reports).toContain('stream.stale');
    expect(stage.plane.quote(BTC)?.ageMs).toBe(9000);
  });
});

describe('a stream', () => {
  test('is reported as it changes, by data and by time', () => {
    const stage = new Stage();
    stage.snapshot(10000, 10001);
    stage.wait(500);
    expect(stage.reports).toEqual(['stream.connected', 'stream.synced']);
    stage.wait(1);
    stage.delta(10, 11, [9999, 1]);
    expect(stage.reports.slice(2)).toEqual(['stream.stale', 'stream.fresh']);
  });

  test('with a gap is brought again by its feed', () => {
    const stage = new Stage();
    stage.snapshot(10000, 10001);
    stage.delta(12, 13, [9999, 1]);
    expect(stage.reports.at(-1)).toBe('stream.gapped');
    expect(stage.feed.resynced).toEqual([BTC]);
    stage.snapshot(10000, 10001, 30);
    expect(stage.reports.at(-1)).toBe('stream.synced');
  });

  test('with a frame that nobody could read is brought again too', () => {
    const stage = new Stage();
    stage.snapshot(10000, 10001);
    stage.feed.sink.notice({ type: 'feed.refused', venueId: OKX, instrumentId: BTC, cause: 'odd' });
    expect(stage.feed.resynced).toEqual([BTC]);
    expect(stage.reports.at(-1)).toBe('stream.gapped');
  });

  test('is as healthy as its machine says', () => {
    const stage = new Stage();
    stage.snapshot(10000, 10001);
    expect(stage.market.get(BTC)?.isHealthy).toBe(false);
    stage.plane.setHealthy(BTC, true);
    expect(stage.market.get(BTC)?.isHealthy).toBe(true);
  });
});

test('listeners hear of a change before the strategies, and neither of what did not apply', () => {
  const stage = new Stage();
  stage.snapshot(10000, 10001);
  expect(stage.seen).toEqual([`changed ${BTC}`, 'discover BTC']);
  stage.delta(12, 13, [9999, 1]);
  expect(stage.seen).toHaveLength(2);
});

test('what goes wrong with a feed is told also when no stream changes by it', () => {
  const stage = new Stage();
  for (const cause of ['no name', 'no route']) {
    stage.feed.sink.notice({ type: 'feed.disconnected', venueId: OKX, cause });
  }
  stage.feed.sink.notice({ type: 'feed.refused', venueId: OKX, cause: 'odd' });
  expect(stage.troubles).toEqual(['no name', 'no route', 'odd']);
  expect(stage.reports).toEqual([]);
});
