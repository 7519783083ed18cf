// Virtual time: a run is a function of its seed and its configuration, and passes as fast as the
// machine can.
import { expect, test } from 'vitest';
import { lastJson, newFolder, run } from './started-program.ts';

const hour = async (seed: number, env: NodeJS.ProcessEnv = {}) => {
  const words = `--clock virtual --seed ${seed} --exit-after 1h --json`.split(' ');
  const ended = await run(words, { folder: newFolder(), env });
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/^\{.*\}\n$/);
  return lastJson(ended);
};

test('an hour is decided by seed and configuration, and by nothing else', async () => {
  const [one, again, otherSeed, otherSize] = await Promise.all([
    hour(7),
    hour(7, { TRINITY_LOG__LEVEL: 'error' }),
    hour(8),
    hour(7, { TRINITY_STRATEGIES__FUNDING_CARRY__NOTIONAL_USD: '1000' }),
  ]);
  const { runDir: _, ...oneRun } = one;
  expect(again).toMatchObject(oneRun);
  expect(otherSeed.headHash).not.toBe(one.headHash);
  expect(otherSize.headHash).not.toBe(one.headHash);
  expect(one.exitReason).toBe('the time of --exit-after is over');
  expect(one.trades.closed).toBeGreaterThanOrEqual(2);
  expect(one.trades).toMatchObject({ open: 0, exposed: 0 });
  expect(one.fundingPayments).toBeGreaterThanOrEqual(1);
}, 60_000);
