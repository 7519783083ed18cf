// The engine with all that it needs to live: market plane, kernel, venues and feeds, joined in one
// way whatever they are. Clock, journal and adapters come from outside; nothing moves before it
// begins.
import type { Input, InstrumentId, Ms, OperatorCommand } from '../domain/index.ts';
import type { RunResumed, RunStarted, StepRecord } from '../domain/index.ts';
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
  /** Called once, within a step or after the grace: the run is over, or left for the next start. */
  readonly onEnd?: (end: RunEnd) => void;
}

/** `unfinished`: told to stop, and something is open still or a venue was not heard. */
export type RunEnd = 'stopped' | 'left' | 'unfinished';

export class EngineAssembly {
  readonly kernel: EngineParts['kernel'];
  readonly market: Market;
  readonly engine: Engine;
  /** For all that comes from outside: reports, what the market plane sees, commands. */
  readonly accept: Accept;
  readonly #parts: AssemblyParts;
  readonly #plane: MarketPlane;
  #watching: ScheduledTask | undefined;
  #graceMs = toMs(0);
  #grace: ScheduledTask | undefined;
  #isLeaving = false;
  #hasEnded = false;

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
    const onStep = (record: StepRecord): void => {
      parts.onStep(record);
      this.#endWhenDone();
    };
    this.engine = new Engine({ ...parts, onStep, plane: this.#plane, venues });
    for (const venue of parts.venues) venue.start(accept);
  }

  /** A kernel that has records goes on, under the limits that would hold for a new run. */
  begin(started: RunStarted): void {
    const { feeds } = this.#parts;
    const { seq } = this.kernel.head;
    this.#graceMs = started.limits.shutdownGraceMs;
    this.engine.begin(seq === 0 ? started : this.#resumed(started));
    for (const feed of feeds) feed.start(this.#plane.sinkFor(feed));
    this.#watch();
  }

  /** Told to leave: it ends once nothing is on its way, at the latest after the grace. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Who leaves does not begin again: the next start does. */
  command(command: OperatorCommand): void {
    if (this.#isLeaving && command.type === 'operator.resume') return;
    this.#isLeaving ||= command.type === 'operator.leave';
    this.accept(command);
    // Where nothing is on its way it has ended by now; a task left behind would keep the process.
    if (!this.#isLeaving || this.#hasEnded) return;
    const { clock } = this.#parts;
    this.#grace ??= clock.schedule(toMs(clock.nowMs() + this.#graceMs), () => this.#end('left'));
  }

  /** Stops feeds and venues; the journal stays with its owner. */
  async stop(): Promise<void> {
    const { feeds, venues } = this.#parts;
    this.#grace?.cancel();
    this.#watching?.cancel();
    this.engine.close();
    await Promise.all(feeds.map((feed) => feed.stop()));
    await Promise.all(venues.map((venue) => venue.stop()));
  }

  /** Stopped; or left, and nothing is on its way that the next start would have to ask about. */
  #endWhenDone(): void {
    const { engineState } = this.kernel;
    if (engineState === 'stopped') this.#end('stopped');
    else if (this.#isLeaving && this.kernel.movingTrades().length === 0) this.#end('left');
    else if (engineState === 'left' && !this.#isLeaving) this.#end('unfinished');
  }

  #end(end: RunEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#grace?.cancel();
    this.#parts.onEnd?.(end);
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
