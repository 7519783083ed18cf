// Watches the condition of every instrument's stream and reports what changed: connected, synced,
// fresh, crossed, the venue's clock. Only book data makes a stream fresh: heartbeats, mark prices
// and funding do not count, and one frozen symbol goes stale alone. Gates nothing itself.
import type { FeedNotice, InstrumentId, Ms, StreamReport, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Verdict } from './verdict.ts';
import type { InstrumentView, MarketView } from './view.ts';

export interface StreamWatchOptions {
  readonly market: MarketView;
  readonly staleAfterMs: Ms;
  readonly report: (report: StreamReport) => void;
}

interface VenueClock {
  readonly offsetMs: Ms;
  readonly doubtMs: Ms;
}

interface VenueCondition {
  isConnected: boolean;
  clock: VenueClock | undefined;
}

/** What was reported last, beside what is so now. */
interface Stream {
  readonly view: InstrumentView;
  readonly venue: VenueCondition;
  isConnected: boolean;
  isSynced: boolean;
  isFresh: boolean;
  isCrossed: boolean;
  clock: VenueClock | undefined;
}

/** Smaller changes of a venue's clock are measurement noise. */
const CLOCK_STEP_MS = 10;

export class StreamWatch {
  readonly #market: MarketView;
  readonly #staleAfterMs: Ms;
  readonly #report: (report: StreamReport) => void;
  readonly #venues = new Map<VenueId, VenueCondition>();
  /** In order of listing, as the market has them. */
  readonly #streams: Stream[] = [];
  readonly #byInstrument = new Map<InstrumentId, Stream>();
  /** Books of before the last pause of the process are stale, whatever their age. */
  #resumedAtMs = toMs(-1);

  constructor({ market, staleAfterMs, report }: StreamWatchOptions) {
    this.#market = market;
    this.#staleAfterMs = staleAfterMs;
    this.#report = report;
  }

  /** Call it after the market heard the notice. */
  notice(notice: FeedNotice, atMs: Ms): void {
    const venue = this.#venueOf(notice.venueId);
    switch (notice.type) {
      case 'feed.connected':
        venue.isConnected = true;
        break;
      case 'feed.disconnected':
        venue.isConnected = false;
        break;
      case 'feed.clock':
        if (!isNear(venue.clock, notice)) {
          venue.clock = { offsetMs: notice.offsetMs, doubtMs: notice.doubtMs };
        }
        break;
      case 'feed.refused':
        break;
    }
    const cause = 'cause' in notice ? notice.cause : 'the book was thrown away';
    this.#followListings();
    for (const stream of this.#streams) {
      if (stream.venue === venue) this.#check(stream, atMs, cause);
    }
  }

  /** Call it with the verdict of each book event. */
  observe(instrumentId: InstrumentId, verdict: Verdict, atMs: Ms): void {
    if (verdict.type !== 'applied' && verdict.type !== 'gap') return;
    this.#followListings();
    const stream = this.#byInstrument.get(instrumentId);
    if (stream === undefined) return;
    const cause = verdict.type === 'gap' ? verdict.cause : 'the book was thrown away';
    this.#check(stream, atMs, cause);
  }

  /** The process stood still until now: only data that is newer makes a stream fresh again. */
  resumed(atMs: Ms): void {
    this.#resumedAtMs = atMs;
    this.poll(atMs);
  }

  /** Call it every 50 ms or so: age grows without events. */
  poll(atMs: Ms): void {
    this.#followListings();
    for (const stream of this.#streams) this.#check(stream, atMs, 'the book was thrown away');
  }

  #check(stream: Stream, atMs: Ms, cause: string): void {
    const { view, venue } = stream;
    const { instrumentId, venueId } = view.instrument;
    if (stream.isConnected !== venue.isConnected) {
      stream.isConnected = venue.isConnected;
      stream.isSynced = false;
      if (venue.isConnected) this.#report({ type: 'stream.connected', instrumentId, venueId });
      else this.#report({ type: 'stream.disconnected', instrumentId, venueId, cause });
    }
    if (venue.clock !== undefined && stream.clock !== venue.clock) {
      stream.clock = venue.clock;
      this.#report({ type: 'stream.clock', instrumentId, venueId, ...venue.clock });
    }
    if (stream.isConnected) this.#checkBook(stream, atMs, cause);
  }

  #checkBook(stream: Stream, atMs: Ms, cause: string): void {
    const { book, bookAtMs, instrument } = stream.view;
    const { instrumentId, venueId } = instrument;
    if (stream.isSynced !== book.isSynced) {
      stream.isSynced = book.isSynced;
      stream.isFresh = true;
      stream.isCrossed = false;
      if (!book.isSynced) this.#report({ type: 'stream.gapped', instrumentId, venueId, cause });
      else this.#report({ type: 'stream.synced', instrumentId, venueId });
    }
    if (!book.isSynced) return;
    const { isCrossed } = book;
    if (stream.isCrossed !== isCrossed) {
      stream.isCrossed = isCrossed;
      const type = isCrossed ? 'stream.crossed' : 'stream.uncrossed';
      this.#report({ type, instrumentId, venueId });
    }
    const age = atMs - bookAtMs;
    const isFresh = age <= this.#staleAfterMs && bookAtMs > this.#resumedAtMs;
    if (stream.isFresh === isFresh) return;
    stream.isFresh = isFresh;
    if (isFresh) this.#report({ type: 'stream.fresh', instrumentId, venueId });
    else this.#report({ type: 'stream.stale', instrumentId, venueId, ageMs: toMs(age) });
  }

  #venueOf(venueId: VenueId): VenueCondition {
    let venue = this.#venues.get(venueId);
    if (venue === undefined) {
      venue = { isConnected: false, clock: undefined };
      this.#venues.set(venueId, venue);
    }
    return venue;
  }

  /** Instruments are never taken off the market's list: new ones come at its end. */
  #followListings(): void {
    const views = this.#market.all();
    if (views.length === this.#streams.length) return;
    for (const view of views.slice(this.#streams.length)) {
      const { instrumentId, venueId } = view.instrument;
      const stream: Stream = {
        view,
        venue: this.#venueOf(venueId),
        isConnected: false,
        isSynced: false,
        isFresh: true,
        isCrossed: false,
        clock: undefined,
      };
      this.#streams.push(stream);
      this.#byInstrument.set(instrumentId, stream);
    }
  }
}

const isNear = (known: VenueClock | undefined, measured: VenueClock): boolean =>
  known !== undefined &&
  Math.abs(known.offsetMs - measured.offsetMs) < CLOCK_STEP_MS &&
  Math.abs(known.doubtMs - measured.doubtMs) < CLOCK_STEP_MS;
