// The hot path: a market event is applied to its book, the stream watch and the strategies look,
// and the few things worth deciding on become inputs. Synchronous; no promise, no log line.
import type { FeedNotice, Input, InstrumentId, MarketEvent, Ms } from '../domain/index.ts';
import type { Quote, VenueId } from '../domain/index.ts';
import { toMs, toPrice } from '../domain/index.ts';
import { CrossedBooks } from '../market/crossed-books.ts';
import type { Market } from '../market/market.ts';
import type { Stall } from '../market/stall-watch.ts';
import { StallWatch } from '../market/stall-watch.ts';
import { StreamWatch } from '../market/stream-watch.ts';
import type { Clock, Feed, FeedSink } from '../ports/index.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { OpportunityDesk } from './opportunity-desk.ts';

export interface MarketPlaneParts {
  readonly clock: Clock;
  readonly market: Market;
  readonly strategies: readonly Strategy[];
  readonly staleAfterMs: Ms;
  readonly accept: (input: Input) => void;
  /** The process stood still; every stream has been called stale before this is told. */
  readonly onStall?: (stall: Stall) => void;
  /** Something went wrong with a feed, whether or not a stream changed by it. */
  readonly onTrouble?: (trouble: Extract<FeedNotice, { readonly cause: string }>) => void;
}

export class MarketPlane {
  readonly desk: OpportunityDesk;
  readonly #clock: Clock;
  readonly #market: Market;
  readonly #watch: StreamWatch;
  readonly #crossed = new CrossedBooks();
  readonly #stalls = new StallWatch();
  readonly #onStall: (stall: Stall) => void;
  readonly #onTrouble: NonNullable<MarketPlaneParts['onTrouble']>;
  readonly #feeds = new Map<VenueId, Feed>();
  readonly #listeners: ((instrumentId: InstrumentId) => void)[] = [];

  constructor(parts: MarketPlaneParts) {
    const { clock, market, strategies, staleAfterMs, accept } = parts;
    this.#clock = clock;
    this.#market = market;
    this.#onStall = parts.onStall ?? (() => undefined);
    this.#onTrouble = parts.onTrouble ?? (() => undefined);
    this.desk = new OpportunityDesk({ market, strategies, accept });
    this.#watch = new StreamWatch({ market, staleAfterMs, report: accept });
  }

  /** Told after each event that changed an instrument, before the strategies look. */
  onChange(listener: (instrumentId: InstrumentId) => void): void {
    this.#listeners.push(listener);
  }

  sinkFor(feed: Feed): FeedSink {
    this.#feeds.set(feed.venueId, feed);
    return {
      market: (event, receivedAtMs) => this.#apply(feed, event, receivedAtMs),
      notice: (notice) => this.#notice(feed, notice),
    };
  }

  /** As last judged by the stream's own machine. */
  setHealthy(instrumentId: InstrumentId, isHealthy: boolean): void {
    this.#market.setHealthy(instrumentId, isHealthy);
  }

  /** Ages grow without events: call it every 50 ms or so. */
  poll(): void {
    const atMs = this.#clock.nowMs();
    this.#wake(atMs);
    for (const instrumentId of this.#crossed.overdue(this.#market, atMs)) {
      const venueId = this.#market.get(instrumentId)?.instrument.venueId;
      this.#market.resetBook(instrumentId);
      if (venueId !== undefined) this.#feeds.get(venueId)?.resync(instrumentId);
    }
    this.#watch.poll(atMs);
    this.desk.poll(atMs);
  }

  /** The touch now, or null where there is no book to read one from. */
  quote(instrumentId: InstrumentId): Quote | null {
    this.#wake(this.#clock.nowMs());
    const view = this.#market.get(instrumentId);
    if (view === undefined || !view.book.isSynced || view.book.isCrossed) return null;
    const { bids, asks } = view.book;
    if (bids.count === 0 || asks.count === 0) return null;
    return {
      bidPrice: toPrice(bids.priceAt(0)),
      askPrice: toPrice(asks.priceAt(0)),
      ageMs: toMs(this.#clock.nowMs() - view.bookAtMs),
    };
  }

  /** Whatever wakes the plane after a pause, the books come first. */
  #wake(atMs: Ms): void {
    const stall = this.#stalls.beat(atMs);
    if (stall === undefined) return;
    this.#watch.resumed(atMs);
    this.#onStall(stall);
  }

  #apply(feed: Feed, event: MarketEvent, receivedAtMs: Ms): void {
    this.#wake(receivedAtMs);
    const verdict = this.#market.apply(event, receivedAtMs);
    if (event.type === 'instrument.listed') return;
    if (event.type === 'book.snapshot' || event.type === 'book.delta') {
      this.#watch.observe(event.instrumentId, verdict, receivedAtMs);
      if (verdict.type === 'gap') feed.resync(event.instrumentId);
    }
    if (verdict.type !== 'applied') return;
    for (const listener of this.#listeners) listener(event.instrumentId);
    const view = this.#market.get(event.instrumentId);
    if (view !== undefined) this.desk.changed(view, receivedAtMs);
  }

  #notice(feed: Feed, notice: FeedNotice): void {
    this.#wake(this.#clock.nowMs());
    if ('cause' in notice) this.#onTrouble(notice);
    this.#market.notice(notice);
    this.#watch.notice(notice, this.#clock.nowMs());
    if (notice.type === 'feed.refused' && notice.instrumentId !== undefined) {
      feed.resync(notice.instrumentId);
    }
  }
}
