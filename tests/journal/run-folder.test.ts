// Where runs live, how they are named and found, and what is refused as no run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRun, listRuns, openDataFolder, readRunAbout } from '../../src/journal/index.ts';
import { newRun, START_AT_MS, temporaryFolder } from './step-records.ts';

describe('run folders', () => {
  test('a run is named for its start and seed, and the next in that second gets a number', () => {
    const data = temporaryFolder();
    const ids = [newRun(data), newRun(data), newRun(data)].map((run) => run.runId);
    expect(ids).toEqual([
      '20261121T123456Z-seed7',
      '20261121T123456Z-seed7-2',
      '20261121T123456Z-seed7-3',
    ]);
    expect(listRuns(data).map((run) => run.runId)).toEqual(ids);
  });

  test('run.json says what the run was told', () => {
    expect(readRunAbout(newRun().path)).toMatchObject({
      runId: '20261121T123456Z-seed7',
      mode: 'paper',
      feed: 'sandbox',
      seed: 7,
      startedAtMs: START_AT_MS,
      config: { engine: { openTradesMax: 5 } },
    });
  });

  test('a run is found by id, by path, and as the latest', () => {
    const data = temporaryFolder();
    const [first, second] = [newRun(data), newRun(data)];
    expect(findRun(data)).toEqual(second);
    expect(findRun(data, first.runId)).toEqual(first);
    expect(findRun('/nowhere', first.path)).toEqual(first);
    expect(() => findRun(data, 'other')).toThrow(/^no run other \(looked for /);
    expect(() => findRun(join(data, 'empty'))).toThrow(/^no run in /);
  });

  test('a run is later than one that a fast clock has dated into the future', () => {
    const data = temporaryFolder();
    const fast = newRun(data);
    const file = join(fast.path, 'run.json');
    const aheadAtMs = Date.now() + 3_600_000;
    writeFileSync(file, JSON.stringify({ ...readRunAbout(fast.path), createdAtMs: aheadAtMs }));
    const [second, third] = [newRun(data), newRun(data)];
    expect(listRuns(data)).toEqual([fast, second, third]);
    expect(findRun(data)).toEqual(third);
    expect(readRunAbout(third.path).createdAtMs).toBe(aheadAtMs + 2);
  });

  test('a run of a newer version is refused by name', () => {
    const run = newRun();
    const file = join(run.path, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"version": 1', '"version": 2'));
    expect(() => readRunAbout(run.path)).toThrow('run.json: format version 2 is not the 1');
  });
});

describe('the data folder', () => {
  test('an empty or absent folder is claimed, and known again', () => {
    const data = join(temporaryFolder(), 'deep', 'data');
    openDataFolder(data);
    newRun(data);
    openDataFolder(data);
    expect(JSON.parse(readFileSync(join(data, 'trinity.json'), 'utf8'))).toEqual({
      format: 'trinity-data',
      version: 1,
    });
  });

  test("somebody else's folder is refused and left as it was", () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'photos'));
    expect(() => openDataFolder(data)).toThrow(/is not a trinity data folder: it holds photos/);
    expect(() => readFileSync(join(data, 'trinity.json'))).toThrow('ENOENT');
  });

  test('data of a newer version and a damaged marker are refused', () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'trinity.json'), '{"format":"trinity-data","version":2}');
    expect(() => openDataFolder(data)).toThrow('data version 2 is not the 1');
    writeFileSync(join(data, 'trinity.json'), '{"format":"trinity-da');
    expect(() => openDataFolder(data)).toThrow('is not the marker of a trinity data folder');
  });
});
