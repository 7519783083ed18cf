// A bug planted on purpose, to prove that the checker would find it: what it is, where it is put,
// and by which invariants it may be told. A bug counts as caught only when the engine as it is
// built keeps those invariants under the very same faults.
import type { RunEvidence, Violation } from '../evidence.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { Planting } from '../planting.ts';
import { check } from '../checker/checker.ts';
import type { Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';

export interface PlantedBug {
  readonly name: string;
  /** For people: what the engine does wrongly with it. */
  readonly text: string;
  readonly invariants: readonly string[];
  /** Faults under which it shows. */
  readonly kinds: readonly FaultKind[];
  readonly evidence: (seed: number, isPlanted: boolean) => RunEvidence;
  /** Absent where no whole world is needed to show it. */
  readonly plant?: () => Planting;
}

export interface Catch {
  readonly name: string;
  /** The first seed that gives it away; undefined when none does. */
  readonly seed: number | undefined;
  readonly violation: Violation | undefined;
  /** What the same seed says of the engine as it is built: nothing, or the catch is void. */
  readonly without: readonly Violation[];
}

/** Long enough for most; what needs a rare meeting of two things says so. */
const DURATION_MS = 60_000;
/** Strong, so that a minute has what a swarm has in an hour. */
const STRENGTH = 1;

export function bugInWorld(
  bug: Omit<PlantedBug, 'evidence'> & {
    readonly plant: () => Planting;
    readonly durationMs?: number;
  },
): PlantedBug {
  const { plant, durationMs = DURATION_MS, ...about } = bug;
  const faults: Scenario['faults'] = Object.fromEntries(bug.kinds.map((kind) => [kind, STRENGTH]));
  return {
    ...about,
    plant,
    evidence: (seed, isPlanted) => {
      const scenario = { seed, durationMs, faults };
      const options = { isReplayed: bug.invariants.includes('I8') };
      return simulate(scenario, isPlanted ? { ...options, planting: plant() } : options).evidence;
    },
  };
}

/** Tries seed after seed until one of the bug's invariants is broken, and by the bug alone. */
export function catchPlanted(bug: PlantedBug, seeds: readonly number[]): Catch {
  const { name } = bug;
  const tells = ({ invariant }: Violation): boolean => bug.invariants.includes(invariant);
  let last: Catch = { name, seed: undefined, violation: undefined, without: [] };
  for (const seed of seeds) {
    const violation = check(bug.evidence(seed, true)).find(tells);
    if (violation === undefined) continue;
    const without = check(bug.evidence(seed, false)).filter(tells);
    last = { name, seed, violation, without };
    if (isCaught(last)) return last;
  }
  return last;
}

export const isCaught = ({ seed, without }: Catch): boolean =>
  seed !== undefined && without.length === 0;
