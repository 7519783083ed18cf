// Archived segments read as they were written or not at all, and an archiver that is ended anywhere
// has lost nothing: every state that it can leave behind is read and finished.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { archiveSegments, cutTornTail, FileJournal } from '../../src/journal/index.ts';
import { JournalFollower, listSegments, SyncJournal } from '../../src/journal/index.ts';
import { lastWrittenSeq, verifyChain } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { hashListPath } from '../../src/journal/segment-archive.ts';
import { archivedPath, segmentPath } from '../../src/journal/segment.ts';
import { newRun, readAll, recordHash, stepRecords } from './step-records.ts';

const COUNT = 12;
const records = stepRecords(COUNT + 4);
const written = records.slice(0, COUNT);

/** Six segments of two records each. */
async function writtenRun(): Promise<RunFolder> {
  const run = newRun();
  const journal = new SyncJournal(run, { segmentBytesMax: 700, bufferCharsMax: 1 });
  for (const record of written) journal.append(record);
  await journal.close();
  expect(listSegments(run.path)).toHaveLength(6);
  return run;
}

const namesIn = ({ path }: RunFolder): readonly string[] =>
  readdirSync(path).filter((name) => name !== 'run.json');
const isWhole = (run: RunFolder, expected: readonly StepRecord[] = written): void => {
  expect(readAll(run)).toMatchObject({ records: expected, error: undefined });
  expect(verifyChain(run, recordHash)).toMatchObject({ records: expected.length });
};

describe('archived segments', () => {
  test('read as they were written, whole and from any record on', async () => {
    const run = await writtenRun();
    const done = archiveSegments(run, 2);
    expect(done.map(({ file }) => basename(file))).toEqual([
      'segment-000001.journal.gz',
      'segment-000002.journal.gz',
      'segment-000003.journal.gz',
      'segment-000004.journal.gz',
    ]);
    expect(namesIn(run)).toEqual([
      'archive.sha256',
      ...done.map(({ file }) => basename(file)),
      'segment-000005.journal',
      'segment-000006.journal',
    ]);
    isWhole(run);
    for (let seq = 1; seq <= COUNT; seq += 1) {
      const follower = new JournalFollower(run, toSeq(seq));
      expect([...follower.records(toSeq(COUNT))]).toEqual(written.slice(seq - 1));
    }
    expect(archiveSegments(run, 2)).toEqual([]);
    expect(archiveSegments(run, 0)).toHaveLength(2);
    isWhole(run);
    expect(lastWrittenSeq(run)).toBe(COUNT);
  });

  test('a follower goes on when what it reads is archived meanwhile', async () => {
    const run = await writtenRun();
    const follower = new JournalFollower(run, toSeq(1));
    expect([...follower.records(toSeq(3))]).toEqual(written.slice(0, 3));
    archiveSegments(run, 0);
    expect([...follower.records(toSeq(COUNT))]).toEqual(written.slice(3));
  });

  test('a journal goes on behind them', async () => {
    const run = await writtenRun();
    archiveSegments(run, 0);
    expect(cutTornTail(run)).toMatchObject({ lastSeq: COUNT, segmentNumber: 6 });
    const journal = new FileJournal(run);
    for (const record of records.slice(COUNT)) journal.append(record);
    await journal.close();
    expect(existsSync(segmentPath(run.path, 7))).toBe(true);
    isWhole(run, records);
  });
});

describe('an archiver that is ended', () => {
  const leavings: readonly (readonly [string, (run: RunFolder) => void])[] = [
    [
      'while it writes the compressed one',
      (run) => writeFileSync(`${archivedPath(run.path, 1)}.77.draft`, 'half'),
    ],
    [
      'before it is listed',
      (run) => writeFileSync(archivedPath(run.path, 1), gzipSync(readFileSync(original(run)))),
    ],
    [
      'while it writes the list',
      (run) => {
        writeFileSync(archivedPath(run.path, 1), gzipSync(readFileSync(original(run))));
        writeFileSync(`${hashListPath(run.path)}.77.draft`, 'abc');
      },
    ],
    [
      'before the original goes',
      (run) => {
        const bytes = readFileSync(original(run));
        archiveSegments(run, 5);
        writeFileSync(original(run), bytes);
      },
    ],
    [
      'and another compressed one stands there, listed',
      (run) => {
        const bytes = readFileSync(original(run));
        archiveSegments(run, 5);
        writeFileSync(archivedPath(run.path, 1), gzipSync('something else'));
        writeFileSync(original(run), bytes);
      },
    ],
    ['behind the first', (run) => void archiveSegments(run, 5)],
  ];
  const original = (run: RunFolder): string => segmentPath(run.path, 1);

  test.each(leavings)('%s has lost nothing, and is finished by the next', async (_, leave) => {
    const run = await writtenRun();
    leave(run);
    isWhole(run);
    archiveSegments(run, 0);
    isWhole(run);
    expect(namesIn(run)).toEqual([
      'archive.sha256',
      ...[1, 2, 3, 4, 5, 6].map((number) => `segment-00000${number}.journal.gz`),
    ]);
  });
});

describe('an archive that is not what was written', () => {
  test('with any byte changed or cut off is refused', async () => {
    const run = await writtenRun();
    archiveSegments(run, 0);
    const file = archivedPath(run.path, 3);
    const whole = readFileSync(file);
    for (let position = 0; position < whole.length; position += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(position) ^ (1 << (position % 8)), position);
      for (const bytes of [flipped, whole.subarray(0, position)]) {
        writeFileSync(file, bytes);
        const { records: found, error } = readAll(run);
        expect(error).toMatchObject({ code: 'journal.damaged', file });
        expect(found).toHaveLength(4);
      }
    }
  });

  const cases: readonly (readonly [string, (run: RunFolder) => void, RegExp])[] = [
    [
      'another segment under a good hash',
      (run) => {
        const list = readFileSync(hashListPath(run.path), 'utf8').split('\n');
        const [first = '', second = ''] = list.map((line) => line.slice(0, 64));
        writeFileSync(archivedPath(run.path, 1), readFileSync(archivedPath(run.path, 2)));
        writeFileSync(hashListPath(run.path), list.join('\n').replace(first, second));
      },
      /segment-000001\.journal\.gz at byte 0: the header says segment 2 of run/,
    ],
    [
      'no list',
      (run) => rmSync(hashListPath(run.path)),
      /its SHA-256 is \w+, and archive\.sha256 does not list it/,
    ],
    [
      'a list that is none',
      (run) => writeFileSync(hashListPath(run.path), 'hello\n'),
      /archive\.sha256: "hello" is no line of a hash list/,
    ],
    [
      'the last one gone',
      (run) => rmSync(archivedPath(run.path, 6)),
      /archive\.sha256: lists segment-000006\.journal\.gz, which is missing; bring it back/,
    ],
  ];
  test.each(cases)('%s: refused', async (_, change, said) => {
    const run = await writtenRun();
    archiveSegments(run, 0);
    change(run);
    expect(() => verifyChain(run, recordHash)).toThrow(said);
  });
});
