// The generated market as the exchange process reads it: the same books, marks and rates that the
// venues' protocols publish, taken from the world itself without a copy.
import type { Instrument, InstrumentId, Ms } from '../domain/index.ts';
import type {
  BookSideView,
  BookView,
  FundingView,
  InstrumentView,
  MarketView,
} from '../market/view.ts';
import type { World } from './world.ts';
import type { BookSide } from './world-book.ts';
import { toInstrument } from './world-instrument.ts';
import type { WorldInstrument } from './world-instrument.ts';

/** Venues state marks with one digit more than prices. */
const MARK_UNITS = 10;

export class WorldMarket implements MarketView {
  readonly #views: readonly WorldInstrumentView[];
  readonly #byId: ReadonlyMap<InstrumentId, WorldInstrumentView>;

  constructor(world: World) {
    this.#views = world.instruments.map((each) => new WorldInstrumentView(world, each));
    this.#byId = new Map(this.#views.map((view) => [view.instrument.instrumentId, view]));
  }

  get(instrumentId: InstrumentId): InstrumentView | undefined {
    return this.#byId.get(instrumentId);
  }

  withBase(base: string): readonly InstrumentView[] {
    return this.#views.filter(({ instrument }) => instrument.base === base);
  }

  all(): readonly InstrumentView[] {
    return this.#views;
  }

  /** The engine's word for an instrument of the world. */
  idOf({ ordinal }: WorldInstrument): InstrumentId | undefined {
    return this.#views[ordinal]?.instrument.instrumentId;
  }
}

class WorldInstrumentView implements InstrumentView {
  readonly instrument: Instrument;
  readonly book: BookView;
  readonly isHealthy = true;
  readonly #world: World;
  readonly #traded: WorldInstrument;

  constructor(world: World, traded: WorldInstrument) {
    this.#world = world;
    this.#traded = traded;
    this.instrument = toInstrument(traded);
    this.book = new WorldBookView(world, traded);
  }

  get bookAtMs(): Ms {
    return this.#world.bookAtMs(this.#traded);
  }

  get markPrice(): number {
    const units = 10 ** this.#traded.priceDecimals * MARK_UNITS;
    return Math.round(this.#world.markPrice(this.#traded) * units) / units;
  }

  get funding(): FundingView {
    return this.#world.funding(this.#traded);
  }
}

class WorldBookView implements BookView {
  readonly isSynced = true;
  readonly bids: BookSideView;
  readonly asks: BookSideView;
  readonly #world: World;
  readonly #traded: WorldInstrument;

  constructor(world: World, traded: WorldInstrument) {
    const { priceDecimals, sizeDecimals } = traded;
    const units = { price: 10 ** priceDecimals, size: 10 ** sizeDecimals };
    const { bids, asks } = world.book(traded);
    this.#world = world;
    this.#traded = traded;
    this.bids = sideView(bids, units);
    this.asks = sideView(asks, units);
  }

  get sequence(): number {
    return this.#world.updateCount(this.#traded);
  }

  get isCrossed(): boolean {
    return this.bids.priceAt(0) >= this.asks.priceAt(0);
  }
}

const sideView = (
  { ticks, lots }: BookSide,
  units: { readonly price: number; readonly size: number },
): BookSideView => ({
  count: ticks.length,
  priceAt: (depth) => (ticks[depth] ?? NaN) / units.price,
  sizeAt: (depth) => (lots[depth] ?? NaN) / units.size,
});
