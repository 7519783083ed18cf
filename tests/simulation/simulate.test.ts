// Seeds are runs: the same scenario gives the same journal, one without faults trades and breaks
// nothing, and one with all of them is judged, killed and started again.
import { describe, expect, test } from 'vitest';
import { negate, total, toUsd } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { summarise } from '../../src/operator/run-summary.ts';
import { check } from '../../src/simulation/checker/checker.ts';
import { ALL_FAULT_KINDS, selectFaults } from '../../src/simulation/fault-kind.ts';
import { swarmScenario } from '../../src/simulation/scenario.ts';
import { judge, judgeTwice } from '../../src/simulation/seed-result.ts';
import { simulate } from '../../src/simulation/simulate.ts';

const MINUTE_MS = 60_000;

describe('a scenario', () => {
  test('without faults trades, breaks nothing and replays', { timeout: 60_000 }, () => {
    const scenario = { seed: 1, durationMs: 3 * MINUTE_MS, faults: {} };
    const { violations, trades, lives, worst } = judge(scenario, { isReplayed: true });
    expect(violations).toEqual([]);
    expect(trades).toBeGreaterThan(3);
    expect(lives).toBe(1);
    expect(worst.unhedgedMs).toBeLessThan(500);
  });

  test('gives the same hash again, restarts included', { timeout: 60_000 }, () => {
    const scenario = {
      seed: 3,
      durationMs: MINUTE_MS,
      faults: { kill: 0.9, 'ack-lost': 0.5, 'power-loss': 0.5, 'disk-slow': 0.5, stall: 0.5 },
    };
    const { violations, lives } = judgeTwice(scenario);
    expect(violations.filter(({ text }) => text.includes('gave head'))).toEqual([]);
    expect(lives).toBeGreaterThan(1);
  });

  test('of another seed gives another hash', { timeout: 60_000 }, () => {
    const scenario = { durationMs: 20_000, faults: {} };
    const heads = [1, 2].map((seed) => judge({ ...scenario, seed }).headHash);
    expect(heads[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(heads[0]).not.toBe(heads[1]);
  });
});

test(
  'a loss that its venue is silent about is told when the silence ends',
  { timeout: 60_000 },
  () => {
    const faults = { 'loss-untold': 0.8, kill: 1 };
    const { evidence, situations } = simulate({ seed: 20, durationMs: MINUTE_MS, faults });
    const silences = evidence.faults.filter(({ kind }) => kind === 'loss-untold');
    const losses = evidence.venues.flatMap(({ venueId, executions }) =>
      executions
        .filter(({ kind }) => kind === 'liquidation')
        .map(({ fillId, filledAtMs }) => {
          const silence = silences.find(
            (each) => each.venueId === venueId && each.fromAtMs === filledAtMs,
          );
          const told = evidence.journal.find(({ text }) => text.includes(`"${fillId}"`));
          return (told?.appendedAtMs ?? Infinity) - (silence?.toAtMs ?? Infinity);
        }),
    );
    expect(losses.length).toBeGreaterThan(0);
    expect(evidence.lives.length).toBeGreaterThan(1);
    expect(Math.min(...losses)).toBeGreaterThan(0);
    expect(situations.get('late fill explained a correction')).toBeGreaterThan(0);
    expect(check(evidence)).toEqual([]);
  },
);

test('money that moves during the run is explained, over restarts too', { timeout: 60_000 }, () => {
  const faults = { transfer: 1, kill: 0.7, 'line-down': 0.5, 'account-unavailable': 0.5 };
  const { evidence, faultCounts } = simulate({ seed: 5, durationMs: 2 * MINUTE_MS, faults });
  expect(check(evidence)).toEqual([]);
  expect(faultCounts.get('transfer')).toBeGreaterThan(20);
  expect(evidence.lives.length).toBeGreaterThan(1);
  const history = new RunHistory();
  for (const { text } of evidence.journal) history.add(JSON.parse(text));
  const { ledger, profit } = summarise(history);
  expect(ledger).toMatchObject({ isBalanced: true, unexplainedUsd: '0' });
  expect(profit.unexplainedUsd).toBe('0');
  const brought = history.ledger.balances.filter(({ account }) => account === 'transfers');
  const moved = evidence.venues.flatMap((venue) =>
    venue.ledger.filter(({ kind }) => kind === 'deposit' || kind === 'withdrawal'),
  );
  const movedUsd = total(moved.map(({ amountUsd }) => toUsd(amountUsd)));
  expect(negate(total(brought.map(({ amount }) => toUsd(amount))))).toBe(movedUsd);
  expect(summarise(history).trades.started).toBeGreaterThan(3);
});

describe('a swarm', () => {
  const kinds = ALL_FAULT_KINDS;

  test('switches about half of the kinds on, other ones with each seed', () => {
    const seeds = Array.from({ length: 50 }, (_, seed) =>
      Object.keys(swarmScenario({ seed, durationMs: 1, kinds }).faults),
    );
    const meanCount = seeds.reduce((sum, on) => sum + on.length, 0) / seeds.length;
    expect(meanCount).toBeGreaterThan(kinds.length * 0.35);
    expect(meanCount).toBeLessThan(kinds.length * 0.6);
    expect(new Set(seeds.map((on) => on.join()))).toHaveProperty('size', seeds.length);
    expect(new Set(seeds.flat()).size).toBe(kinds.length);
  });

  test('leaves the strength of a kind where it was when others are left out', () => {
    const whole = swarmScenario({ seed: 9, durationMs: 1, kinds }).faults;
    for (const kind of kinds) {
      const alone = swarmScenario({ seed: 9, durationMs: 1, kinds: [kind] }).faults;
      expect(alone[kind]).toBe(whole[kind]);
    }
  });

  test('takes kinds by family, by name, all and none, and names the word that it does not know', () => {
    expect(selectFaults(['all'])).toEqual({ kinds });
    expect(selectFaults(['none'])).toEqual({ kinds: [] });
    expect(selectFaults(['kill', 'ban'])).toEqual({ kinds: ['ban', 'kill'] });
    expect(selectFaults(['P', 'kill'])).toEqual({
      kinds: ['clock-offset', 'stall', 'kill', 'kill-in-recovery', 'clock-jump'],
    });
    expect(selectFaults(['N', 'rain'])).toEqual({ unknown: 'rain' });
  });
});
