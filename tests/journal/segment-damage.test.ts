// Every byte of the last records, cut and flipped: recovered, reported or refused, never wrong.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { cutTornTail, JournalError, readJournal, SyncJournal } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { segmentPath } from '../../src/journal/segment.ts';
import { newRun, readAll, stepRecords } from './step-records.ts';

const COUNT = 4;
const records = stepRecords(COUNT);

async function writtenRun(count = COUNT): Promise<RunFolder> {
  const run = newRun();
  const journal = new SyncJournal(run);
  for (const record of records.slice(0, count)) journal.append(record);
  await journal.close();
  return run;
}

/** Offsets of the first byte of each line; the header is line 0. */
function lineStarts(bytes: Buffer): readonly number[] {
  const starts = [0];
  for (const [offset, byte] of bytes.entries()) if (byte === 10) starts.push(offset + 1);
  return starts.slice(0, -1);
}

describe('a journal on a real disk', () => {
  let whole: Buffer;
  let starts: readonly number[];
  beforeAll(async () => {
    whole = readFileSync(segmentPath((await writtenRun()).path, 1));
    starts = lineStarts(whole);
  });
  const startOf = (line: number): number => starts[line] ?? Number.NaN;

  test('a record is one line that says its length, checksum and JSON', () => {
    const line = whole.toString('utf8', startOf(1), startOf(2));
    const json = JSON.stringify(records[0]);
    const bytes = Buffer.byteLength(json).toString(16).padStart(8, '0');
    const checksum = crc32(json).toString(16).padStart(8, '0');
    expect(line).toBe(`${bytes} ${checksum} ${json}\n`);
  });

  test('cut at any byte of the last two records, it keeps the whole ones', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    for (let length = startOf(COUNT - 1); length < whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length));
      const kept = length < startOf(COUNT) ? COUNT - 2 : COUNT - 1;
      const offset = startOf(kept + 1);
      const bytes = length - offset;
      const { records: found, end, error } = readAll(run);
      expect(error).toBeUndefined();
      expect(found).toEqual(records.slice(0, kept));
      expect(end).toEqual({
        lastSeq: kept,
        torn: bytes === 0 ? undefined : { file, offset, bytes },
      });
    }
  });

  test('with any bit of the last two records flipped, it is refused and no wrong one comes out', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    const outcomes = { refused: 0, wrong: [] as string[] };
    for (let position = startOf(COUNT - 1); position < whole.length; position += 1) {
      const line = position < startOf(COUNT) ? COUNT - 1 : COUNT;
      for (let bit = 0; bit < 8; bit += 1) {
        withBitFlipped(file, { position, bit, byte: whole.readUInt8(position) }, () => {
          const { records: found, error } = readAll(run);
          const isRight =
            found.length === line - 1 && found.at(-1)?.hash === records[line - 2]?.hash;
          const isRefused =
            error instanceof JournalError &&
            error.code === 'journal.damaged' &&
            error.offset === startOf(line);
          if (isRefused) outcomes.refused += 1;
          else outcomes.wrong.push(`bit ${bit} of byte ${position}: ${String(error)}`);
          if (!isRight) outcomes.wrong.push(`bit ${bit} of byte ${position} gives other records`);
        });
      }
    }
    const flips = (whole.length - startOf(COUNT - 1)) * 8;
    expect(outcomes).toEqual({ refused: flips, wrong: [] });
  });

  test('with any bit of the header flipped, it is refused', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    for (let position = 0; position < startOf(1); position += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        withBitFlipped(file, { position, bit, byte: whole.readUInt8(position) }, () => {
          expect(readAll(run)).toMatchObject({
            records: [],
            error: { code: 'journal.damaged', file },
          });
        });
      }
    }
  });

  test('a torn last record is cut off, wherever it was cut short', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    const kept = whole.subarray(0, startOf(COUNT));
    for (let length = startOf(COUNT) + 1; length < whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length));
      expect(cutTornTail(run)).toEqual({
        lastSeq: COUNT - 1,
        segmentNumber: 1,
        torn: { file, offset: kept.length, bytes: length - kept.length },
      });
      expect(readFileSync(file).equals(kept)).toBe(true);
    }
  });

  test('behind what was cut off the journal goes on', async () => {
    for (let length = startOf(COUNT); length < whole.length; length += 97) {
      const run = newRun();
      const file = segmentPath(run.path, 1);
      writeFileSync(file, headerFor(whole, run).concat(body(whole, length)));
      const journal = new SyncJournal(run);
      expect(journal.found.lastSeq).toBe(COUNT - 1);
      expect(journal.found.torn !== undefined).toBe(length > startOf(COUNT));
      for (const record of records.slice(COUNT - 1)) journal.append(record);
      await journal.close();
      expect(readAll(run)).toEqual({
        records,
        end: { lastSeq: COUNT, torn: undefined },
        error: undefined,
      });
    }
  });

  test('a segment whose header is cut holds nothing and is removed', async () => {
    for (let length = 0; length < startOf(1); length += 1) {
      const run = await writtenRun(2);
      const file = segmentPath(run.path, 2);
      writeFileSync(file, whole.subarray(0, length));
      expect(cutTornTail(run)).toEqual({
        lastSeq: 2,
        segmentNumber: 1,
        torn: { file, offset: 0, bytes: length },
      });
      expect(readAll(run).end).toEqual({ lastSeq: 2, torn: undefined });
    }
  });
});

function withBitFlipped(
  file: string,
  { position, bit, byte }: { position: number; bit: number; byte: number },
  look: () => void,
): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.of(byte ^ (1 << bit)), 0, 1, position);
    look();
    writeSync(handle, Buffer.of(byte), 0, 1, position);
  } finally {
    closeSync(handle);
  }
}

const newlineAt = (bytes: Buffer): number => bytes.indexOf(10);
const body = (bytes: Buffer, length: number): string =>
  bytes.toString('utf8', newlineAt(bytes) + 1, length);
/** All test runs start in the same second, so that a header fits any of them. */
const headerFor = (bytes: Buffer, run: RunFolder): string => {
  const header = bytes.toString('utf8', 0, newlineAt(bytes) + 1);
  expect(header).toContain(` ${run.runId} `);
  return header;
};

const messageOf = (run: RunFolder): string => {
  const { error } = readAll(run);
  return error instanceof Error ? error.message : expect.fail('the journal was read to its end');
};

describe('a journal that was tampered with', () => {
  test('a record taken out of the middle is noticed', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.toSpliced(2, 1).join('\n'));
    expect(messageOf(run)).toMatch(/at byte \d+: record 3 follows record 1$/);
  });

  test('a cut record with more segments behind it is damage, not a torn tail', async () => {
    const run = await writtenRun(2);
    const journal = new SyncJournal(run);
    for (const record of records.slice(2)) journal.append(record);
    await journal.close();
    const file = segmentPath(run.path, 1);
    writeFileSync(file, readFileSync(file).subarray(0, -5));
    expect(readAll(run).error).toMatchObject({ code: 'journal.damaged', file });
    expect(() => cutTornTail(run)).toThrow(JournalError);
  });

  test('a segment of another run, or a missing one, is noticed', async () => {
    const run = await writtenRun(2);
    const journal = new SyncJournal(run);
    for (const record of records.slice(2)) journal.append(record);
    await journal.close();
    writeFileSync(segmentPath(run.path, 1), readFileSync(segmentPath(run.path, 2)));
    expect(messageOf(run)).toContain('the header says segment 2 of run');
  });

  test('a newer format is refused by its version, whatever follows it', async () => {
    const run = await writtenRun();
    const text = 'trinity-journal 2 something else entirely';
    const checksum = crc32(text).toString(16).padStart(8, '0');
    writeFileSync(segmentPath(run.path, 1), `${text} ${checksum}\n@@@@\n`);
    expect(readAll(run).error).toMatchObject({ code: 'journal.newer-version' });
    expect(messageOf(run)).toContain('format version 2 is not the 1 that this program reads');
  });

  test('a damaged record is shown, marked, only to a reader who asks for it', async () => {
    const run = await writtenRun();
    const file = segmentPath(run.path, 1);
    const text = readFileSync(file, 'utf8').replace('"attempt 3', '"attempt 9');
    writeFileSync(file, text);
    const entries = [...readJournal(run, { damage: 'show' })];
    expect(entries.map((entry) => entry.damage?.slice(0, 13))).toEqual([
      undefined,
      undefined,
      'checksum says',
      undefined,
    ]);
    expect(JSON.stringify(entries[2]?.record.input)).toContain('attempt 9');
  });
});
