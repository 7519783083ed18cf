// The generated market as feeds in process, for virtual time: no sockets, one clock task per tick
// for all venues, whole books every 250 ms. Events and their level lists are reused from tick to
// tick.
import { toMs, toVenueId } from '../domain/index.ts';
import type { BookSnapshot, InstrumentId, MarketEvent, Ms, VenueId } from '../domain/index.ts';
import type { Clock, Feed, FeedSink, ScheduledTask } from '../ports/index.ts';
import type { World } from './world.ts';
import type { BookSide } from './world-book.ts';
import { SANDBOX_VENUES, toInstrument } from './world-instrument.ts';
import type { SandboxVenue, WorldInstrument } from './world-instrument.ts';

/** Marks and funding move slowly; a settlement is told at once. */
const SLOW_EVERY_MS = 2000;

export interface WorldFeedOptions {
  /** Built with `pace: 'coarse'`; its clock starts when the first feed does. */
  readonly world: World;
  readonly clock: Clock;
}

/** One feed per venue. They share the world: it advances while any of them is started. */
export function worldFeeds(options: WorldFeedOptions): readonly Feed[] {
  const ticker = new WorldTicker(options.world, options.clock);
  return SANDBOX_VENUES.map((venue) => new WorldFeed(venue, options.world, ticker));
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type MarkEvent = Writable<Extract<MarketEvent, { type: 'mark.updated' }>>;
type FundingEvent = Writable<Extract<MarketEvent, { type: 'funding.updated' }>>;

/** Moves the world along the clock and tells the started feeds, in order of venues. */
class WorldTicker {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #feeds = new Set<WorldFeed>();
  #startedAtMs: number | undefined;
  #task: ScheduledTask | undefined;

  constructor(world: World, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  add(feed: WorldFeed): void {
    this.#feeds.add(feed);
    this.#startedAtMs ??= this.#clock.nowMs();
    this.#task ??= this.#clock.schedule(this.#clock.nowMs(), this.#tick);
  }

  remove(feed: WorldFeed): void {
    this.#feeds.delete(feed);
    if (this.#feeds.size > 0) return;
    this.#task?.cancel();
    this.#task = undefined;
  }

  /** Venue clock minus ours. */
  get offsetMs(): Ms {
    return toMs(this.#world.startAtMs - (this.#startedAtMs ?? this.#world.startAtMs));
  }

  readonly #tick = (): void => {
    const nowMs = this.#clock.nowMs();
    this.#world.advanceTo(toMs(nowMs + this.offsetMs));
    const nextAtMs = this.#world.atMs - this.offsetMs + this.#world.stepMs;
    this.#task = this.#clock.schedule(toMs(nextAtMs), this.#tick);
    for (const feed of this.#feeds) feed.emit(nowMs);
  };
}

class WorldFeed implements Feed {
  readonly venueId: VenueId;
  readonly #world: World;
  readonly #ticker: WorldTicker;
  readonly #lines: readonly InstrumentLine[];
  #sink: FeedSink | undefined;
  #hasGreeted = false;

  constructor(venue: SandboxVenue, world: World, ticker: WorldTicker) {
    this.venueId = toVenueId(venue);
    this.#world = world;
    this.#ticker = ticker;
    this.#lines = world.instruments
      .filter((instrument) => instrument.venue === venue)
      .map((instrument) => new InstrumentLine(world, instrument));
  }

  start(sink: FeedSink): void {
    this.#sink = sink;
    this.#hasGreeted = false;
    this.#ticker.add(this);
  }

  /** Every book here is a whole one: the next tick brings it. */
  resync(instrumentId: InstrumentId): void {
    if (this.#lines.some((line) => line.instrumentId === instrumentId)) return;
    throw new RangeError(`${this.venueId} has no instrument ${instrumentId}`);
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    this.#ticker.remove(this);
    return Promise.resolve();
  }

  emit(receivedAtMs: Ms): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (!this.#hasGreeted) this.#greet(sink, receivedAtMs);
    const isSlowDue = this.#world.atMs % SLOW_EVERY_MS < this.#world.stepMs;
    for (const line of this.#lines) {
      sink.market(line.bookEvent(), receivedAtMs);
      if (isSlowDue || line.hasSettled()) line.emitRates(sink, receivedAtMs);
    }
  }

  #greet(sink: FeedSink, receivedAtMs: Ms): void {
    this.#hasGreeted = true;
    const { venueId } = this;
    sink.notice({ type: 'feed.connected', venueId });
    sink.notice({
      type: 'feed.clock',
      venueId,
      offsetMs: this.#ticker.offsetMs,
      doubtMs: toMs(0),
    });
    for (const line of this.#lines) {
      sink.market({ type: 'instrument.listed', instrument: line.listed }, receivedAtMs);
      line.emitRates(sink, receivedAtMs);
    }
  }
}

/** One instrument's events, each an object that is filled anew. */
class InstrumentLine {
  readonly listed;
  readonly #world: World;
  readonly #instrument: WorldInstrument;
  readonly #bids: number[];
  readonly #asks: number[];
  readonly #book: Writable<BookSnapshot>;
  readonly #mark: MarkEvent;
  readonly #funding: FundingEvent;
  readonly #priceUnits: number;
  readonly #sizeUnits: number;
  #fundingAtMs = -Infinity;

  constructor(world: World, instrument: WorldInstrument) {
    this.#world = world;
    this.#instrument = instrument;
    this.listed = toInstrument(instrument);
    const { instrumentId } = this.listed;
    const eventAtMs = world.atMs;
    const count = world.book(instrument).bids.ticks.length * 2;
    const flat = (): number[] => Array.from({ length: count }, () => 0.5);
    this.#bids = flat();
    this.#asks = flat();
    this.#priceUnits = 10 ** instrument.priceDecimals;
    this.#sizeUnits = 10 ** instrument.sizeDecimals;
    const [bids, asks] = [this.#bids, this.#asks];
    this.#book = { type: 'book.snapshot', instrumentId, sequence: 0, bids, asks, eventAtMs };
    this.#mark = { type: 'mark.updated', instrumentId, markPrice: 0, eventAtMs };
    this.#funding = { type: 'funding.updated', instrumentId, eventAtMs };
  }

  get instrumentId(): InstrumentId {
    return this.listed.instrumentId;
  }

  bookEvent(): BookSnapshot {
    const book = this.#world.book(this.#instrument);
    this.#flatten(book.bids, this.#bids);
    this.#flatten(book.asks, this.#asks);
    this.#book.sequence = this.#world.updateCount(this.#instrument);
    this.#book.eventAtMs = this.#world.bookAtMs(this.#instrument);
    return this.#book;
  }

  /** The settlement that was told last has passed. */
  hasSettled(): boolean {
    return this.#world.atMs >= this.#fundingAtMs;
  }

  emitRates(sink: FeedSink, receivedAtMs: Ms): void {
    const mark = this.#mark;
    mark.markPrice = roundTo(this.#world.markPrice(this.#instrument), this.#priceUnits * 10);
    mark.eventAtMs = this.#world.atMs;
    sink.market(mark, receivedAtMs);
    const told = this.#funding;
    const now = this.#world.funding(this.#instrument);
    told.fundingRate = now.fundingRate;
    told.fundingAtMs = now.fundingAtMs;
    told.fundingIntervalMs = now.fundingIntervalMs;
    told.eventAtMs = this.#world.atMs;
    this.#fundingAtMs = now.fundingAtMs;
    sink.market(told, receivedAtMs);
  }

  #flatten(side: BookSide, flat: number[]): void {
    const { ticks, lots } = side;
    for (let depth = 0; depth < ticks.length; depth += 1) {
      flat[2 * depth] = (ticks[depth] ?? 0) / this.#priceUnits;
      flat[2 * depth + 1] = (lots[depth] ?? 0) / this.#sizeUnits;
    }
  }
}

const roundTo = (value: number, units: number): number => Math.round(value * units) / units;
