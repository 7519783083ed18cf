// For how long a loss that its venue keeps to itself excuses an engine: never for longer than the
// second report in a row that shows it.
import { expect, test } from 'vitest';
import { readRun } from '../../src/simulation/checker/run-reading.ts';
import { withheldLosses } from '../../src/simulation/checker/withheld-losses.ts';
import type { Execution } from '../../src/simulation/evidence.ts';
import { inTime } from './written-changes.ts';
import type { Change } from './written-changes.ts';
import { evidenceOf, instrument, step, writtenRun } from './written-run.ts';
import { execute } from './written-trade.ts';

const LOST_AT_MS = 25_000;
const LOSS: Execution = {
  ...{ fillId: 'lost', clientOrderId: 'autoclose', instrumentId: instrument('b'), side: 'buy' },
  ...{ qty: '0.15', price: '1000', feeUsd: '0', liquidity: 'taker', kind: 'liquidation' },
  filledAtMs: LOST_AT_MS,
};

/** Venue b takes half of a short away and is silent about it for half a minute. */
const untold: Change = (run) => {
  execute(run, 'b', LOSS);
  run.rest.faults.push({
    ...{ kind: 'loss-untold', venueId: 'b', fromAtMs: LOST_AT_MS, toAtMs: 55_000 },
  });
};

const reported = (askedAtMs: number): Change => {
  const report = { venueId: 'b', equityUsd: '5000', askedAtMs };
  return (run) => inTime(run, step(askedAtMs + 10, { type: 'account.reported', report }));
};

function excusedUntilAtMs(...changes: readonly Change[]): number | undefined {
  const run = writtenRun();
  for (const change of changes) change(run);
  const [window] = withheldLosses(readRun(evidenceOf(run)), ({ fillId }) => fillId === 'lost');
  return window?.toAtMs;
}

test('two reports that were asked for after it end the excuse', () => {
  expect(excusedUntilAtMs(untold, reported(26_000), reported(36_000))).toBe(36_010);
});

test('a report that was asked for before it does not count', () => {
  const early = reported(LOST_AT_MS - 5);
  expect(excusedUntilAtMs(untold, early, reported(30_000), reported(39_000))).toBe(39_010);
});

test('a fill that is heard there begins the count anew', () => {
  const reports = [reported(30_000), reported(45_000), reported(54_000)];
  expect(excusedUntilAtMs(untold, ...reports)).toBe(54_010);
});

test('its own word ends the excuse', () => {
  const told: Change = (run) =>
    inTime(run, step(28_000, { type: 'position.liquidated', fill: LOSS }));
  expect(excusedUntilAtMs(untold, told, reported(30_000), reported(39_000))).toBe(28_000);
});

test('without the silence of the venue there is no excuse', () => {
  expect(excusedUntilAtMs((run) => execute(run, 'b', LOSS))).toBeUndefined();
});
