// Every machine keeps the rules that the compiler cannot see; that guards and actions have names is
// checked by reading them at all. The rules are believed because they catch planted breaches.
import { describe, expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { machineFacts, type StateFacts } from '../../scripts/machine-facts.ts';
import { isHeardEverywhere, rules } from './machine-rules.ts';
import { sampleMachine } from './sample-machine.ts';

const HALT = /(^|\.)halt(ed)?$/;

describe.each(Object.entries(machines))('the %s machine', (_, machine) => {
  const facts = machineFacts(machine);
  test.each(Object.entries(rules))('%s', (_rule, breaches) => {
    expect(breaches(facts)).toEqual([]);
  });
});

test.each(['trade', 'scanner', 'engine'] as const)('the %s hears the halt everywhere', (name) => {
  expect(isHeardEverywhere(machineFacts(machines[name]), HALT)).toBe(true);
});

describe('a planted breach is caught', () => {
  const sample = machineFacts(sampleMachine);
  const withState = (path: string, change: Partial<StateFacts>): StateFacts => ({
    ...sample,
    states: sample.states.map((state) => (state.path === path ? { ...state, ...change } : state)),
  });

  test('while the sample keeps every rule', () => {
    expect(Object.values(rules).flatMap((breaches) => breaches(sample))).toEqual([]);
    expect(isHeardEverywhere(sample, HALT)).toBe(true);
  });

  test.each([
    ['shut', { description: undefined }, 'shut has no description'],
    ['gone', { tags: [] }, "gone is final and not tagged 'settled'"],
    ['shut', { hasAfter: true }, "shut has 'after' or 'invoke'"],
    ['shut', { hasInvoke: true }, "shut has 'after' or 'invoke'"],
    ['open', { entry: [] }, "open is tagged 'exposed', starts no timer and does not say why"],
  ])('%s with %o', (path, change, finding) => {
    const broken = withState(path, change);
    expect(Object.values(rules).flatMap((breaches) => breaches(broken))).toEqual([finding]);
  });

  test('a machine that hears the halt in one state only', () => {
    const [shut] = sample.states;
    const deaf = { ...sample, transitions: [], states: shut === undefined ? [] : [shut] };
    expect(isHeardEverywhere(deaf, HALT)).toBe(false);
  });
});
