// One venue's market stream as one life of the engine gets it: the true events, less what the
// network loses, holds up, repeats or cuts. It tells the data watch what arrived, and nobody what
// should have.
import type { BookSnapshot, FeedNotice, Instrument, InstrumentId } from '../domain/index.ts';
import type { MarketEvent, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Feed, FeedSink } from '../ports/index.ts';
import type { DataWatch } from './data-watch.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { FeedTrouble } from './feed-trouble.ts';
import type { LifeClock } from './life-clock.ts';
import type { TrueMarket } from './true-market.ts';

export interface FeedLineParts {
  readonly venueId: VenueId;
  readonly truth: TrueMarket;
  readonly clock: LifeClock;
  readonly worldClock: { nowMs(): number };
  readonly desk: FaultDesk;
  readonly trouble: FeedTrouble;
  readonly watch: DataWatch;
}

const CONNECT_MS = 60;
const CLOCK_EVERY_MS = 30_000;
/** Two and a half times as fast as a venue sends. */
const DRAIN_EVERY_MS = 20;
const CLOCK_DOUBT_MS = toMs(10);

export class FeedLine implements Feed {
  readonly venueId: VenueId;
  readonly #parts: FeedLineParts;
  #sink: FeedSink | undefined;
  #isConnected = false;
  #clockToldAtMs = -Infinity;
  readonly #lastSequence = new Map<InstrumentId, number>();
  /** Books that were lost to the engine; nothing comes until it has asked for a fresh one. */
  readonly #awaited = new Map<InstrumentId, number>();
  readonly #held: (() => void)[] = [];
  #isDraining = false;

  constructor(parts: FeedLineParts) {
    this.venueId = parts.venueId;
    this.#parts = parts;
  }

  start(sink: FeedSink): void {
    this.#sink = sink;
    const nowMs = this.#nowMs();
    for (const { instrumentId } of this.#listed()) {
      this.#parts.watch.begin('away', instrumentId, nowMs);
    }
    this.#later(CONNECT_MS, () => this.connect());
  }

  resync(instrumentId: InstrumentId): void {
    const { desk } = this.#parts;
    const takesMs = 250 + desk.random('feed-gap', `${this.venueId}/resync`).below(600);
    this.#awaited.set(instrumentId, this.#nowMs() + takesMs);
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    return Promise.resolve();
  }

  connect(): void {
    if (this.#isConnected || this.#sink === undefined || this.#parts.trouble.isCut) return;
    this.#isConnected = true;
    this.#awaited.clear();
    // A subscription begins with a whole book: nothing can be missing before it.
    this.#lastSequence.clear();
    const { venueId } = this;
    this.#notice({ type: 'feed.connected', venueId });
    this.#tellClock();
    for (const instrument of this.#listed()) this.#greet(instrument);
  }

  cut(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    const nowMs = this.#nowMs();
    for (const { instrumentId } of this.#listed()) {
      this.#parts.watch.begin('away', instrumentId, nowMs);
    }
    const { venueId } = this;
    this.#notice({ type: 'feed.disconnected', venueId, cause: 'connection lost' });
  }

  /** What was held up arrives in order, as fast as a backlog drains, and what follows waits. */
  release(): void {
    if (this.#isDraining || this.#parts.trouble.isHeld) return;
    this.#held.shift()?.();
    if (this.#held.length === 0) return;
    this.#isDraining = true;
    this.#later(DRAIN_EVERY_MS, () => {
      this.#isDraining = false;
      this.release();
    });
  }

  /** What the venue sends, at the instant of sending. */
  hear(event: MarketEvent): void {
    if (!this.#isConnected || event.type === 'instrument.listed') return;
    const { trouble } = this.#parts;
    if (trouble.isFrozen(event.instrumentId)) return;
    if (this.#nowMs() - this.#clockToldAtMs >= CLOCK_EVERY_MS) this.#tellClock();
    if (event.type === 'book.snapshot') this.#hearBook(event);
    else this.#deliver(event);
  }

  #hearBook(event: BookSnapshot): void {
    const { desk } = this.#parts;
    const { instrumentId } = event;
    const isAnswer = this.#awaited.has(instrumentId);
    if (!this.#hasResynced(instrumentId)) return;
    // A book that was asked for comes: without it nothing would ever be asked for again.
    if (isAnswer) {
      this.#deliver(event);
      return;
    }
    if (desk.strikes('feed-loss', this.venueId, 0.05)) return;
    if (desk.strikes('feed-gap', this.venueId, 0.004)) {
      desk.note('feed-gap', this.#nowMs(), this.venueId);
      this.#breakChain(event);
      return;
    }
    this.#deliver(this.#parts.trouble.isCrossed(instrumentId) ? crossed(event) : event);
    if (desk.strikes('feed-duplicate', this.venueId, 0.2)) this.#deliver(event);
  }

  #hasResynced(instrumentId: InstrumentId): boolean {
    const freshAtMs = this.#awaited.get(instrumentId);
    if (freshAtMs === undefined) return true;
    if (this.#nowMs() < freshAtMs) return false;
    this.#awaited.delete(instrumentId);
    return true;
  }

  /** One delta is missing: the one that arrives does not follow what the engine has. */
  #breakChain({ instrumentId, sequence, eventAtMs }: BookSnapshot): void {
    const last = this.#lastSequence.get(instrumentId);
    if (last === undefined || last < 2) return;
    // Of Bybit's ids only one that goes back proves that something is missing.
    const next = this.venueId === 'bybit' ? last - 1 : sequence + 1;
    const ids = { firstSequence: next, sequence: next, previousSequence: next - 1 };
    this.#awaited.set(instrumentId, Infinity);
    const delta = { type: 'book.delta', instrumentId, bids: [], asks: [], eventAtMs } as const;
    this.#deliver({ ...delta, ...ids });
  }

  #deliver(event: MarketEvent): void {
    const { clock, trouble } = this.#parts;
    if (trouble.isHeld || clock.isStalled || this.#held.length > 0) {
      const kept = copied(event);
      const pass = (): void => clock.run(() => this.#arrive(kept));
      if (trouble.isHeld || this.#held.length > 0) this.#held.push(pass);
      else pass();
    } else clock.run(() => this.#arrive(event));
  }

  #arrive(event: MarketEvent): void {
    const { watch, clock } = this.#parts;
    const nowMs = this.#nowMs();
    if (!this.#isConnected) return;
    if (event.type === 'book.snapshot') {
      const { instrumentId } = event;
      const isCrossed = (event.bids[0] ?? 0) >= (event.asks[0] ?? Infinity);
      watch.book(instrumentId, event.eventAtMs, nowMs);
      if (isCrossed) watch.begin('crossed', instrumentId, nowMs);
      else watch.end('crossed', instrumentId, nowMs);
      this.#lastSequence.set(instrumentId, event.sequence);
    } else if (event.type === 'book.delta') watch.begin('gapped', event.instrumentId, nowMs);
    this.#sink?.market(event, clock.nowMs());
  }

  /** What a venue sends to a new subscriber. */
  #greet(instrument: Instrument): void {
    const { truth } = this.#parts;
    this.#deliver({ type: 'instrument.listed', instrument });
    const view = truth.view.get(instrument.instrumentId);
    if (view === undefined) return;
    const { instrumentId } = instrument;
    const eventAtMs = toMs(this.#nowMs());
    const { markPrice, funding } = view;
    if (Number.isFinite(markPrice)) {
      this.#deliver({ type: 'mark.updated', instrumentId, markPrice, eventAtMs });
    }
    if (funding) this.#deliver({ type: 'funding.updated', instrumentId, ...funding, eventAtMs });
  }

  #tellClock(): void {
    this.#clockToldAtMs = this.#nowMs();
    const { venueId } = this;
    const offsetMs = toMs(this.#parts.clock.behindMs);
    this.#notice({ type: 'feed.clock', venueId, offsetMs, doubtMs: CLOCK_DOUBT_MS });
  }

  #notice(notice: FeedNotice): void {
    this.#parts.clock.run(() => this.#sink?.notice(notice));
  }

  #listed(): readonly Instrument[] {
    return this.#parts.truth.instruments().filter(({ venueId }) => venueId === this.venueId);
  }

  #later(delayMs: number, task: () => void): void {
    const { clock } = this.#parts;
    clock.schedule(toMs(clock.nowMs() + delayMs), task);
  }

  #nowMs(): number {
    return this.#parts.worldClock.nowMs();
  }
}

const copied = (event: MarketEvent): MarketEvent =>
  event.type === 'book.snapshot' || event.type === 'book.delta'
    ? { ...event, bids: [...event.bids], asks: [...event.asks] }
    : { ...event };

/** Both sides of a book changed places: it cannot be true. */
const crossed = (book: BookSnapshot): BookSnapshot => ({
  ...book,
  bids: worstFirst(book.asks),
  asks: worstFirst(book.bids),
});

function worstFirst(levels: readonly number[]): readonly number[] {
  const turned: number[] = [];
  for (let at = levels.length - 2; at >= 0; at -= 2) {
    turned.push(levels[at] ?? 0, levels[at + 1] ?? 0);
  }
  return turned;
}
