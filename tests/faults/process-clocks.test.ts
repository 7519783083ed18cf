// The real program while its process is stopped, its loop is blocked, or the machine's wall clock
// jumps: what was held stays managed, nothing new is opened on old prices, and the log says it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lastJson, newFolder, run, start } from '../cli/started-program.ts';

const WORDS = '--feed sandbox --seed 7 --json --exit-after'.split(' ');
const ODD = fileURLToPath(new URL('./odd-process.js', import.meta.url));

interface LogLine {
  readonly event: string;
  readonly stalledMs?: number;
}

const logOf = (folder: string): readonly LogLine[] =>
  readFileSync(join(folder, 'logs', 'engine.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);

const stallsOf = (folder: string): readonly number[] =>
  logOf(folder).flatMap(({ event, stalledMs }) =>
    event === 'process.stalled' && stalledMs !== undefined ? [stalledMs] : [],
  );

async function expectReplay(folder: string): Promise<void> {
  const replayed = await run(['replay', '--json'], { folder });
  expect(lastJson(replayed)).toMatchObject({ identical: true });
}

test.concurrent(
  'stopped for 3 s with a trade open, it says so, trades on and comes home',
  async () => {
    const folder = newFolder();
    const engine = start([...WORDS, '12s'], { folder });
    await engine.says(/ → OPEN\n/);
    engine.signal('SIGSTOP');
    await pause(3_000);
    engine.signal('SIGCONT');
    await engine.says(/the process stood still for \d{4} ms; entries wait for new books/);
    const ended = await engine.ended;
    expect(ended.code).toBe(0);
    expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
    expect(Math.max(...stallsOf(folder))).toBeGreaterThanOrEqual(2_900);
    await expectReplay(folder);
  },
  40_000,
);

test.concurrent(
  'with its loop blocked for 2 s and the wall clock an hour ahead, then behind, it goes on',
  async () => {
    const folder = newFolder();
    const env = { NODE_OPTIONS: `--import ${ODD}` };
    const ended = await run([...WORDS, '12s'], { folder, env });
    expect(ended.stderr).toContain('odd: clock +3600000, clock -3600000, blocked 2000\n');
    expect(ended.code).toBe(0);
    expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
    expect(stallsOf(folder).some((ms) => ms >= 1_900 && ms < 3_600_000)).toBe(true);
    expect(logOf(folder).filter(({ event }) => event === 'stream.disconnected')).toEqual([]);
    await expectReplay(folder);
  },
  40_000,
);
