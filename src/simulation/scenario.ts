// What decides a simulated run: a seed, how long the faults last, and which kinds are on and how
// strong. Plain JSON, so that a failing one is kept as a file and run again.
import type { SeededRandom } from '../domain/index.ts';
import { seededRandom } from '../domain/index.ts';
import { FAULT_KINDS } from './fault-kind.ts';
import type { FaultDescription, FaultKind } from './fault-kind.ts';

export interface Scenario {
  readonly seed: number;
  /** Virtual time under faults; the healed phase comes on top. */
  readonly durationMs: number;
  /** From 0, hardly there, to 1, at its worst. A kind that is absent is off. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
}

const CHANCE = 0.5;

/** Each kind has draws of its own: leaving one out does not move another. */
export function swarmScenario(options: {
  readonly seed: number;
  readonly durationMs: number;
  readonly kinds: readonly FaultKind[];
}): Scenario {
  const { seed, durationMs, kinds } = options;
  const faults: Partial<Record<FaultKind, number>> = {};
  for (const kind of kinds) {
    const description: FaultDescription = FAULT_KINDS[kind];
    const random = seededRandom(`swarm/${seed}/${kind}`);
    const isOn = random.next() < (description.chance ?? CHANCE);
    const strength = Math.round(random.next() * 1000) / 1000;
    if (isOn) faults[kind] = strength;
  }
  return { seed, durationMs, faults };
}

/** Log-uniform between two positive numbers: every order of magnitude is as likely. */
export const logBetween = (random: SeededRandom, low: number, high: number): number =>
  low * Math.exp(random.next() * Math.log(high / low));
