// One scenario, run and judged: what a person or a runner wants to know of it, as plain JSON.
import { check } from './checker/checker.ts';
import type { Violation } from './evidence.ts';
import type { Planting } from './planting.ts';
import type { Scenario } from './scenario.ts';
import { simulate } from './simulate.ts';
import type { Restart } from './situations.ts';

export interface SeedResult {
  readonly scenario: Scenario;
  /** In order of time; empty when every invariant held. */
  readonly violations: readonly Violation[];
  readonly situations: Readonly<Record<string, number>>;
  /** How often each kind of fault befell the run. */
  readonly faultCounts: Readonly<Record<string, number>>;
  /** In order of time. */
  readonly restarts: readonly Restart[];
  readonly worst: Worst;
  /** Of the last record of the journal, which covers all before it. */
  readonly headHash: string;
  readonly records: number;
  readonly lives: number;
  readonly trades: number;
  readonly virtualMs: number;
  readonly wallMs: number;
}

export interface Worst {
  /** Longest time from a fill until its trade was covered or in PANIC, as the engine counts it. */
  readonly orphanMs: number;
  /** Longest time until covered or flat, venues away and engine dead included. */
  readonly unhedgedMs: number;
}

/** Every so many seeds the journal is stepped again with fresh machines. */
const REPLAYED_EVERY = 5;

export interface JudgeOptions {
  readonly planting?: Planting;
  readonly isReplayed?: boolean;
}

export function judge(scenario: Scenario, options: JudgeOptions = {}): SeedResult {
  const startedMs = performance.now();
  const isReplayed = options.isReplayed ?? scenario.seed % REPLAYED_EVERY === 0;
  const run = simulate(scenario, { ...options, isReplayed });
  return {
    scenario,
    violations: check(run.evidence),
    situations: Object.fromEntries(run.situations),
    faultCounts: Object.fromEntries(run.faultCounts),
    restarts: run.restarts,
    worst: run.worst,
    headHash: run.headHash,
    records: run.evidence.journal.length,
    lives: run.lives,
    trades: run.trades,
    virtualMs: run.virtualMs,
    wallMs: Math.round(performance.now() - startedMs),
  };
}

/** A run that differs from itself, or that the simulator could not finish, is a failure too. */
export function judgeTwice(scenario: Scenario): SeedResult {
  const first = judge(scenario);
  const again = judge(scenario);
  if (first.headHash === again.headHash) return first;
  const violation = {
    ...{ invariant: 'I8', atMs: 0, evidence: [] },
    text: `the same scenario gave head ${first.headHash} and then ${again.headHash}`,
  };
  return { ...first, violations: [violation, ...first.violations] };
}
