// A day of virtual time, twice: takes seconds each and comes out the same. Runs only with
// TRINITY_SLOW=1.
import { expect, test } from 'vitest';
import { lastJson, newFolder, run } from './started-program.ts';

test('a day takes less than a minute, replays, and is the same twice', async () => {
  const folder = newFolder();
  const words = '--clock virtual --seed 7 --exit-after 86400s --json'.split(' ');
  const startedAtMs = performance.now();
  const day = lastJson(await run(words, { folder }));
  expect(performance.now() - startedAtMs).toBeLessThan(60_000);
  expect(day.trades).toMatchObject({ open: 0, exposed: 0 });
  expect(day.trades.closed).toBeGreaterThanOrEqual(10);
  expect(day.fundingPayments).toBeGreaterThanOrEqual(6);
  expect(day.maxOrphanMs).toBeLessThanOrEqual(500);
  const again = lastJson(await run(words, { folder }));
  expect(again.headHash).toBe(day.headHash);
  expect(again.runDir).not.toBe(day.runDir);
  const replayed = await run(['replay', day.runDir, '--json'], { folder });
  expect(replayed.code).toBe(0);
  expect(lastJson(replayed)).toMatchObject({ identical: true, headHash: day.headHash });
}, 300_000);
