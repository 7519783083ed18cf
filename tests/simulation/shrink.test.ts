// A failing scenario becomes small: what has nothing to do with the failure goes, what makes it
// stays.
import { describe, expect, test } from 'vitest';
import { ALL_FAULT_KINDS } from '../../src/simulation/fault-kind.ts';
import type { Journal } from '../../src/ports/index.ts';
import { parseScenario, scenarioText } from '../../src/simulation/scenario-codec.ts';
import type { Scenario } from '../../src/simulation/scenario.ts';
import { judge } from '../../src/simulation/seed-result.ts';
import { shrink } from '../../src/simulation/shrink.ts';

const whole: Scenario = {
  seed: 1,
  durationMs: 3_600_000,
  faults: Object.fromEntries(ALL_FAULT_KINDS.map((kind) => [kind, 0.5])),
};

/** Planted: messages leave before their record is on the disk. */
const sentBeforeSafe = (journal: Journal): Journal => ({
  append: (record) => journal.append(record),
  whenDurable: (_, then) => then(),
  onFailure: (then) => journal.onFailure(then),
  close: () => journal.close(),
});

describe('shrinking', () => {
  test('finds the two kinds that fail only together, and the shortest time', () => {
    const { scenario } = shrink(
      whole,
      ({ faults, durationMs }) =>
        faults.ban !== undefined && faults['ack-lost'] !== undefined && durationMs >= 60_000,
      200,
    );
    expect(Object.keys(scenario.faults).sort()).toEqual(['ack-lost', 'ban']);
    expect(scenario.durationMs).toBe(112_500);
  });

  test('leaves a scenario alone of which nothing can be left out', () => {
    const { scenario } = shrink(whole, (smaller) => smaller === whole);
    expect(scenario).toEqual(whole);
  });

  test('never tries more often than it may', () => {
    const { attempts } = shrink(whole, () => false, 7);
    expect(attempts).toBe(7);
  });

  test('of a bug that needs no fault leaves no fault', { timeout: 60_000 }, () => {
    const breaks = (scenario: Scenario): boolean =>
      judge(scenario, { planting: { journal: sentBeforeSafe } }).violations.some(
        ({ invariant }) => invariant === 'I1',
      );
    const faults = { ban: 0.5, partial: 0.5 };
    const { scenario } = shrink({ seed: 1, durationMs: 20_000, faults }, breaks);
    expect(scenario.faults).toEqual({});
  });
});

describe('a kept scenario', () => {
  test('is read back as it was written', () => {
    expect(parseScenario(scenarioText(whole, 'I2: twice'))).toEqual(whole);
  });

  test.each([
    ['a kind that does not exist', { ...whole, faults: { rain: 0.5 } }],
    ['a strength above 1', { ...whole, faults: { ban: 1.5 } }],
    ['no seed', { durationMs: 1_000, faults: {} }],
    ['another word', { ...whole, hours: 1 }],
  ])('is refused with %s', (_, value) => {
    expect(() => parseScenario(JSON.stringify(value))).toThrow();
  });
});
