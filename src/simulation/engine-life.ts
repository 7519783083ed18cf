// One life of the engine in the simulated world: the product's kernel, market plane, shell and
// strategies, on a simulated disk, wire and clock, from its start or its resumption to its death.
import type { OperatorCommand, StepRecord, VenueId } from '../domain/index.ts';
import { toRunTag } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { restoredKernel } from '../kernel/index.ts';
import { Market } from '../market/market.ts';
import type { Feed, Journal, Venue } from '../ports/index.ts';
import { EngineAssembly } from '../runtime/engine-assembly.ts';
import type { RunEnd } from '../runtime/engine-assembly.ts';
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
  /** It ended in good order: the run is over, or left for the next start. */
  readonly onEnd: (end: RunEnd) => void;
  readonly onFailure: (error: Error) => void;
}

export const runTagOf = (seed: number): string => toRunTag(seed);

export class EngineLife {
  readonly life: number;
  readonly #parts: LifeParts;
  readonly #assembly: EngineAssembly;
  readonly #tail: readonly StepRecord[];
  readonly #venues: readonly Venue[];
  readonly #ground: PlantingGround;

  constructor(parts: LifeParts) {
    const { settings, killPoints, planting, life } = parts;
    this.life = life;
    this.#parts = parts;
    const clock = planting.clock?.(parts.clock) ?? parts.clock;
    const ground = { ...parts.ground, clock, life };
    this.#ground = ground;
    const { kernel, tail } = recalled(parts);
    this.#tail = tail;
    this.#venues = parts.venues.map((venue) => planting.venue?.(venue, ground) ?? venue);
    const journal = killPoints.journal(parts.journal);
    this.#assembly = new EngineAssembly({
      clock,
      kernel,
      market: new Market(),
      strategies: enabledStrategies(settings.strategies),
      staleAfterMs: settings.staleAfterMs,
      watchEveryMs: settings.watchEveryMs,
      journal: planting.journal?.(journal, ground) ?? journal,
      venues: this.#venues,
      feeds: parts.feeds.map((feed) => planting.feed?.(feed, ground) ?? feed),
      hearThrough: (accept) => {
        const guarded = killPoints.accept(accept);
        return planting.accept?.(guarded) ?? guarded;
      },
      onStep: (record) => this.#stepped(record),
      onEnd: (end) => this.#ended(end),
      onFailure: parts.onFailure,
    });
  }

  get engineState(): string {
    return this.#assembly.kernel.engineState;
  }

  begin(): void {
    const { settings, seed, planting } = this.#parts;
    const { configHash, limits } = settings;
    const isRestored = this.#assembly.kernel.head.seq > 0;
    this.#assembly.begin({
      ...{ type: 'run.started', mode: 'paper', feed: 'sandbox', seed, configHash, limits },
      runTag: runTagOf(seed),
      strategies: enabledStrategies(settings.strategies).map(({ name }) => name),
      venues: this.#venues.map(({ venueId }): VenueId => venueId),
    });
    if (isRestored) planting.restored?.(this.#tail, this.#venues, this.#ground);
  }

  get isLeaving(): boolean {
    return this.#assembly.isLeaving;
  }

  command(command: OperatorCommand): void {
    this.#assembly.command(command);
  }

  /** Nothing of this life is heard of again. */
  end(): Promise<void> {
    return this.#assembly.stop();
  }

  #stepped(record: StepRecord): void {
    const { onStep, disk, settings, killPoints, life } = this.#parts;
    onStep(record, life);
    if (record.seq % settings.snapshotEvery !== 0) return;
    killPoints.pass('snapshot');
    disk.saveSnapshot(this.#assembly.kernel.snapshot());
  }

  /** A process that ends in good order closes its journal first. */
  #ended(end: RunEnd): void {
    const { journal, disk, onEnd } = this.#parts;
    const { kernel } = this.#assembly;
    const { clock } = this.#ground;
    clock.schedule(clock.nowMs(), () =>
      journal.whenDurable(kernel.head.seq, () => {
        disk.saveSnapshot(kernel.snapshot());
        onEnd(end);
      }),
    );
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
