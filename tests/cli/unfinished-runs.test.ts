// A start beside a run that was not finished: it holds trades on the paper accounts, so that nothing
// but the same run, or a person who says so, may go past it.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { resumableRun } from '../../src/cli/resumable-run.ts';
import { changeLines, recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { newFolder, run, runsIn } from './started-program.ts';

let recorded: RecordedRun;
beforeAll(async () => {
  recorded = await recordRun();
}, 60_000);

interface Told {
  readonly clock?: string;
  readonly feed?: string;
  readonly exchange?: string;
  readonly createdAtMs?: number;
}

/** A data folder with the recorded run in it, as if it had been told so, whole or cut short. */
function folderWith(told: Told, end: 'stopped' | 'cut'): string {
  const folder = newFolder();
  const data = join(folder, 'data');
  cpSync(join(dirname(recorded.path), '..'), data, { recursive: true });
  const path = join(data, 'runs', basename(recorded.path));
  const file = join(path, 'run.json');
  const about = JSON.parse(readFileSync(file, 'utf8'));
  const {
    clock = 'real',
    feed = 'sandbox',
    exchange = 'own',
    createdAtMs = about.createdAtMs,
  } = told;
  const config = { ...about.config, run: { ...about.config.run, exchange } };
  writeFileSync(file, JSON.stringify({ ...about, clock, feed, createdAtMs, config }));
  if (end === 'cut') cutWhileOpen(path);
  return folder;
}

/** Leaves the journal as a kill would: its first trade is open, and no stop was told. */
function cutWhileOpen(path: string): void {
  for (const name of readdirSync(path).filter((each) => each.startsWith('snapshot'))) {
    rmSync(join(path, name), { recursive: true });
  }
  changeLines(path, (lines) => {
    const opened = lines.findIndex((line) => line.includes('"to":"OPEN"'));
    expect(opened).toBeGreaterThan(0);
    return [...lines.slice(0, opened + 1), ''];
  });
}

const identityOf = (seed: number, feed = 'sandbox') => ({ feed, seed, exchange: 'own' });

test('a start with another seed is refused, and names the run, its trades and the ways out', async () => {
  const folder = folderWith({}, 'cut');
  const words = '--feed sandbox --seed 8 --exit-after 1s --json'.split(' ');
  const { code, stdout, stderr } = await run(words, { folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(
    `run ${basename(recorded.path)} was not finished (open: t1) and has these paper accounts; ` +
      '`--seed 7` goes on with it, `--new-run` leaves it as it is and starts another\n',
  );
  expect(runsIn(folder)).toHaveLength(1);
});

test('--new-run starts another beside it', async () => {
  const folder = folderWith({}, 'cut');
  const words = '--feed sandbox --seed 8 --new-run --exit-after 1s --json'.split(' ');
  const { code, stderr } = await run(words, { folder });
  expect(code, stderr).toBe(0);
  expect(runsIn(folder)).toHaveLength(2);
}, 30_000);

test('the same seed goes on with it', () => {
  const data = join(folderWith({}, 'cut'), 'data');
  expect(resumableRun(data, identityOf(7))?.folder.runId).toBe(basename(recorded.path));
});

test.each([
  ['a run that stopped', {}, 'stopped', identityOf(8)],
  ['a run in virtual time', { clock: 'virtual' }, 'cut', identityOf(8)],
  ['a run on live prices', { feed: 'live' }, 'cut', identityOf(8)],
  ['a run at an exchange process', { exchange: '127.0.0.1:7301' }, 'cut', identityOf(8)],
] as const)('%s keeps no other seed from starting', (_, told, end, identity) => {
  expect(resumableRun(join(folderWith(told, end), 'data'), identity)).toBeUndefined();
});

test('a run on live prices goes on whatever the seed is', () => {
  const data = join(folderWith({ feed: 'live' }, 'cut'), 'data');
  expect(resumableRun(data, identityOf(8, 'live'))?.lastSeq).toBeGreaterThan(1);
});

test('a run whose creation lies ahead of the machine goes on at its last record', () => {
  const createdAtMs = Date.now() + 3_600_000;
  const data = join(folderWith({ createdAtMs }, 'cut'), 'data');
  const resumable = resumableRun(data, identityOf(7));
  expect(resumable?.nowAtMs).toBe(resumable?.lastAtMs);
});
