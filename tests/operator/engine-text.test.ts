// Plain words for each state of the engine, those within a state included, and no others.
import { expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { engineText, engineWord } from '../../src/operator/engine-text.ts';

interface Node {
  readonly states?: Readonly<Record<string, Node>> | undefined;
}

/** Paths of the states that have none inside: `draining.homing`. */
const leavesOf = ({ states = {} }: Node): readonly string[] =>
  Object.entries(states).flatMap(([name, inner]) => {
    const below = leavesOf(inner);
    return below.length === 0 ? [name] : below.map((path) => `${name}.${path}`);
  });

const TEXTS = {
  booting: 'booting (nothing is known yet)',
  reconciling: 'reconciling (asks every venue)',
  cooling: 'cooling (restarted too often, opens nothing new)',
  running: 'running',
  halted: 'halted (opens nothing new)',
  killed: 'killed (flattens everything)',
  'draining.homing': 'stopping (brings open trades home)',
  'draining.hearing': 'stopping (hears every venue)',
  'draining.flattening': 'stopping (flattens what is open)',
  left: 'left (the next start goes on with the run)',
  stopped: 'stopped (the run is over)',
};

test('every state of the engine has plain words', () => {
  const told = leavesOf(machines.engine.config).map((state) => [state, engineText(state)]);
  expect(Object.fromEntries(told)).toEqual(TEXTS);
  for (const [state, text] of told) expect(text?.startsWith(engineWord(state ?? ''))).toBe(true);
});

test('a state of another version is shown as it is called', () => {
  expect([engineWord('napping'), engineText('napping')]).toEqual(['napping', 'napping']);
});

test('a wait is told with what is left of it, in whole seconds that end at none', () => {
  const after = (leftMs: number) => engineText('cooling', () => leftMs);
  expect([after(30_000), after(29_001), after(1), after(0), after(-5)]).toEqual([
    'cooling (opens again in 00:30)',
    'cooling (opens again in 00:30)',
    'cooling (opens again in 00:01)',
    'cooling (opens again in 00:00)',
    'cooling (opens again in 00:00)',
  ]);
});
