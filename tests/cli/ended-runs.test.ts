// Every way in which a run in real time ends before its time: Ctrl-C once and twice, SIGTERM, a
// crash, and a sandbox that dies. Whatever was acknowledged is in the journal.
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  isAlive,
  isGoneWithin,
  lastJson,
  newFolder,
  run,
  runsIn,
  start,
} from './started-program.ts';
import type { Started } from './started-program.ts';

const LATE_SIGNAL = fileURLToPath(new URL('./late-signal.js', import.meta.url));
const RUN = '--feed sandbox --seed 7 --json'.split(' ');
const OPEN = / → OPEN\n/;

const sandboxOf = async (engine: Started): Promise<number> =>
  Number((await engine.says(/SANDBOX \(pid (\d+)\)/))[1]);

/** The journal is whole and replays; says what it holds. */
async function checked(folder: string) {
  const [verified, replayed] = await Promise.all([
    run(['verify', '--json'], { folder }),
    run(['replay', '--json'], { folder }),
  ]);
  expect([verified.code, replayed.code]).toEqual([0, 0]);
  const { records, headHash } = lastJson(verified);
  expect(lastJson(replayed)).toMatchObject({ identical: true, inputs: records, headHash });
  return { records, headHash };
}

// At most two engines at once: each needs a part of a core to keep its books fresh.
describe('a run that is asked to end', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s brings its trade home and ends with a summary and 0',
    async (name) => {
      const folder = newFolder();
      const engine = start(RUN, { folder });
      const sandboxPid = await sandboxOf(engine);
      await engine.says(OPEN);
      engine.signal(name);
      if (name === 'SIGTERM') engine.signal(name);
      const { code, stderr, stdout } = await engine.ended;
      expect(stderr).toContain(`${name}: bringing open trades home (again: stop at once)\n`);
      expect(stderr).toMatch(/ CLOSING → CLOSED /);
      expect(code).toBe(0);
      const result = JSON.parse(stdout);
      expect(result).toMatchObject({ exitReason: name, trades: { open: 0, exposed: 0 } });
      expect(isAlive(sandboxPid)).toBe(false);
      const { headHash, records } = await checked(folder);
      expect(result).toMatchObject({ headHash, inputs: records });
    },
    40_000,
  );
});

test('a run that leaves its trades names them, and what goes on with them', async () => {
  const folder = newFolder();
  const engine = start(RUN, { folder, env: { TRINITY_RUN__ON_STOP: 'keep' } });
  await engine.says(OPEN);
  engine.signal('SIGTERM');
  const { code, stderr, stdout } = await engine.ended;
  expect(code).toBe(7);
  const { runDir } = JSON.parse(stdout);
  expect(stderr).toContain(
    `\nSIGTERM (exit code 7)\nrun ${basename(runDir)} is not finished (open: t1`,
  );
  expect(stderr).toMatch(/\); start again to go on with it\n$/);
}, 40_000);

describe('a run that is asked at an odd moment', () => {
  test.concurrent(
    'before it runs ends with 0 all the same',
    async () => {
      const folder = newFolder();
      const engine = start(RUN, { folder });
      await engine.says(/TRINITY/);
      engine.signal('SIGINT');
      const { code, stdout } = await engine.ended;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ exitReason: 'SIGINT', trades: { started: 0 } });
    },
    40_000,
  );

  test.concurrent(
    'twice ends at once with 130',
    async () => {
      const folder = newFolder();
      const engine = start(RUN, {
        folder,
        // Slow venues keep the trade from coming home at once.
        env: { TRINITY_PAPER__LATENCY_MS_MAX: '5000', TRINITY_PAPER__LATENCY_MS_MIN: '5000' },
      });
      const sandboxPid = await sandboxOf(engine);
      await engine.says(/IDLE → OPENING/);
      // An order that had not left yet would not leave any more.
      await new Promise((resolve) => setTimeout(resolve, 500));
      engine.signal('SIGINT');
      await engine.says(/again: stop at once/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      engine.signal('SIGINT');
      const { code, stdout, stderr } = await engine.ended;
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
      expect(stderr).toMatch(/SIGINT again: stopped at once\n$/);
      const trade = lastJson(await run(['trade', 't1', '--json'], { folder }));
      expect(trade.path).not.toContain('CLOSED');
      expect(await isGoneWithin(sandboxPid, 2_000)).toBe(true);
    },
    40_000,
  );
});

describe('a run that has ended is not asked any more', () => {
  test.concurrent.each(['summary', 'lock'])(
    'by a second signal that comes with its %s: the code is its own',
    async (moment) => {
      const folder = newFolder();
      const nodeFlags = ['--import', LATE_SIGNAL];
      const engine = start(RUN, { folder, nodeFlags, env: { SIGNAL_AT: moment } });
      await engine.says(/engine running/);
      engine.signal('SIGINT');
      const { code, signal, stdout, stderr } = await engine.ended;
      expect(stderr).toMatch(new RegExp(`^late signal at ${moment}$`, 'm'));
      expect(stderr).not.toContain('stopped at once');
      expect({ code, signal }).toEqual({ code: 0, signal: null });
      expect(JSON.parse(stdout)).toMatchObject({ exitReason: 'SIGINT', trades: { open: 0 } });
    },
    40_000,
  );

  test('by a first signal either', async () => {
    const folder = newFolder();
    const words = [...RUN, '--exit-after', '1s'];
    const nodeFlags = ['--import', LATE_SIGNAL];
    const engine = start(words, { folder, nodeFlags, env: { SIGNAL_AT: 'summary' } });
    const { code, stdout, stderr } = await engine.ended;
    expect(stderr).toContain('late signal at summary\n');
    expect(stderr).not.toContain('bringing open trades home');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).exitReason).toContain('--exit-after');
  }, 40_000);
});

describe('a run that goes on and is asked to end before every venue was heard', () => {
  test.concurrent(
    'ends with 7 when one stays silent: it is to be started again',
    async () => {
      const folder = newFolder();
      const engine = start(RUN, { folder });
      await engine.says(/engine running/);
      engine.signal('SIGKILL');
      await engine.ended;
      const silent = {
        TRINITY_PAPER__LATENCY_MS_MAX: '5000',
        TRINITY_PAPER__LATENCY_MS_MIN: '5000',
        TRINITY_ENGINE__SHUTDOWN_GRACE_MS: '1000',
      };
      const next = start(RUN, { folder, env: silent });
      await next.says(/resuming run/);
      next.signal('SIGTERM');
      const { code, stdout, stderr } = await next.ended;
      expect(stderr).toContain('STOPPED_UNHEARD');
      expect(code).toBe(7);
      expect(JSON.parse(stdout)).toMatchObject({ trades: { open: 0, exposed: 0 } });
    },
    40_000,
  );
});

describe('a run that is not asked', () => {
  test.concurrent(
    'and is killed leaves a whole journal, no sandbox, and a lock that the next one takes',
    async () => {
      const folder = newFolder();
      const engine = start(RUN, { folder });
      const sandboxPid = await sandboxOf(engine);
      const [, opened = ''] = await engine.says(/(t\d+) .* → OPEN\n/);
      engine.signal('SIGKILL');
      await engine.ended;
      expect(await isGoneWithin(sandboxPid, 2_000)).toBe(true);
      const trade = lastJson(await run(['trade', opened, '--json'], { folder }));
      // The screen shows a step when it is appended; an order leaves when it is durable.
      expect(trade.path).toEqual(expect.arrayContaining(['IDLE', 'OPENING']));
      expect(trade.orders.length).toBeGreaterThanOrEqual(2);
      expect((await checked(folder)).records).toBeGreaterThan(40);

      const next = await run('--clock virtual --exit-after 1s --json'.split(' '), { folder });
      expect(next.code).toBe(0);
      expect(next.stderr).toContain(
        `took over the data folder from process ${engine.pid}, which is gone\n`,
      );
      expect(runsIn(folder)).toHaveLength(2);
    },
    40_000,
  );

  test.concurrent.each([
    ['before its first trade', /engine running/, 0],
    ['while a trade is open', OPEN, 1],
  ])(
    'because its sandbox dies %s says so and ends with 9; its journal replays',
    async (_, moment, openCount) => {
      const folder = newFolder();
      const engine = start([...RUN, '--exit-after', '1h'], { folder });
      const sandboxPid = await sandboxOf(engine);
      await engine.says(moment);
      process.kill(sandboxPid, 'SIGKILL');
      const { code, stdout, stderr } = await engine.ended;
      const reason = `the sandbox (pid ${sandboxPid}) ended by SIGKILL: there are no prices any more`;
      expect(code).toBe(9);
      expect(stderr).toContain(`${reason} (exit code 9)\n`);
      expect(JSON.parse(stdout)).toMatchObject({
        exitReason: reason,
        trades: { open: openCount },
        runDir: join(runsIn(folder)[0] ?? ''),
      });
      const { headHash } = await checked(folder);
      expect(JSON.parse(stdout)).toMatchObject({ headHash });
    },
    40_000,
  );
});
