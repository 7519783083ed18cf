// Reads a run from its first record to its last, across segments, and checks what can be checked
// offline. It never changes a file and never skips: the first thing that is wrong stops it, with
// file and offset.
import { GENESIS_HASH, toSeq } from '../domain/index.ts';
import type { Ms, Seq, StepRecord } from '../domain/index.ts';
import { JournalError } from './journal-error.ts';
import type { RunFolder } from './run-folder.ts';
import { checkNoneMissing } from './segment-archive.ts';
import { listSegments } from './segment.ts';
import { readSegment } from './segment-reader.ts';
import type { JournalEntry, SegmentEnd, SegmentReading, TornTail } from './segment-reader.ts';

export interface JournalEnd {
  readonly lastSeq: Seq;
  /** A last record that was cut short; also what a reader sees while an engine is writing. */
  readonly torn: TornTail | undefined;
}

/** Yields every record in order; returns where the journal ends. */
export function* readJournal(
  run: RunFolder,
  reading: SegmentReading = { damage: 'refuse' },
): Generator<JournalEntry, JournalEnd> {
  const files = listSegments(run.path);
  let lastSeq = toSeq(0);
  for (const [index, file] of files.entries()) {
    const end = yield* readSegment(file, reading, { runId: run.runId, number: index + 1, lastSeq });
    if (end.torn !== undefined) return endOf(end, lastSeq, index === files.length - 1);
    lastSeq = end.lastSeq;
  }
  return { lastSeq, torn: undefined };
}

function endOf(end: SegmentEnd, lastSeq: Seq, isLast: boolean): JournalEnd {
  if (!isLast && end.torn !== undefined) {
    const text = `a record is cut short, and later segments follow`;
    throw new JournalError('journal.damaged', text, end.torn);
  }
  return { lastSeq: end.header === undefined ? lastSeq : end.lastSeq, torn: end.torn };
}

/** The kernel's hash of a record over the one before. */
export type RecordHash = (previousHash: string, step: Omit<StepRecord, 'hash'>) => string;

export interface ChainReport {
  readonly records: number;
  readonly headHash: string;
  /** Absent in an empty journal. */
  readonly firstAtMs: Ms | undefined;
  readonly lastAtMs: Ms | undefined;
  readonly torn: TornTail | undefined;
}

/**
 * Checksums, sequence, time and hash chain of a whole run; throws at the first fault. Each record
 * that holds is shown to `see`.
 */
export function verifyChain(
  run: RunFolder,
  recordHash: RecordHash,
  see: (record: StepRecord) => void = () => undefined,
): ChainReport {
  checkNoneMissing(run);
  const entries = readJournal(run);
  let headHash = GENESIS_HASH;
  let firstAtMs: Ms | undefined;
  let lastAtMs: Ms | undefined;
  let step = entries.next();
  while (step.done !== true) {
    const { record } = step.value;
    const hash = recordHash(headHash, record);
    if (hash !== record.hash) {
      const text = `record ${record.seq} carries hash ${record.hash}, its content gives ${hash}`;
      throw new JournalError('journal.broken-chain', text, step.value);
    }
    if (lastAtMs !== undefined && record.atMs < lastAtMs) {
      const text = `record ${record.seq} is at ${record.atMs} ms, before ${lastAtMs} ms`;
      throw new JournalError('journal.broken-chain', text, step.value);
    }
    see(record);
    headHash = hash;
    firstAtMs ??= record.atMs;
    lastAtMs = record.atMs;
    step = entries.next();
  }
  return { records: step.value.lastSeq, headHash, firstAtMs, lastAtMs, torn: step.value.torn };
}
