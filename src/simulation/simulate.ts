// Runs one scenario from its start to its end: faults, healing, and what came of it. The same
// scenario gives the same result, hash by hash.
import { replay } from '../kernel/index.ts';
import { Kernel } from '../kernel/index.ts';
import { toMs } from '../domain/index.ts';
import type { RunEvidence } from './evidence.ts';
import type { FaultKind } from './fault-kind.ts';
import type { Planting } from './planting.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { limitsEvidence } from './simulation-settings.ts';
import type { Restart, Situation } from './situations.ts';

/** Faults stop so long before the end: time enough to come to rest and to trade again. */
const HEALED_MS = 60_000;
const STRIDE_MS = 10_000;

export interface SimulatedRun {
  readonly evidence: RunEvidence;
  readonly situations: ReadonlyMap<Situation, number>;
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  readonly restarts: readonly Restart[];
  readonly worst: { readonly orphanMs: number; readonly unhedgedMs: number };
  /** Of the journal at the end, which covers all of it. */
  readonly headHash: string;
  readonly virtualMs: number;
  readonly lives: number;
  readonly trades: number;
}

export interface SimulateOptions {
  readonly planting?: Planting;
  /** Steps the whole journal again with fresh machines, which doubles the work of the kernel. */
  readonly isReplayed?: boolean;
}

export function simulate(scenario: Scenario, options: SimulateOptions = {}): SimulatedRun {
  const world = new SimulatedWorld(scenario, options.planting);
  world.begin();
  advance(world, world.startedAtMs + scenario.durationMs);
  const healedAtMs = world.clock.nowMs();
  world.heal();
  advance(world, healedAtMs + HEALED_MS);
  const evidence = evidenceOf(world, scenario, healedAtMs, options);
  const last = evidence.journal.at(-1)?.text ?? '{}';
  return {
    evidence,
    situations: world.situations.counts,
    faultCounts: world.desk.counts,
    restarts: world.situations.restarts,
    worst: world.situations.worst,
    headHash: /"hash":"([0-9a-f]{64})"}$/.exec(last)?.[1] ?? '',
    virtualMs: world.clock.nowMs() - world.startedAtMs,
    lives: world.supervisor.lives.length,
    trades: [...world.situations.states.keys()].filter((actor) => /^t\d+$/.test(actor)).length,
  };
}

function advance(world: SimulatedWorld, untilAtMs: number): void {
  while (world.clock.nowMs() < untilAtMs) {
    world.clock.advanceTo(toMs(Math.min(world.clock.nowMs() + STRIDE_MS, untilAtMs)));
  }
}

function evidenceOf(
  world: SimulatedWorld,
  { seed }: Scenario,
  healedAtMs: number,
  { planting, isReplayed }: SimulateOptions,
): RunEvidence {
  const endedAtMs = world.clock.nowMs();
  return {
    ...{ seed, startedAtMs: world.startedAtMs, healedAtMs, endedAtMs },
    limits: limitsEvidence(world.settings),
    lives: world.supervisor.lives,
    journal: world.disk.evidence(),
    replay: isReplayed === true ? replayOf(world, planting) : null,
    instruments: world.truth.instruments(),
    venues: world.places.map(({ site }) => site.evidence()),
    sent: world.sent,
    faults: world.desk.windows,
    badData: world.watch.windows(endedAtMs),
    commands: world.operator.commands,
    leases: [],
    queues: [{ name: 'waiting for the disk', highest: world.syncWaitersMost, limit: 10_000 }],
  };
}

function replayOf({ disk }: SimulatedWorld, planting: Planting = {}): RunEvidence['replay'] {
  const kernel = Kernel.restore(undefined, planting.machine);
  const { headHash, divergence } = replay(disk.recordsAfter(0), kernel);
  return { headHash, divergedAtSeq: divergence?.seq ?? null };
}
