// One life of the engine in the simulated world: the product's kernel, market plane, shell and
// strategies, on a simulated disk, wire and clock, from its start or its resumption to its death.
import type { Input, Ms, OperatorCommand, StepRecord, VenueId } from '../domain/index.ts';
import { toMs, toRunTag } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { restoredKernel } from '../kernel/index.ts';
import type { Clock, Feed, Journal, Venue } from '../ports/index.ts';
import { Engine } from '../runtime/engine.ts';
import { MarketPlane } from '../runtime/market-plane.ts';
import { enabledStrategies } from '../strategies/registry.ts';
import type { KillPoints } from './kill-points.ts';
import type { LifeClock } from './life-clock.ts';
import type { Planting, PlantingGround } from './planting.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { SimulationSettings } from './simulation-settings.ts';

export interface LifeParts {
  readonly life: number;
  readonly seed: number;
  readonly settings: SimulationSettings;
  readonly clock: LifeClock;
  readonly disk: SimulatedDisk;
  readonly journal: Journal;
  readonly venues: readonly Venue[];
  readonly feeds: readonly Feed[];
  readonly killPoints: KillPoints;
  readonly planting: Planting;
  readonly ground: Omit<PlantingGround, 'clock' | 'life'>;
  readonly onStep: (record: StepRecord, life: number) => void;
  readonly onFailure: (error: Error) => void;
}

export const runTagOf = (seed: number): string => toRunTag(seed);

export class EngineLife {
  readonly life: number;
  readonly #parts: LifeParts;
  readonly #kernel: Kernel;
  readonly #tail: readonly StepRecord[];
  readonly #engine: Engine;
  readonly #plane: MarketPlane;
  readonly #venues: readonly Venue[];
  readonly #feeds: readonly Feed[];
  readonly #accept: (input: Input) => void;
  readonly #clock: Clock;

  constructor(parts: LifeParts) {
    const { settings, clock, killPoints, planting, life } = parts;
    this.life = life;
    this.#parts = parts;
    this.#clock = planting.clock?.(clock) ?? clock;
    const ground = this.#ground();
    const { kernel, tail } = recalled(parts);
    this.#kernel = kernel;
    this.#tail = tail;
    this.#venues = parts.venues.map((venue) => planting.venue?.(venue, ground) ?? venue);
    this.#feeds = parts.feeds.map((feed) => planting.feed?.(feed, ground) ?? feed);
    const guarded = killPoints.accept((input) => this.#engine.accept(input));
    this.#accept = planting.accept?.(guarded) ?? guarded;
    this.#plane = new MarketPlane({
      clock: this.#clock,
      strategies: enabledStrategies(settings.strategies),
      staleAfterMs: settings.staleAfterMs,
      accept: (input) => this.#accept(input),
    });
    const journal = killPoints.journal(parts.journal);
    this.#engine = new Engine({
      clock: this.#clock,
      kernel,
      journal: planting.journal?.(journal, ground) ?? journal,
      plane: this.#plane,
      venues: new Map(this.#venues.map((venue) => [venue.venueId, this.#listening(venue)])),
      onStep: (record) => this.#stepped(record),
      onFailure: parts.onFailure,
    });
  }

  get engineState(): string {
    return this.#kernel.engineState;
  }

  begin(): void {
    const { settings, seed } = this.#parts;
    const { configHash, limits } = settings;
    const { seq, atMs: lastAtMs } = this.#kernel.head;
    if (seq > 0) {
      this.#engine.begin({ type: 'run.resumed', lastAtMs, configHash, limits });
      this.#parts.planting.restored?.(this.#tail, this.#venues, this.#ground());
    } else {
      this.#engine.begin({
        ...{ type: 'run.started', mode: 'paper', feed: 'sandbox', seed, configHash, limits },
        runTag: runTagOf(seed),
        strategies: enabledStrategies(settings.strategies).map(({ name }) => name),
        venues: this.#venues.map(({ venueId }): VenueId => venueId),
      });
    }
    for (const feed of this.#feeds) feed.start(this.#plane.sinkFor(feed));
    this.#pollAfter(settings.watchEveryMs);
  }

  command(command: OperatorCommand): void {
    this.#accept(command);
  }

  /** Nothing of this life is heard of again. */
  async end(): Promise<void> {
    this.#engine.close();
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
    await Promise.all(this.#venues.map((venue) => venue.stop()));
  }

  /** Reports pass the kill points and whatever was planted, like everything from outside. */
  #listening(venue: Venue): Venue {
    return {
      venueId: venue.venueId,
      start: () => venue.start((report) => this.#accept(report)),
      place: (order) => venue.place(order),
      cancel: (order) => venue.cancel(order),
      query: (order) => venue.query(order),
      reportAccount: () => venue.reportAccount(),
      reportActivity: (sinceAtMs) => venue.reportActivity(sinceAtMs),
      stop: () => venue.stop(),
    };
  }

  #stepped(record: StepRecord): void {
    const { onStep, disk, settings, killPoints, life } = this.#parts;
    onStep(record, life);
    if (record.seq % settings.snapshotEvery !== 0) return;
    killPoints.pass('snapshot');
    disk.saveSnapshot(this.#kernel.snapshot());
  }

  #pollAfter(everyMs: Ms): void {
    this.#clock.schedule(toMs(this.#clock.nowMs() + everyMs), () => {
      this.#plane.poll();
      this.#pollAfter(everyMs);
    });
  }

  #ground(): PlantingGround {
    return { ...this.#parts.ground, clock: this.#clock, life: this.life };
  }
}

/** The state of the life before, from what it left on the disk; a fresh one for the first. */
function recalled({ disk, planting }: LifeParts): {
  readonly kernel: Kernel;
  readonly tail: readonly StepRecord[];
} {
  const newest = disk.newestSnapshot();
  const snapshot = newest && (planting.snapshot?.(newest) ?? newest);
  const tail = disk.recordsAfter(snapshot?.seq ?? 0);
  return { kernel: restoredKernel(snapshot, tail, planting.machine), tail };
}
