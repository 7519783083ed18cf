// A segment is one file of a run's journal: a header line, then checked lines. The header names
// format version, number, first sequence number and run, under a checksum that stays the last word
// of the line in every version, so that a newer format is told apart from damage.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { toSeq } from '../domain/index.ts';
import type { Seq } from '../domain/index.ts';
import { hex } from './checked-line.ts';
import { JournalError } from './journal-error.ts';

const MAGIC = 'trinity-journal';
export const JOURNAL_VERSION = 1;
/** A segment is read whole: large enough for few files, small enough for memory. */
export const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

export interface SegmentHeader {
  readonly number: number;
  readonly firstSeq: Seq;
  readonly runId: string;
}

export const segmentPath = (runPath: string, number: number): string =>
  join(runPath, `segment-${String(number).padStart(6, '0')}.journal`);

/** Where a segment is once it is compressed. */
export const archivedPath = (runPath: string, number: number): string =>
  `${segmentPath(runPath, number)}.gz`;

export const isArchived = (path: string): boolean => path.endsWith('.gz');

/** Paths in order of number; of a segment that is there twice, the one as it was written. */
export function listSegments(runPath: string): readonly string[] {
  const names = readdirSync(runPath).filter((name) => SEGMENT.test(name));
  const paths = new Map<number, string>();
  for (const name of names.sort().reverse()) paths.set(segmentNumber(name), join(runPath, name));
  return [...paths].sort(([left], [right]) => left - right).map(([, path]) => path);
}

const SEGMENT = /^segment-(\d{6,})\.journal(\.gz)?$/;

export const segmentNumber = (path: string): number => Number(SEGMENT.exec(basename(path))?.[1]);

export function toHeaderLine(header: SegmentHeader): string {
  const text = `${MAGIC} ${JOURNAL_VERSION} ${header.number} ${header.firstSeq} ${header.runId}`;
  return `${text} ${hex(crc32(text))}\n`;
}

/** Reads a header line without its newline; throws for anything that this version did not write. */
export function parseHeader(line: string, file: string): SegmentHeader {
  const place = { file, offset: 0 };
  if (!line.startsWith(`${MAGIC} `)) {
    const text = 'does not begin as a trinity journal; bring it back from a backup';
    throw new JournalError('journal.damaged', text, place);
  }
  const end = line.lastIndexOf(' ');
  if (line.slice(end + 1) !== hex(crc32(line.slice(0, end)))) {
    throw new JournalError('journal.damaged', 'the header fails its checksum', place);
  }
  const words = line.slice(0, end).split(' ');
  if (words[1] !== String(JOURNAL_VERSION)) {
    const text =
      `format version ${words[1] ?? ''} is not the ${JOURNAL_VERSION} that this program reads; ` +
      'use the version that wrote it, which run.json names';
    throw new JournalError('journal.newer-version', text, place);
  }
  const [, , number, firstSeq, runId] = words;
  if (words.length !== 5 || runId === undefined) {
    throw new JournalError('journal.damaged', 'the header does not have five words', place);
  }
  return { number: Number(number), firstSeq: toSeq(Number(firstSeq)), runId };
}
