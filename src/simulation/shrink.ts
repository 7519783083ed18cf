// Makes a failing scenario small: fewer kinds of faults, less time, weaker faults, as long as it
// still fails for the same invariant. What is left is the story that a person reads.
import type { FaultKind } from './fault-kind.ts';
import { isFaultKind } from './fault-kind.ts';
import type { Scenario } from './scenario.ts';

export interface Shrunk {
  readonly scenario: Scenario;
  readonly attempts: number;
}

/** Whether this scenario still breaks the invariant that the first one broke. */
export type StillFails = (scenario: Scenario) => boolean;

const DURATION_MS_MIN = 15_000;

export function shrink(scenario: Scenario, stillFails: StillFails, attemptsMax = 60): Shrunk {
  let [smallest, attempts] = [scenario, 0];
  const keepIf = (smaller: Scenario): boolean => {
    if (attempts >= attemptsMax) return false;
    attempts += 1;
    if (!stillFails(smaller)) return false;
    smallest = smaller;
    return true;
  };
  // Halves first: most kinds have nothing to do with it.
  for (let size = Math.ceil(kindsOf(scenario).length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (const group of groups(kindsOf(smallest), size)) keepIf(withoutKinds(smallest, group));
  }
  while (smallest.durationMs > DURATION_MS_MIN) {
    const durationMs = Math.max(DURATION_MS_MIN, Math.floor(smallest.durationMs / 2));
    if (!keepIf({ ...smallest, durationMs })) break;
  }
  return { scenario: smallest, attempts };
}

const kindsOf = ({ faults }: Scenario): readonly FaultKind[] =>
  Object.keys(faults).filter(isFaultKind);

const withoutKinds = (scenario: Scenario, kinds: readonly FaultKind[]): Scenario => ({
  ...scenario,
  faults: Object.fromEntries(
    Object.entries(scenario.faults).filter(([kind]) => isFaultKind(kind) && !kinds.includes(kind)),
  ),
});

function groups(kinds: readonly FaultKind[], size: number): readonly (readonly FaultKind[])[] {
  const cut: (readonly FaultKind[])[] = [];
  for (let at = 0; at < kinds.length; at += size) cut.push(kinds.slice(at, at + size));
  return cut;
}
