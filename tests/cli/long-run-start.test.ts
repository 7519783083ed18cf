// A run that goes on is taken up from its newest snapshot: of what lies before it nothing is opened
// and nothing read, however many segments that is. Every file and byte is counted where the program
// asks the system for them.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { KERNEL_SCHEMA_VERSION } from '../../src/cli/run-snapshot.ts';
import { resumableRun } from '../../src/cli/resumable-run.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { createRun, FileJournal, findRun, listSegments } from '../../src/journal/index.ts';
import { readJournal, SyncJournal, verifyChain, writeSnapshot } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { Kernel, recordHash } from '../../src/kernel/index.ts';
import { recordRun } from './recorded-run.ts';
import { newFolder } from './started-program.ts';

/** Where the last segment begins, and where in it the snapshot stands. */
const [TAIL_FROM, SNAPSHOT_AT, END] = [240, 245, 250];

let records: readonly StepRecord[] = [];
beforeAll(async () => {
  const recorded = await recordRun();
  const all = [...readJournal(findRun('unused', recorded.path))].map(({ record }) => record);
  records = all.slice(0, END);
  expect(records).toHaveLength(END);
});

/** The same records in so many segments before the last one. */
async function runIn(segments: 3 | 240) {
  const dataPath = newFolder();
  const about = { engineVersion: 'test', mode: 'paper', clock: 'real', feed: 'sandbox', seed: 7 };
  const startedAtMs = records[0]?.atMs ?? expect.fail('there are records');
  const run = createRun(dataPath, { ...about, startedAtMs, configHash: '', config: {} });
  const each = TAIL_FROM / segments;
  for (let part = 0; part < segments; part += 1) {
    await add(run, records.slice(Math.floor(part * each), Math.floor((part + 1) * each)));
  }
  await add(run, records.slice(TAIL_FROM));
  expect(listSegments(run.path)).toHaveLength(segments + 1);
  const kernel = new Kernel();
  for (const { input, atMs } of records.slice(0, SNAPSHOT_AT)) kernel.step(input, atMs);
  const state = kernel.snapshot();
  const { seq, atMs, hash } = state;
  await writeSnapshot(run, { seq, atMs, hash, state }, KERNEL_SCHEMA_VERSION);
  return { dataPath, run };
}

/** Each life of a journal begins a segment. */
async function add(run: RunFolder, part: readonly StepRecord[]): Promise<void> {
  const journal = new SyncJournal(run);
  for (const record of part) journal.append(record);
  await journal.close();
}

const real = { openSync: fs.openSync, readFileSync: fs.readFileSync, readSync: fs.readSync };
afterEach(() => {
  Object.assign(fs, real);
  syncBuiltinESMExports();
});

/** Names and bytes of what the work reads; the work itself is done by the real system. */
function readingOf<Result>(work: () => Result) {
  const files: string[] = [];
  let bytes = 0;
  const counted = {
    openSync: (...given: Parameters<typeof fs.openSync>) => {
      files.push(basename(String(given[0])));
      return real.openSync(...given);
    },
    readFileSync: (...given: Parameters<typeof fs.readFileSync>) => {
      files.push(basename(String(given[0])));
      const content = real.readFileSync(...given);
      bytes += content.length;
      return content;
    },
    readSync: (...given: Parameters<typeof real.readSync>) => {
      const count = real.readSync(...given);
      bytes += count;
      return count;
    },
  };
  Object.assign(fs, counted);
  syncBuiltinESMExports();
  const result = work();
  Object.assign(fs, real);
  syncBuiltinESMExports();
  return { result, files, bytes };
}

test('a start reads no more behind 240 segments than behind 3', async () => {
  const readings = [];
  for (const segments of [3, 240] as const) {
    const { dataPath, run } = await runIn(segments);
    const start = readingOf(() => {
      const resumable = resumableRun(dataPath, { feed: 'sandbox', seed: 7 });
      if (resumable === undefined) throw new Error('the run must be found');
      return { resumable, journal: new FileJournal(run, { lastSeq: resumable.lastSeq }) };
    });
    const { resumable, journal } = start.result;
    expect(resumable.kernel.head).toMatchObject({ seq: END, hash: records.at(-1)?.hash });
    await journal.close();
    expect(verifyChain(run, recordHash).records).toBe(END);
    const last = basename(listSegments(run.path).at(-1) ?? '');
    readings.push({
      files: start.files.map((name) => (name === last ? 'the last segment' : name)),
      bytes: start.bytes,
      digits: String(segments).length,
    });
  }
  const [few, many] = readings;
  expect(new Set(many?.files)).toEqual(
    new Set(['run.json', 'snapshot-000000000245.json', 'the last segment']),
  );
  expect(many?.files).toEqual(few?.files);
  // Only the number of the segment in its header is longer.
  expect((many?.bytes ?? 0) - (few?.bytes ?? 0)).toBeLessThan(10);
});
