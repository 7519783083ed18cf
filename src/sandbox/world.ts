// The generated market: what a seed and a start make of prices, books and funding at any later
// instant. It owns no clock: time is passed in, never runs backwards, and the same seed gives the
// same market however often it is asked to advance.
import { seededRandom, toMs } from '../domain/index.ts';
import type { Ms } from '../domain/index.ts';
import { FundingRegimes } from './funding-regimes.ts';
import { Basis, PriceWalk } from './price-walk.ts';
import { WorldBook } from './world-book.ts';
import { SANDBOX_BASES, WORLD_INSTRUMENTS } from './world-instrument.ts';
import type { SandboxBase, WorldInstrument } from './world-instrument.ts';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 2026-01-01, from which the seed counts days. */
const CALENDAR_AT_MS = Date.UTC(2026, 0, 1);
const LEAD_MS = 45_000;
/** All intervals settle together this often. */
const SETTLEMENTS_MS = 8 * HOUR_MS;

/**
 * `wire` is what venues push, about every 100 ms; `coarse` is for virtual time, every 250 ms at
 * once.
 */
export type WorldPace = 'wire' | 'coarse';
const PACES = {
  wire: { stepMs: 25, waitSteps: [3, 4, 5], levels: 30 },
  coarse: { stepMs: 250, waitSteps: [1], levels: 10 },
} as const;

export interface WorldFunding {
  /** A fraction per interval. */
  readonly fundingRate: number;
  readonly fundingAtMs: Ms;
  readonly fundingIntervalMs: Ms;
}

interface InstrumentState {
  readonly instrument: WorldInstrument;
  readonly walk: PriceWalk;
  readonly basis: Basis;
  readonly book: WorldBook;
  updateCount: number;
  updatedAtMs: number;
  dueAtMs: number;
  hasChanged: boolean;
}

/** 45 seconds before a whole day's 00:00, 08:00 or 16:00 UTC: all intervals settle there. */
export function settlementStart(seed: number): Ms {
  const random = seededRandom(`${seed}/calendar`);
  const day = random.below(300);
  return toMs(CALENDAR_AT_MS + day * DAY_MS + random.below(3) * SETTLEMENTS_MS - LEAD_MS);
}

/** The last such start at or before the instant. */
export const settlementStartBefore = (atMs: Ms): Ms =>
  toMs(Math.floor((atMs + LEAD_MS) / SETTLEMENTS_MS) * SETTLEMENTS_MS - LEAD_MS);

/** The first such start after the instant. */
export const settlementStartAfter = (atMs: Ms): Ms =>
  toMs(settlementStartBefore(atMs) + SETTLEMENTS_MS);

export class World {
  readonly startAtMs: Ms;
  readonly stepMs: Ms;
  readonly instruments: readonly WorldInstrument[] = WORLD_INSTRUMENTS;
  #atMs: number;
  readonly #regimes: FundingRegimes;
  readonly #common;
  readonly #jitter;
  readonly #waitSteps: readonly number[];
  readonly #walks: ReadonlyMap<SandboxBase, PriceWalk>;
  readonly #walkList: readonly PriceWalk[];
  readonly #states: readonly InstrumentState[];
  readonly #changed: WorldInstrument[] = [];

  constructor(options: {
    readonly seed: number;
    readonly startAtMs?: Ms;
    readonly pace?: WorldPace;
  }) {
    const { stepMs, waitSteps, levels } = PACES[options.pace ?? 'wire'];
    const random = seededRandom(`world/${options.seed}`);
    this.startAtMs = options.startAtMs ?? settlementStart(options.seed);
    this.stepMs = toMs(stepMs);
    this.#atMs = this.startAtMs;
    this.#regimes = new FundingRegimes(`world/${options.seed}`, this.startAtMs);
    this.#common = random.fork('common');
    this.#jitter = random.fork('jitter');
    this.#waitSteps = waitSteps;
    this.#walks = new Map(
      SANDBOX_BASES.map((base) => [base, new PriceWalk(base, random.fork(base), stepMs)]),
    );
    this.#walkList = [...this.#walks.values()];
    const updateMs = stepMs * (waitSteps[waitSteps.length >> 1] ?? 1);
    this.#states = this.instruments.map((instrument) => {
      const own = random.fork(`${instrument.venue}/${instrument.base}`);
      const walk = this.#walkOf(instrument.base);
      const book = new WorldBook(instrument, own.fork('book'), { price: walk.price, levels });
      book.reshape(walk.price);
      return {
        instrument,
        walk,
        basis: new Basis(own.fork('basis'), updateMs),
        book,
        updateCount: 1,
        updatedAtMs: this.startAtMs,
        dueAtMs: this.startAtMs + stepMs * this.#waitCount(),
        hasChanged: true,
      };
    });
  }

  get atMs(): Ms {
    return toMs(this.#atMs);
  }

  /**
   * Lives up to the last whole step at or before the instant; returns what has changed since the
   * last call, in order of listing. The list is valid until the next call.
   */
  advanceTo(atMs: Ms): readonly WorldInstrument[] {
    while (this.#atMs + this.stepMs <= atMs) this.#step();
    this.#changed.length = 0;
    for (const state of this.#states) {
      if (!state.hasChanged) continue;
      state.hasChanged = false;
      this.#changed.push(state.instrument);
    }
    return this.#changed;
  }

  /** A live object, changed by `advanceTo`. */
  book(instrument: WorldInstrument): WorldBook {
    return this.#stateOf(instrument).book;
  }

  /** 1 for the first book, one more with each later one. */
  updateCount(instrument: WorldInstrument): number {
    return this.#stateOf(instrument).updateCount;
  }

  bookAtMs(instrument: WorldInstrument): Ms {
    return toMs(this.#stateOf(instrument).updatedAtMs);
  }

  indexPrice(instrument: WorldInstrument): number {
    return this.#stateOf(instrument).walk.price;
  }

  markPrice(instrument: WorldInstrument): number {
    const state = this.#stateOf(instrument);
    return state.walk.price * (1 + state.basis.fraction);
  }

  /** The price around which this base walks for ever. */
  anchorPrice(instrument: WorldInstrument): number {
    return this.#stateOf(instrument).walk.anchor;
  }

  /** The estimate now, for the first settlement strictly after now. */
  funding(instrument: WorldInstrument): WorldFunding {
    const { fundingIntervalMs } = instrument;
    const passed = Math.floor(this.#atMs / fundingIntervalMs);
    return {
      fundingRate: this.#regimes.rateAt(instrument, this.#atMs),
      fundingAtMs: toMs((passed + 1) * fundingIntervalMs),
      fundingIntervalMs,
    };
  }

  /** What was, or would be, settled at this instant: the estimate of that moment. */
  rateAt(instrument: WorldInstrument, atMs: Ms): number {
    return this.#regimes.rateAt(instrument, atMs);
  }

  #step(): void {
    this.#atMs += this.stepMs;
    const common = this.#common.normal();
    for (const walk of this.#walkList) walk.step(common);
    for (const state of this.#states) {
      if (state.dueAtMs > this.#atMs) continue;
      state.basis.step();
      state.book.reshape(state.walk.price * (1 + state.basis.fraction));
      state.updateCount += 1;
      state.updatedAtMs = this.#atMs;
      state.dueAtMs = this.#atMs + this.stepMs * this.#waitCount();
      state.hasChanged = true;
    }
  }

  #waitCount(): number {
    if (this.#waitSteps.length === 1) return 1;
    return this.#waitSteps[this.#jitter.below(this.#waitSteps.length)] ?? 1;
  }

  #walkOf(base: SandboxBase): PriceWalk {
    const walk = this.#walks.get(base);
    if (walk === undefined) throw new RangeError(`the world has no base ${base}`);
    return walk;
  }

  #stateOf(instrument: WorldInstrument): InstrumentState {
    const state = this.#states[instrument.ordinal];
    if (state === undefined) throw new RangeError(`the world has no ${instrument.venueSymbol}`);
    return state;
  }
}
