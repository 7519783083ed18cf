// The market plane's memory: every listed instrument with its live book, fed by one event at a
// time. Synchronous and silent: it asks no venue for anything and decides nothing about health;
// verdicts say what happened and the stream watch says what it means.
import type { FeedNotice, Instrument, InstrumentId, MarketEvent, Ms } from '../domain/index.ts';
import type { BookDelta, BookSnapshot, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { ContinuityRule } from './continuity.ts';
import { VENUE_RULES } from './continuity.ts';
import { ListedInstrument } from './listed-instrument.ts';
import type { Verdict } from './verdict.ts';
import { APPLIED, UNLISTED } from './verdict.ts';
import type { InstrumentView, MarketView } from './view.ts';

export interface MarketOptions {
  /** Levels kept per side. */
  readonly depthMax?: number;
  /** Rules by venue, over the built-in ones. */
  readonly rules?: Readonly<Record<string, ContinuityRule>>;
}

/** What became of an instrument's book updates so far. */
export interface StreamCounts {
  readonly appliedCount: number;
  readonly staleCount: number;
  readonly gapCount: number;
}

const DEPTH_MAX = 1_000;

export class Market implements MarketView {
  readonly #instruments = new Map<InstrumentId, ListedInstrument>();
  readonly #inOrder: ListedInstrument[] = [];
  readonly #byBase = new Map<string, ListedInstrument[]>();
  readonly #offsetMs = new Map<VenueId, Ms>();
  readonly #rules: Readonly<Record<string, ContinuityRule>>;
  readonly #depthMax: number;

  constructor(options: MarketOptions = {}) {
    this.#depthMax = options.depthMax ?? DEPTH_MAX;
    this.#rules = { ...VENUE_RULES, ...options.rules };
  }

  get(instrumentId: InstrumentId): InstrumentView | undefined {
    return this.#instruments.get(instrumentId);
  }

  withBase(base: string): readonly InstrumentView[] {
    return this.#byBase.get(base) ?? [];
  }

  all(): readonly InstrumentView[] {
    return this.#inOrder;
  }

  counts(instrumentId: InstrumentId): StreamCounts | undefined {
    return this.#instruments.get(instrumentId)?.syncedBook;
  }

  apply(event: MarketEvent, receivedAtMs: Ms): Verdict {
    if (event.type === 'instrument.listed') return this.#list(event.instrument);
    const listed = this.#instruments.get(event.instrumentId);
    if (listed === undefined) return UNLISTED;
    switch (event.type) {
      case 'book.snapshot':
      case 'book.delta':
        return this.#applyBook(listed, event, receivedAtMs);
      case 'mark.updated':
        listed.markPrice = event.markPrice;
        return APPLIED;
      case 'funding.updated':
        listed.mergeFunding(event);
        return APPLIED;
    }
  }

  /** A lost connection or an unreadable frame empties the books it fed; a clock is kept. */
  notice(notice: FeedNotice): void {
    switch (notice.type) {
      case 'feed.connected':
        return;
      case 'feed.disconnected':
        for (const listed of this.#inOrder) {
          if (listed.instrument.venueId === notice.venueId) listed.resetBook();
        }
        return;
      case 'feed.clock':
        this.setClockOffset(notice.venueId, notice.offsetMs);
        return;
      case 'feed.refused':
        if (notice.instrumentId !== undefined) this.resetBook(notice.instrumentId);
        return;
    }
  }

  /** Venue clock minus ours. */
  setClockOffset(venueId: VenueId, offsetMs: Ms): void {
    this.#offsetMs.set(venueId, offsetMs);
  }

  setHealthy(instrumentId: InstrumentId, isHealthy: boolean): void {
    const listed = this.#instruments.get(instrumentId);
    if (listed !== undefined) listed.isHealthy = isHealthy;
  }

  /** Throw the book away, as after a gap; the caller asks the feed for a snapshot. */
  resetBook(instrumentId: InstrumentId): void {
    this.#instruments.get(instrumentId)?.resetBook();
  }

  /** Listed again, an instrument keeps its place, its book and its funding. */
  #list(instrument: Instrument): Verdict {
    const known = this.#instruments.get(instrument.instrumentId);
    if (known !== undefined) {
      known.instrument = instrument;
      return APPLIED;
    }
    const rule = this.#rules[instrument.venueId];
    if (rule === undefined) {
      throw new RangeError(`no continuity rule for the books of venue ${instrument.venueId}`);
    }
    const listed = new ListedInstrument(instrument, rule, this.#depthMax);
    this.#instruments.set(instrument.instrumentId, listed);
    this.#inOrder.push(listed);
    const sameBase = this.#byBase.get(instrument.base);
    if (sameBase === undefined) this.#byBase.set(instrument.base, [listed]);
    else sameBase.push(listed);
    return APPLIED;
  }

  #applyBook(listed: ListedInstrument, event: BookSnapshot | BookDelta, receivedAtMs: Ms): Verdict {
    const { syncedBook } = listed;
    const isSnapshot = event.type === 'book.snapshot';
    const verdict = isSnapshot ? syncedBook.load(event) : syncedBook.apply(event);
    if (verdict.type === 'gap') listed.loseBook();
    if (verdict.type !== 'applied') return verdict;
    // A venue clock that runs ahead of its measured offset would make data from the future: data is
    // never younger than its arrival.
    const offsetMs = this.#offsetMs.get(listed.instrument.venueId) ?? 0;
    listed.bookAtMs = toMs(Math.min(receivedAtMs, syncedBook.eventAtMs - offsetMs));
    return verdict;
  }
}
