// One venue's half of the world as its protocol quotes it: instruments by the venue's names,
// published books, marks and rates as text. Knows no venue's field names.
import { toMs } from '../domain/index.ts';
import type { Ms } from '../domain/index.ts';
import { PublishedBook } from './published-book.ts';
import type { BookChange, WireLevel } from './published-book.ts';
import type { World } from './world.ts';
import { priceText, sizeText } from './world-instrument.ts';
import type { SandboxVenue, WorldInstrument } from './world-instrument.ts';

/** Where update ids start: far from 1, which means a restart at some venues. */
const FIRST_ID = 1_000_000;

export interface Settlement {
  readonly fundingAtMs: number;
  readonly rateText: string;
}

export interface TopText {
  readonly bidPrice: string;
  readonly bidSize: string;
  readonly askPrice: string;
  readonly askSize: string;
}

export class VenueQuotes {
  readonly venue: SandboxVenue;
  readonly world: World;
  /** The venue's clock, which may lie between two steps of the world. */
  readonly nowMs: () => Ms;
  readonly instruments: readonly WorldInstrument[];
  readonly #bySymbol: ReadonlyMap<string, WorldInstrument>;
  readonly #books: ReadonlyMap<WorldInstrument, PublishedBook>;
  readonly #nextId: (lastId: number, changeCount: number) => number;

  /** `nextId` numbers a change of so many levels at this venue. */
  constructor(
    venue: SandboxVenue,
    source: { readonly world: World; readonly nowMs: () => Ms },
    nextId: (lastId: number, changeCount: number) => number,
  ) {
    const { world, nowMs } = source;
    this.#nextId = nextId;
    this.venue = venue;
    this.world = world;
    this.nowMs = nowMs;
    this.instruments = world.instruments.filter((instrument) => instrument.venue === venue);
    this.#bySymbol = new Map(this.instruments.map((one) => [one.venueSymbol, one]));
    this.#books = new Map(
      this.instruments.map((one) => [one, new PublishedBook(world.book(one), FIRST_ID)]),
    );
  }

  find(venueSymbol: string): WorldInstrument | undefined {
    return this.#bySymbol.get(venueSymbol);
  }

  book(instrument: WorldInstrument): PublishedBook {
    const book = this.#books.get(instrument);
    if (book === undefined) throw new RangeError(`${this.venue} has no ${instrument.venueSymbol}`);
    return book;
  }

  /** Publishes the world's book and says what changed. */
  advanceBook(instrument: WorldInstrument): BookChange {
    const book = this.book(instrument);
    const { lastId } = book;
    const nextId = (changeCount: number): number => this.#nextId(lastId, changeCount);
    return book.advance(this.world.book(instrument), nextId);
  }

  bookAtMs(instrument: WorldInstrument): Ms {
    return this.world.bookAtMs(instrument);
  }

  levels(instrument: WorldInstrument, levels: readonly WireLevel[]): readonly [string, string][] {
    return levels.map(([ticks, lots]) => [
      priceText(instrument, ticks),
      sizeText(instrument, lots),
    ]);
  }

  top(instrument: WorldInstrument): TopText {
    const { bids, asks } = this.world.book(instrument);
    return {
      bidPrice: priceText(instrument, bids.ticks[0] ?? 0),
      bidSize: sizeText(instrument, bids.lots[0] ?? 0),
      askPrice: priceText(instrument, asks.ticks[0] ?? 0),
      askSize: sizeText(instrument, asks.lots[0] ?? 0),
    };
  }

  markText(instrument: WorldInstrument, digitsMore: number): string {
    return this.world.markPrice(instrument).toFixed(instrument.priceDecimals + digitsMore);
  }

  indexText(instrument: WorldInstrument, digitsMore: number): string {
    return this.world.indexPrice(instrument).toFixed(instrument.priceDecimals + digitsMore);
  }

  anchorText(instrument: WorldInstrument): string {
    return this.world.anchorPrice(instrument).toFixed(instrument.priceDecimals);
  }

  rateText(instrument: WorldInstrument): string {
    return this.world.funding(instrument).fundingRate.toFixed(8);
  }

  /** Past settlements within the limits, newest first. */
  settlements(
    instrument: WorldInstrument,
    within: { readonly fromAtMs: number; readonly toAtMs: number; readonly countMax: number },
  ): readonly Settlement[] {
    const { fundingIntervalMs } = instrument;
    const newest = Math.min(this.nowMs(), within.toAtMs);
    const found: Settlement[] = [];
    let fundingAtMs = Math.floor(newest / fundingIntervalMs) * fundingIntervalMs;
    while (fundingAtMs >= within.fromAtMs && found.length < within.countMax) {
      const rate = this.world.rateAt(instrument, toMs(fundingAtMs));
      found.push({ fundingAtMs, rateText: rate.toFixed(8) });
      fundingAtMs -= fundingIntervalMs;
    }
    return found;
  }
}

/**
 * A whole number from a query, or the fallback where the client sent none; undefined where it is
 * not one.
 */
export function countOf(query: URLSearchParams, key: string, fallback: number): number | undefined {
  const text = query.get(key);
  if (text === null || text === '') return fallback;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
