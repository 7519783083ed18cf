// `node main status` beside an engine that trades, is halted and is killed: what it does, in plain
// words and in fields; and afterwards how its run ended.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastJson, newFolder, run, start } from './started-program.ts';

const RUN = '--feed sandbox --seed 7 --json'.split(' ');

test('says what the engine does, and how the last run ended where none is', async () => {
  const folder = newFolder();
  const data = join(folder, 'data');
  const ask = (words: string) => run([...words.split(' '), '--data', data], { folder });
  const engine = start(RUN, { folder });
  await engine.says(/t1 .*→ OPEN\n/);
  const status = await ask('status --json');
  await ask('halt --reason news');
  const halted = await ask('status');
  const listed = lastJson(await ask('runs --json'));
  engine.signal('SIGKILL');
  await engine.ended;
  const absent = await ask('status');

  expect([status.code, halted.code, absent.code]).toEqual([0, 0, 2]);
  const { runId, pid, openTrades, streams, ...told } = lastJson(status);
  expect(told).toMatchObject({ running: true, state: 'running', feed: 'sandbox', lease: null });
  expect(told).toMatchObject({ seed: 7, mode: 'paper', alerts: [], reason: '' });
  expect(told.stateAtMs).toBeGreaterThan(told.startedAtMs);
  expect(told.stateAtMs).toBeLessThan(told.atMs);
  expect(pid).toBe(engine.pid);
  expect(openTrades).toContainEqual({
    tradeId: 't1',
    key: expect.stringMatching(/>/),
    state: 'OPEN',
    legs: [0, 1].map(() => ({
      instrumentId: expect.stringContaining(':'),
      status: 'idle',
      qty: expect.stringMatching(/^-?0\.\d+$/),
    })),
  });
  expect(streams).toContainEqual({
    ...{ venueId: 'okx', healthyCount: 5, count: 5, oldestMs: expect.any(Number) },
  });
  expect(halted.stdout).toMatch(/^state {4}halted \(opens nothing new\) for \d\d:\d\d: news\n/);
  expect(halted.stdout).toMatch(/\nopen {5}t1 \S+ \S+ OPEN\n {11}\S+ -?0\.\d+\n/);
  expect(halted.stdout).toMatch(
    /\nstreams {2}● \S+ 5 of 5 healthy, the oldest book is \d+ ms old\n/,
  );
  expect(listed.runs).toMatchObject([{ runId, state: 'running', pid, trades: { exposed: 0 } }]);
  expect(absent.stdout).toMatch(
    new RegExp(`^no engine runs on ${data}\nlast run ${runId}: not finished, \\d open\n$`),
  );
  expect(lastJson(await ask('status --json'))).toMatchObject({
    running: false,
    lastRun: { runId, state: 'unfinished', pid: null },
  });
}, 60_000);

test('a folder that no engine ever used is no place to ask', async () => {
  const folder = newFolder();
  const { code, stdout, stderr } = await run(['status'], { folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('is no data folder of trinity');
});
