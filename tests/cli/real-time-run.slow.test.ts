// The run that the README promises, in full: a hundred seconds on the sandbox, for two seeds at
// once. Takes two minutes, so it runs only with TRINITY_SLOW=1.
import { expect, test } from 'vitest';
import { lastJson, newFolder, run } from './started-program.ts';

test.concurrent.each([7, 11])(
  'with seed %i trades close with funding, one panics, and none is left exposed',
  async (seed) => {
    const folder = newFolder();
    const words = `--paper --feed sandbox --seed ${seed} --exit-after 100s --json`;
    const ended = await run(words.split(' '), { folder });
    expect(ended.stderr).not.toContain('EXPOSED');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^\{.*\}\n$/);
    const result = lastJson(ended);
    expect(result.trades).toMatchObject({ open: 0, exposed: 0 });
    expect(result.trades.closed).toBeGreaterThanOrEqual(2);
    expect(result.trades.panicked).toBeGreaterThanOrEqual(1);
    expect(result.fundingPayments).toBeGreaterThanOrEqual(1);
    expect(Number(result.profit.fundingUsd)).toBeGreaterThan(0);
    expect(result.maxOrphanMs).toBeLessThanOrEqual(500);
    expect(result.inputs).toBeGreaterThan(200);
    expect(result.transitions).toBeGreaterThan(result.inputs);
    const replayed = await run(['replay', result.runDir, '--json'], { folder });
    expect(replayed.code).toBe(0);
    const { headHash, inputs, transitions } = result;
    expect(lastJson(replayed)).toMatchObject({ identical: true, headHash, inputs, transitions });
  },
  140_000,
);
