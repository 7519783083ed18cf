// Changes to the run written by hand, and what the checker says of it afterwards.
import { check } from '../../src/simulation/checker/checker.ts';
import { evidenceOf, step, writtenRun } from './written-run.ts';
import type { Json, WrittenRun, WrittenStep } from './written-run.ts';

export type Change = (run: WrittenRun) => void;

export const verdict = (change: Change): readonly string[] => {
  const run = writtenRun();
  change(run);
  return [...new Set(check(evidenceOf(run)).map(({ invariant }) => invariant))];
};

export const stepOf = (run: WrittenRun, type: string, index = 0): WrittenStep => {
  const found = run.steps.filter(({ input }) => input['type'] === type)[index];
  if (found === undefined) throw new Error(`the written run must have step ${type} ${index}`);
  return found;
};
export const firstSent = ({ sent }: WrittenRun) => sent.slice(0, 1);
export const command = (
  run: WrittenRun,
  atMs: number,
  type: string,
  transitions: Json[] = [],
): void => {
  run.steps.push(step(atMs, { type, reason: 'test' }, transitions));
};
export const given = (
  run: WrittenRun,
  atMs: number,
  type: 'operator.kill' | 'operator.halt',
): void => {
  run.rest.commands.push({ atMs, life: 1, type, reason: 'test' });
};
export const restart = (run: WrittenRun, first: string): void => {
  run.rest.lives = [
    { life: 1, engineId: 'a', startedAtMs: 0, endedAtMs: 60_000, cause: 'killed' },
    { life: 2, engineId: 'a', startedAtMs: 61_000, endedAtMs: null, cause: '' },
  ];
  run.steps.push({ ...step(61_000, { type: first }), life: 2 });
};
export const inTime = (run: WrittenRun, added: WrittenStep): void => {
  run.steps.push(added);
  run.steps.sort((left, right) => left.atMs - right.atMs);
};
export const alarm = { type: 'alert.raise', code: 'POSITION_MISMATCH' };

/** The invariant, what is the matter in words, and the change that brings it about. */
export type Row = readonly [string, string, Change];
