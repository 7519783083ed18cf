// Ends that are no crash and leave trades behind: told to keep them, a venue that does not answer
// within the grace, a disk that is full or broken in the middle of an exit. The next start goes on
// with the run and brings everything home.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastLife, untilOpen } from './kill-case.ts';
import { Stage, within } from './stage.ts';

const LIMIT_MS = 300_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(39);
});
afterAll(() => stage.close());

test(
  'SIGTERM with `keep` ends with 7 and leaves the trade; the next start has it and brings it home',
  async () => {
    const before = await stage.statements();
    // Nothing is on its way: it does not wait for the grace to be over.
    const grace = { TRINITY_ENGINE__SHUTDOWN_GRACE_MS: '600000' };
    const life = stage.live({ env: { TRINITY_RUN__ON_STOP: 'keep', ...grace } });
    await untilOpen(stage, life);
    life.engine.signal('SIGTERM');
    const kept = await within(life.engine.ended, 'the end');
    expect(kept).toMatchObject({ code: 7, stdout: expect.stringContaining('"open":1') });
    const { third, faults } = await lastLife(stage, before);
    expect(faults).toEqual([]);
    expect((await third.engine.ended).stderr).toMatch(/resuming run .*; open: t1/);
  },
  LIMIT_MS,
);

test(
  'SIGTERM while the venues do not answer ends with 7 within the grace; the next start goes on',
  async () => {
    const before = await stage.statements();
    const runs = stage.runPaths().length;
    const life = stage.live({ env: { TRINITY_ENGINE__SHUTDOWN_GRACE_MS: '2000' } });
    await untilOpen(stage, life);
    stage.stopExchange();
    life.engine.signal('SIGTERM');
    const left = await within(life.engine.ended, 'the end');
    stage.wakeExchange();
    expect(left).toMatchObject({ code: 7 });
    const { faults } = await lastLife(stage, before);
    expect(faults).toEqual([]);
    expect(stage.runPaths().length - runs).toBe(1);
  },
  LIMIT_MS,
);

test.each([
  ['full', 'Dwrite', 'ENOSPC: no space left on device, write'],
  ['broken', 'Dsync', 'EIO: i/o error, fdatasync'],
])(
  'a disk that is %s in the middle of an exit ends the run with 1; with a good one it comes home',
  async (_, point, cause) => {
    const before = await stage.statements();
    const runs = stage.runPaths().length;
    const life = stage.live({ killAt: `${point}:exit` });
    await untilOpen(stage, life);
    life.engine.signal('SIGTERM');
    const failed = await within(life.engine.ended, 'the end');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(cause) });
    const { faults } = await lastLife(stage, before);
    expect(faults).toEqual([]);
    expect(stage.runPaths().length - runs).toBe(1);
  },
  LIMIT_MS,
);
