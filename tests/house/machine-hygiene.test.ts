// Every machine keeps the rules that the compiler cannot see; that guards and actions have names is
// checked by reading them at all. The rules are believed because they catch planted breaches.
import { describe, expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { allStates, machineFacts, type StateFacts } from '../../scripts/machine-facts.ts';
import { deafStates, rules } from './machine-rules.ts';
import { sampleMachine } from './sample-machine.ts';

describe.each(Object.entries(machines))('the %s machine', (_, machine) => {
  const facts = machineFacts(machine);
  test.each(Object.entries(rules))('%s', (_rule, breaches) => {
    expect(breaches(facts)).toEqual([]);
  });
});

describe('a command to stop is heard in every state where it means something', () => {
  test.each([
    // Opening nothing new is the scanner's business; a kill reaches each trade as a panic.
    ['scanner', 'scanner.halt', []],
    ['trade', 'trade.panic', []],
    // Before the start there is nothing to stop, and who is already doing it need not hear it.
    [
      'engine',
      'operator.stop',
      ['booting', 'draining.homing', 'draining.hearing', 'draining.flattening'],
    ],
    ['engine', 'operator.kill', ['booting', 'killed']],
  ] as const)('the %s hears %s', (name, event, deaf) => {
    expect(deafStates(machineFacts(machines[name]), event)).toEqual(deaf);
  });
});

test('the trade has states that carry exposure, so that the rule about them is not empty', () => {
  const exposed = allStates(machineFacts(machines.trade)).filter(({ tags }) =>
    tags.includes('exposed'),
  );
  expect(exposed.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['PARTIAL', 'CHASING', 'PANIC']),
  );
});

describe('a planted breach is caught', () => {
  const sample = machineFacts(sampleMachine);
  const withState = (path: string, change: Partial<StateFacts>): StateFacts => ({
    ...sample,
    states: sample.states.map((state) => (state.path === path ? { ...state, ...change } : state)),
  });

  test('while the sample keeps every rule', () => {
    expect(Object.values(rules).flatMap((breaches) => breaches(sample))).toEqual([]);
    expect(deafStates(sample, 'engine.halt')).toEqual([]);
  });

  test.each<[string, Partial<StateFacts>, string]>([
    ['shut', { description: undefined }, 'shut has no description'],
    ['gone', { tags: [] }, "gone is final and not tagged 'settled'"],
    ['shut', { hasAfter: true }, "shut has 'after' or 'invoke'"],
    ['shut', { hasInvoke: true }, "shut has 'after' or 'invoke'"],
    ['open', { entry: [] }, "open is tagged 'exposed', starts no timer and does not say why"],
  ])('%s with %o', (path, change, finding) => {
    const broken = withState(path, change);
    expect(Object.values(rules).flatMap((breaches) => breaches(broken))).toEqual([finding]);
  });

  test('an event that one state alone hears leaves the others deaf', () => {
    expect(deafStates(sample, 'door.closed')).toEqual(['shut']);
  });
});
