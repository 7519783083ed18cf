// Reads one segment and refuses everything that is not exactly what was written. A last line
// without its newline is a write that was cut short: reported, never handed out. Whoever wants to
// see a damaged record (to compare it) must ask for it, and gets it marked.
import { toSeq } from '../domain/index.ts';
import type { Seq, StepRecord } from '../domain/index.ts';
import { checkLine, isMoreThanAnnounced, NEWLINE } from './checked-line.ts';
import { JournalError } from './journal-error.ts';
import { readSegmentBytes } from './segment-archive.ts';
import { parseHeader } from './segment.ts';
import type { SegmentHeader } from './segment.ts';

export interface JournalEntry {
  readonly record: StepRecord;
  readonly file: string;
  /** Of the line's first byte. */
  readonly offset: number;
  /** Present when the line fails its check and the reader was told to show damage. */
  readonly damage?: string;
}

/** The start of a line whose end never reached the disk. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface SegmentEnd {
  /** Absent when the header itself is cut. */
  readonly header: SegmentHeader | undefined;
  readonly lastSeq: Seq;
  readonly torn: TornTail | undefined;
}

export interface SegmentReading {
  /** `show` hands out damaged records that still parse, for comparison only. */
  readonly damage: 'refuse' | 'show';
}

/** What the segments before lead us to expect of this one. */
export interface SegmentExpected {
  readonly runId: string;
  readonly number: number;
  readonly lastSeq: Seq;
}

export function* readSegment(
  file: string,
  reading: SegmentReading,
  expected: SegmentExpected,
): Generator<JournalEntry, SegmentEnd> {
  const bytes = readSegmentBytes(file);
  const headerEnd = bytes.indexOf(NEWLINE);
  if (headerEnd < 0) {
    return { header: undefined, lastSeq: toSeq(0), torn: { file, offset: 0, bytes: bytes.length } };
  }
  const header = parseHeader(bytes.toString('utf8', 0, headerEnd), file);
  checkHeader(header, expected, file);
  let seq = header.firstSeq - 1;
  let offset = headerEnd + 1;
  while (offset < bytes.length) {
    const end = bytes.indexOf(NEWLINE, offset);
    if (end < 0) {
      checkCutShort(bytes.subarray(offset), { file, offset });
      const torn = { file, offset, bytes: bytes.length - offset };
      return { header, lastSeq: toSeq(seq), torn };
    }
    const entry = toEntry(bytes.subarray(offset, end), { file, offset }, reading);
    if (entry.record.seq !== seq + 1) {
      const text = `record ${entry.record.seq} follows record ${seq}`;
      throw new JournalError('journal.damaged', text, { file, offset });
    }
    yield entry;
    seq += 1;
    offset = end + 1;
  }
  return { header, lastSeq: toSeq(seq), torn: undefined };
}

/**
 * A write that was cut short ends before its line does: one that has every byte that it announces
 * and only lacks its newline was changed afterwards.
 */
export function checkCutShort(
  rest: Buffer,
  place: { readonly file: string; readonly offset: number },
): void {
  if (!isMoreThanAnnounced(rest)) return;
  throw new JournalError('journal.damaged', 'a whole line has lost its newline', place);
}

function checkHeader(header: SegmentHeader, expected: SegmentExpected, file: string): void {
  const found = `segment ${header.number} of run ${header.runId} from record ${header.firstSeq}`;
  const { number, runId, lastSeq } = expected;
  const wanted = `segment ${number} of run ${runId} from record ${lastSeq + 1}`;
  if (found === wanted) return;
  const text = `the header says ${found}, expected ${wanted}`;
  throw new JournalError('journal.damaged', text, { file, offset: 0 });
}

export function toEntry(
  line: Buffer,
  place: { readonly file: string; readonly offset: number },
  reading: SegmentReading,
): JournalEntry {
  const checked = checkLine(line);
  if (checked.isGood) return { record: parseRecord(checked.json, place), ...place };
  if (reading.damage === 'refuse') {
    throw new JournalError('journal.damaged', checked.cause, place);
  }
  return { record: parseRecord(checked.json, place), ...place, damage: checked.cause };
}

/** The checksum vouches for the content; the shape, so that a foreign line is named as one. */
function parseRecord(
  json: string,
  place: { readonly file: string; readonly offset: number },
): StepRecord {
  const value = parseJson(json);
  if (!isRecord(value)) {
    throw new JournalError('journal.damaged', 'the line is not a step record', place);
  }
  return value;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is StepRecord {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'seq' in value &&
    Number.isSafeInteger(value.seq) &&
    'atMs' in value &&
    typeof value.atMs === 'number' &&
    'input' in value &&
    typeof value.input === 'object' &&
    'transitions' in value &&
    Array.isArray(value.transitions) &&
    'effects' in value &&
    Array.isArray(value.effects) &&
    'hash' in value &&
    typeof value.hash === 'string'
  );
}
