// `node main runs` of a data folder in which runs ended in every way: what it says of each comes
// from the result that the run left, from its journal, or stays unknown.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { changeLines, changeText, recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, newFolder, run, start } from './started-program.ts';

const only = async (dataFolder: string) => {
  const ended = await run(['runs', '--json', '--data', dataFolder], { folder: newFolder() });
  expect(ended.code, ended.stderr).toBe(0);
  const { runs } = lastJson(ended);
  expect(runs).toHaveLength(1);
  return runs[0];
};

describe('a run that is over', () => {
  let recorded: RecordedRun;
  let data = '';
  let result = '';
  beforeAll(async () => {
    recorded = await recordRun();
    data = dirname(dirname(recorded.path));
    result = join(recorded.path, 'result.json');
  });

  test('is told in one line', async () => {
    const { trades, inputs } = recorded.result;
    const { stdout, code } = await run(['runs', '--data', data], { folder: newFolder() });
    const [head = '', row = '', ...rest] = stdout.trimEnd().split('\n');
    expect([code, rest]).toEqual([0, []]);
    expect(head.split(/ {2,}/)).toEqual([
      ...['run', 'started (UTC)', 'ended', 'profit USD', 'trades', 'closed', 'panicked', 'records'],
      ...['mode', 'feed', 'seed', 'reason'],
    ]);
    expect(row.split(/ {2,}/)).toEqual([
      basename(recorded.path),
      expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/),
      'stopped',
      expect.stringMatching(/^[+−]\d+\.\d\d$/),
      ...[trades.started, trades.closed, trades.panicked, inputs].map(String),
      ...['paper', 'virtual', '7', 'the time of --exit-after is over'],
    ]);
  });

  test('has the figures of its result, also where only the journal has them', async () => {
    const { trades, inputs, profit } = recorded.result;
    const figures = { state: 'stopped', records: inputs, trades, profitUsd: profit.totalUsd };
    expect(await only(data)).toMatchObject({ ...figures, exitReason: expect.any(String) });
    const kept = readFileSync(result);
    rmSync(result);
    expect(await only(data)).toMatchObject({ ...figures, exitReason: null });
    writeFileSync(result, kept);
  });

  test('is not judged by a result that the journal has outgrown, or that is none', async () => {
    const kept = readFileSync(result, 'utf8');
    for (const other of [kept.replace('"inputs":', '"inputs":1'), kept.slice(0, -9), '{}']) {
      writeFileSync(result, other);
      expect(await only(data)).toMatchObject({ exitReason: null, records: recorded.result.inputs });
    }
    writeFileSync(result, kept);
  });
});

test('a run whose process died was not finished; a damaged one is told and hides no other', async () => {
  const recorded = await recordRun();
  const data = dirname(dirname(recorded.path));
  changeLines(recorded.path, (lines) => [...lines.slice(0, -2), '']);
  const records = recorded.result.inputs - 1;
  expect(await only(data)).toMatchObject({ state: 'unfinished', records, exitReason: null });
  changeText(recorded.path, '"openTradesMax":5', '"openTradesMax":6');
  expect(await only(data)).toMatchObject({ state: 'damaged', records: null, trades: null });
});

test('an archived run is not unpacked for a list', async () => {
  const recorded = await recordRun();
  const data = dirname(dirname(recorded.path));
  const archived = await run(['archive', recorded.path, '--data', data], { folder: newFolder() });
  expect(archived.code, archived.stderr).toBe(0);
  const { trades, inputs } = recorded.result;
  expect(await only(data)).toMatchObject({ state: 'stopped', records: inputs, trades });
  rmSync(join(recorded.path, 'result.json'));
  const unknown = { trades: null, profitUsd: null };
  expect(await only(data)).toMatchObject({ state: 'stopped', records: inputs, ...unknown });
  const { stdout } = await run(['runs', '--data', data], { folder: newFolder() });
  expect(stdout).toMatch(/ stopped +- +- +- +- +\d+ {2}paper {2}virtual +7\n$/);
});

test('a run that goes on is running, and was not finished once its process is killed', async () => {
  const folder = newFolder();
  const engine = start('--feed sandbox --seed 7 --json'.split(' '), { folder });
  await engine.says(/engine running/);
  expect(await only(join(folder, 'data'))).toMatchObject({ state: 'running', pid: engine.pid });
  engine.signal('SIGKILL');
  await engine.ended;
  expect(await only(join(folder, 'data'))).toMatchObject({ state: 'unfinished', pid: null });
}, 40_000);

test('a data folder without runs says so', async () => {
  const { code, stdout } = await run(['runs', '--data', newFolder()], { folder: newFolder() });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/ has no runs\n$/)]);
});
