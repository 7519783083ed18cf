// The market as it really is: the generated world with lively funding, in a book of its own that
// the venues match against. What reaches an engine of it is the feed lines' business.
import type { Instrument, InstrumentId, MarketEvent, Ms, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import { Market } from '../market/market.ts';
import type { MarketView } from '../market/view.ts';
import type { Clock, Feed } from '../ports/index.ts';
import type { World } from '../sandbox/index.ts';
import { worldFeeds } from '../sandbox/index.ts';
import { LivelyFunding } from './lively-funding.ts';

/** A venue's event, after the truth has changed by it. The event is reused after the call. */
export type MarketListener = (venueId: VenueId, event: MarketEvent, atMs: Ms) => void;

export class TrueMarket {
  readonly #market = new Market();
  readonly #feeds: readonly Feed[];
  readonly #funding: LivelyFunding;
  readonly #toldFunding = new Map<InstrumentId, { rate: number; atMs: number }>();
  readonly #listeners: MarketListener[] = [];

  constructor(seed: number, clock: Clock, world: World) {
    this.#feeds = worldFeeds({ world, clock });
    this.#funding = new LivelyFunding(
      seed,
      this.#feeds.map(({ venueId }) => venueId),
    );
  }

  get view(): MarketView {
    return this.#market;
  }

  get venueIds(): readonly VenueId[] {
    return this.#feeds.map(({ venueId }) => venueId);
  }

  instruments(): readonly Instrument[] {
    return this.#market.all().map(({ instrument }) => instrument);
  }

  onEvent(listener: MarketListener): void {
    this.#listeners.push(listener);
  }

  start(): void {
    for (const feed of this.#feeds) {
      feed.start({
        market: (event, atMs) => this.#hear(feed.venueId, event, atMs),
        notice: () => undefined,
      });
    }
  }

  #hear(venueId: VenueId, event: MarketEvent, atMs: Ms): void {
    // The world's own funding is too slow for an hour of simulation.
    if (event.type === 'funding.updated') return;
    this.#tell(venueId, event, atMs);
    if (event.type === 'book.snapshot') this.#tellFunding(venueId, event.instrumentId, atMs);
  }

  #tellFunding(venueId: VenueId, instrumentId: InstrumentId, atMs: Ms): void {
    const instrument = this.#market.get(instrumentId)?.instrument;
    if (instrument === undefined) return;
    const { fundingRate, fundingAtMs, fundingIntervalMs } = this.#funding.at(instrument, atMs);
    const told = this.#toldFunding.get(instrumentId);
    if (told?.rate === fundingRate && told.atMs === fundingAtMs) return;
    this.#toldFunding.set(instrumentId, { rate: fundingRate, atMs: fundingAtMs });
    const eventAtMs = toMs(atMs);
    this.#tell(
      venueId,
      {
        type: 'funding.updated',
        instrumentId,
        fundingRate,
        fundingAtMs,
        fundingIntervalMs,
        eventAtMs,
      },
      atMs,
    );
  }

  #tell(venueId: VenueId, event: MarketEvent, atMs: Ms): void {
    this.#market.apply(event, atMs);
    for (const listener of this.#listeners) listener(venueId, event, atMs);
  }
}
