// Runs written by hand whose engine is, or is not, at the end what its operator said last.
import { describe, expect, it } from 'vitest';
import { check } from '../../src/simulation/checker/checker.ts';
import { alarm, command, given, restart, stepOf } from './written-changes.ts';
import type { Change } from './written-changes.ts';
import { evidenceOf, moved, step, writtenRun } from './written-run.ts';
import type { WrittenRun } from './written-run.ts';

const HALT_AT_MS = 60_000;
const LATER_AT_MS = 60_500;

/** A halt that is obeyed. */
function halted(run: WrittenRun): void {
  given(run, HALT_AT_MS, 'operator.halt');
  command(run, HALT_AT_MS, 'operator.halt', [moved('engine', 'running', 'halted')]);
}
const resumed = (run: WrittenRun, from: string, to: string): void =>
  command(run, LATER_AT_MS, 'operator.resume', [moved('engine', from, to)]);
/** What the engine tells itself, in the words of an operator. */
const haltedItself = (from: string) => ({
  ...moved('engine', from, 'halted'),
  event: 'operator.halt',
});
/** A stop that a crash cuts short. */
function stopped(run: WrittenRun, to: string): void {
  command(run, LATER_AT_MS, 'operator.stop', [moved('engine', 'halted', 'draining.homing')]);
  restart(run, 'run.resumed');
  run.steps.at(-1)?.transitions.push(moved('engine', 'draining.homing', to));
}
const then =
  (...changes: readonly Change[]): Change =>
  (run) => {
    for (const change of changes) change(run);
  };

const ROWS: readonly (readonly [string, Change, readonly string[]])[] = [
  ['is halted, and nobody resumed it', halted, []],
  [
    'was resumed and runs',
    then(halted, (run) => {
      resumed(run, 'halted', 'running');
    }),
    [],
  ],
  [
    'was resumed and is stuck',
    then(halted, (run) => {
      resumed(run, 'halted', 'reconciling');
    }),
    ['the engine is reconciling, not running'],
  ],
  [
    'is held back after a contradiction that an operator has looked at',
    (run) => {
      stepOf(run, 'account.reported').transitions.push(haltedItself('running'));
      resumed(run, 'halted', 'cooling');
    },
    ['the engine is cooling, not running'],
  ],
  [
    'halted itself after it was resumed',
    then(halted, (run) => {
      resumed(run, 'halted', 'running');
      run.steps.push(step(61_000, { type: 'account.reported' }, [haltedItself('running')]));
    }),
    [],
  ],
  [
    'called a person after it was resumed, and is halted',
    then(halted, (run) => {
      resumed(run, 'halted', 'halted');
      run.steps.at(-1)?.effects.push(alarm);
    }),
    ['the engine is halted, not running'],
  ],
  [
    'was halted, stopped and started again, and is halted',
    then(halted, (run) => {
      stopped(run, 'halted');
    }),
    [],
  ],
  [
    'was halted, stopped and started again, and runs',
    then(halted, (run) => {
      stopped(run, 'running');
    }),
    ['the engine is running, not halted'],
  ],
  [
    'was stopped and started again, and is halted',
    (run) => {
      stopped(run, 'halted');
    },
    ['the engine is halted, not running'],
  ],
  [
    'was killed and is only halted',
    (run) => {
      given(run, HALT_AT_MS, 'operator.kill');
      command(run, HALT_AT_MS, 'operator.kill', [moved('engine', 'running', 'halted')]);
    },
    ['the engine is halted, not killed'],
  ],
];

describe('the checker, of an engine that', () => {
  it.each(ROWS)('%s', (_, change, told) => {
    const run = writtenRun();
    change(run);
    const texts = check(evidenceOf(run)).map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('the engine is'))).toEqual(told);
  });
});
