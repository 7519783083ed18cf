// A copy that keeps level with a journal: every record once and in order, however the journal is
// written and cut into segments meanwhile, from any record on.
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import { JournalFollower, lastWrittenSeq, SyncJournal } from '../../src/journal/index.ts';
import { FileJournal } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { segmentPath } from '../../src/journal/segment.ts';
import { newRun, stepRecords } from './step-records.ts';

const RECORDS = stepRecords(60);
const END = toSeq(1_000);

const seqs = (follower: JournalFollower, untilSeq = END): readonly number[] =>
  [...follower.records(untilSeq)].map(({ seq }) => seq);

const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The whole journal in segments of a few records. */
async function written(count: number, segmentBytesMax = 2_000): Promise<RunFolder> {
  const run = newRun();
  const journal = new FileJournal(run, { segmentBytesMax });
  for (const record of RECORDS.slice(0, count)) {
    journal.append(record);
    await new Promise<void>((resolve) => journal.whenDurable(record.seq, resolve));
  }
  await journal.close();
  return run;
}

test('it hands out what is there, and later what came after, once', async () => {
  const source = await written(60);
  const bytes = [1, 2, 3, 4, 5, 6].map((number) => readFileSync(segmentPath(source.path, number)));
  const cuts = fc.array(fc.nat(6_000), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, fc.integer({ min: 1, max: 20 }), (pieces, firstSeq) => {
      const run = { runId: source.runId, path: newRun().path };
      const follower = new JournalFollower(run, toSeq(firstSeq));
      const seen: number[] = [];
      for (const [index, segment] of bytes.entries()) {
        const file = segmentPath(run.path, index + 1);
        const ends = [...pieces.map((at) => at % segment.length), segment.length];
        let start = 0;
        writeFileSync(file, '');
        for (const end of ends.sort((left, right) => left - right)) {
          appendFileSync(file, segment.subarray(start, end));
          start = end;
          seen.push(...seqs(follower));
        }
      }
      rmSync(run.path, { recursive: true });
      expect(seen.slice(0, 10)).toEqual(numbers(firstSeq, firstSeq + 9));
      expect(seen).toEqual(numbers(firstSeq, seen.at(-1) ?? 0));
    }),
    { numRuns: 40 },
  );
});

test('it goes no further than it is told, and can be stopped anywhere', async () => {
  const follower = new JournalFollower(await written(30), toSeq(1));
  expect(seqs(follower, toSeq(7))).toEqual(numbers(1, 7));
  for (const { seq } of follower.records(END)) if (seq === 19) break;
  expect(seqs(follower)).toEqual(numbers(20, 30));
  expect(seqs(follower)).toEqual([]);
});

test('a run that is not written yet gives nothing, and all of it afterwards', () => {
  const run = newRun();
  const follower = new JournalFollower(run, toSeq(1));
  expect([seqs(follower), lastWrittenSeq(run)]).toEqual([[], 0]);
  const journal = new SyncJournal(run);
  for (const record of RECORDS) journal.append(record);
  journal.whenDurable(toSeq(60), () => undefined);
  expect(seqs(follower)).toEqual(numbers(1, 60));
});

describe('the last record', () => {
  test.each([1, 2, 29, 30])('of %s is known without reading the others', async (count) => {
    expect(lastWrittenSeq(await written(count))).toBe(count);
  });

  test('that was cut short is not there', async () => {
    const run = await written(30, 1_000_000);
    const file = segmentPath(run.path, 1);
    truncateSync(file, readFileSync(file).length - 3);
    expect(lastWrittenSeq(run)).toBe(29);
    expect(seqs(new JournalFollower(run, toSeq(20)))).toEqual(numbers(20, 29));
  });
});

describe('refused', () => {
  test('is a flipped bit, with its place', async () => {
    const run = await written(30, 1_000_000);
    const file = segmentPath(run.path, 1);
    writeFileSync(file, readFileSync(file, 'latin1').replace('attempt 17', 'attempt 71'), 'latin1');
    const follower = new JournalFollower(run, toSeq(5));
    const seen: number[] = [];
    const read = () => {
      for (const { seq } of follower.records(END)) seen.push(seq);
    };
    expect(read).toThrow(/segment-000001\.journal at byte \d+: checksum says/);
    expect(seen).toEqual(numbers(5, 16));
  });

  test('is a segment that is missing', async () => {
    const run = await written(60);
    rmSync(segmentPath(run.path, 1));
    expect(() => seqs(new JournalFollower(run, toSeq(1)))).toThrow();
  });
});
