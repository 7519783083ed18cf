// The engine with all that it needs to live: market plane, kernel, venues and feeds, joined in one
// way whatever they are. Clock, journal and adapters come from outside; nothing moves before it
// begins.
import type { Input, InstrumentId, Ms, RunResumed, RunStarted } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Market } from '../market/market.ts';
import type { Feed, ScheduledTask, Venue } from '../ports/index.ts';
import type { EngineParts } from './engine.ts';
import { Engine } from './engine.ts';
import type { MarketPlaneParts } from './market-plane.ts';
import { MarketPlane } from './market-plane.ts';

export interface AssembledVenue extends Venue {
  /** Absent where the venue does not match on the market of this process. */
  marketChanged?(instrumentId: InstrumentId): void;
}

type Accept = (input: Input) => void;

export interface AssemblyParts
  extends Omit<EngineParts, 'plane' | 'venues'>, Omit<MarketPlaneParts, 'accept'> {
  readonly venues: readonly AssembledVenue[];
  readonly feeds: readonly Feed[];
  /** Between two looks of the market plane at what grows old without events. */
  readonly watchEveryMs: Ms;
  /** Stands between the engine and all that reaches it from outside. */
  readonly hearThrough?: (accept: Accept) => Accept;
}

export class EngineAssembly {
  readonly kernel: EngineParts['kernel'];
  readonly market: Market;
  readonly engine: Engine;
  /** For all that comes from outside: reports, what the market plane sees, commands. */
  readonly accept: Accept;
  readonly #parts: AssemblyParts;
  readonly #plane: MarketPlane;
  #watching: ScheduledTask | undefined;

  constructor(parts: AssemblyParts) {
    const { kernel, market, hearThrough = (accept: Accept): Accept => accept } = parts;
    this.#parts = parts;
    this.kernel = kernel;
    this.market = market;
    // The plane speaks to the engine, which reads the plane: nothing is said before both are.
    const accept = hearThrough((input) => this.engine.accept(input));
    this.accept = accept;
    this.#plane = new MarketPlane({ ...parts, accept });
    const venues = new Map(parts.venues.map((venue) => [venue.venueId, venue]));
    this.#plane.onChange((instrumentId) => {
      const venueId = market.get(instrumentId)?.instrument.venueId;
      if (venueId !== undefined) venues.get(venueId)?.marketChanged?.(instrumentId);
    });
    this.engine = new Engine({ ...parts, plane: this.#plane, venues });
    for (const venue of parts.venues) venue.start(accept);
  }

  /** A kernel that has records goes on, under the limits that would hold for a new run. */
  begin(started: RunStarted): void {
    const { feeds } = this.#parts;
    const { seq } = this.kernel.head;
    this.engine.begin(seq === 0 ? started : this.#resumed(started));
    for (const feed of feeds) feed.start(this.#plane.sinkFor(feed));
    this.#watch();
  }

  /** Stops feeds and venues; the journal stays with its owner. */
  async stop(): Promise<void> {
    const { feeds, venues } = this.#parts;
    this.#watching?.cancel();
    this.engine.close();
    await Promise.all(feeds.map((feed) => feed.stop()));
    await Promise.all(venues.map((venue) => venue.stop()));
  }

  #resumed({ configHash, limits }: RunStarted): RunResumed {
    return { type: 'run.resumed', lastAtMs: this.kernel.head.atMs, configHash, limits };
  }

  #watch(): void {
    const { clock, watchEveryMs } = this.#parts;
    this.#watching = clock.schedule(toMs(clock.nowMs() + watchEveryMs), () => {
      this.#watch();
      this.#plane.poll();
    });
  }
}
