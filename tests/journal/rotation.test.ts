// A journal in many segments has no gap, and goes on after a crash at each boundary between two:
// before the next file is there, while its header is being written, and in its first record.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { FileJournal, JournalFollower, listSegments } from '../../src/journal/index.ts';
import { lastWrittenSeq, SyncJournal, verifyChain } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { segmentPath } from '../../src/journal/segment.ts';
import { newRun, readAll, recordHash, stepRecords } from './step-records.ts';

const RECORDS = stepRecords(24);
/** Two records, or three. */
const SEGMENT_BYTES_MAX = 700;
const NEWLINE = 10;

async function write(run: RunFolder, records: readonly StepRecord[]): Promise<void> {
  const options = { segmentBytesMax: SEGMENT_BYTES_MAX, bufferCharsMax: 1 };
  const journal = new SyncJournal(run, options);
  for (const record of records.slice(journal.found.lastSeq)) journal.append(record);
  await journal.close();
}

const recordsIn = (segment: Buffer): number =>
  segment.filter((byte) => byte === NEWLINE).length - 1;

/** What a crash can leave of a segment that was just begun. */
function beginnings(segment: Buffer): readonly (Buffer | undefined)[] {
  const headerBytes = segment.indexOf(NEWLINE) + 1;
  const firstBytes = segment.indexOf(NEWLINE, headerBytes) + 1 - headerBytes;
  const half = Math.floor(firstBytes / 2);
  const lengths = [
    ...[0, 1, 20, headerBytes - 1, headerBytes],
    ...[headerBytes + 1, headerBytes + half, headerBytes + firstBytes - 1],
  ];
  return [undefined, ...lengths.map((length) => segment.subarray(0, length))];
}

describe('a journal in many segments', () => {
  let segments: readonly Buffer[] = [];
  let runId = '';
  beforeAll(async () => {
    const run = newRun();
    await write(run, RECORDS);
    runId = run.runId;
    segments = listSegments(run.path).map((file) => readFileSync(file));
  });

  function crashed(boundary: number, beginning: Buffer | undefined): RunFolder {
    const run = newRun();
    // All test runs start in the same second, so that a header fits any of them.
    expect(run.runId).toBe(runId);
    for (const [index, bytes] of segments.slice(0, boundary).entries()) {
      writeFileSync(segmentPath(run.path, index + 1), bytes);
    }
    if (beginning !== undefined) writeFileSync(segmentPath(run.path, boundary + 1), beginning);
    return run;
  }

  function isWhole(run: RunFolder): void {
    expect(verifyChain(run, recordHash)).toMatchObject({ records: 24, torn: undefined });
    expect(lastWrittenSeq(run)).toBe(24);
    const followed = [...new JournalFollower(run, toSeq(1)).records(toSeq(1_000))];
    expect(followed).toEqual(RECORDS);
  }

  test('has as many as its size asks for, each beginning where the one before ends', async () => {
    expect(segments.length).toBeGreaterThan(7);
    const run = newRun();
    await write(run, RECORDS);
    isWhole(run);
    expect(segments.map(recordsIn).reduce((sum, count) => sum + count)).toBe(24);
  });

  test('goes on without a gap after a crash at each boundary, whatever was begun', async () => {
    let cases = 0;
    for (let boundary = 1; boundary < segments.length; boundary += 1) {
      const lastSeq = segments.slice(0, boundary).reduce((sum, each) => sum + recordsIn(each), 0);
      for (const bytes of beginnings(segments[boundary] ?? Buffer.alloc(0))) {
        const run = crashed(boundary, bytes);
        expect(lastWrittenSeq(run)).toBe(lastSeq);
        await write(run, RECORDS);
        isWhole(run);
        cases += 1;
      }
    }
    expect(cases).toBe(9 * (segments.length - 1));
  });

  test('goes on from the record that a start has just read, without reading it again', async () => {
    for (let boundary = 1; boundary < segments.length; boundary += 1) {
      const whole = segments[boundary] ?? Buffer.alloc(0);
      const inHeader = whole.subarray(0, 20);
      const headerOnly = whole.subarray(0, whole.indexOf(NEWLINE) + 1);
      for (const beginning of [undefined, inHeader, headerOnly]) {
        const run = crashed(boundary, beginning);
        const lastSeq = toSeq(lastWrittenSeq(run));
        const journal = new FileJournal(run, { lastSeq, segmentBytesMax: SEGMENT_BYTES_MAX });
        for (const record of RECORDS.slice(lastSeq)) {
          journal.append(record);
          await new Promise<void>((resolve) => journal.whenDurable(record.seq, resolve));
        }
        await journal.close();
        isWhole(run);
      }
    }
  });
});

test('a process that is killed among its rotations leaves a journal without a gap', async () => {
  const run = newRun();
  const program = fileURLToPath(new URL('./journaling-child.ts', import.meta.url));
  const words = ['--import', 'tsx', program, 'file', run.path, '2000'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  await expect
    .poll(() => listSegments(run.path).length, { timeout: 20_000, interval: 5 })
    .toBeGreaterThan(30);
  child.kill('SIGKILL');
  await once(child, 'close');
  const { records, error } = readAll(run);
  expect(error).toBeUndefined();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  const journal = new FileJournal(run);
  expect(journal.found.lastSeq).toBe(records.length);
  await journal.close();
  expect(lastWrittenSeq(run)).toBe(records.length);
});
