// Reads a run's journal from a record on and goes on where it stopped, also while somebody writes
// it: for copies that keep level. It hands out whole records only, refuses damage like every
// reader, and never reads a segment that lies wholly before its first record.
import { toSeq } from '../domain/index.ts';
import type { Seq, StepRecord } from '../domain/index.ts';
import { NEWLINE } from './checked-line.ts';
import { JournalError } from './journal-error.ts';
import type { RunFolder } from './run-folder.ts';
import { isThere, placeOf } from './segment-archive.ts';
import { SegmentPieces } from './segment-pieces.ts';
import { listSegments, parseHeader } from './segment.ts';
import { toEntry } from './segment-reader.ts';

/** Read at once; a longer line is read in more. */
const CHUNK_BYTES = 1024 * 1024;
const HEADER_BYTES_MAX = 4096;

export class JournalFollower {
  readonly #run: RunFolder;
  readonly #pieces = new SegmentPieces();
  #nextSeq: Seq;
  /** 0 until there is a segment. */
  #segment = 0;
  #offset = 0;
  /** Of the line at the offset. */
  #lineSeq = 0;

  /** The first record that is handed out is the one with this number. */
  constructor(run: RunFolder, firstSeq: Seq) {
    this.#run = run;
    this.#nextSeq = firstSeq;
  }

  /** What is written by now, up to a record; a later call goes on behind it. */
  *records(untilSeq: Seq): Generator<StepRecord> {
    if (this.#segment === 0 && !this.#start()) return;
    while (this.#nextSeq <= untilSeq) {
      // Looked for before the end of this one is read, or its last lines would be passed over.
      const isLast = !isThere(this.#run.path, this.#segment + 1);
      const isMore = yield* this.#chunk(untilSeq);
      if (isMore) continue;
      if (isLast || !this.#enter(this.#segment + 1)) return;
    }
  }

  /** The last segment that begins at or before the first record that is wanted. */
  #start(): boolean {
    const { length } = listSegments(this.#run.path);
    for (let number = length; number >= 1; number -= 1) {
      const header = this.#headerOf(number);
      if (header === undefined || (header.firstSeq > this.#nextSeq && number > 1)) continue;
      return this.#enter(number);
    }
    return false;
  }

  #enter(number: number): boolean {
    const header = this.#headerOf(number);
    if (header === undefined) return false;
    const isOurs = header.runId === this.#run.runId && header.number === number;
    if (!isOurs || header.firstSeq > this.#nextSeq) {
      const text = `record ${this.#nextSeq} is missing before segment ${number}`;
      throw new JournalError('journal.damaged', text, { file: this.#pathOf(number), offset: 0 });
    }
    this.#segment = number;
    this.#offset = header.bytes;
    this.#lineSeq = header.firstSeq;
    return true;
  }

  /** Absent while the first line is not whole. */
  #headerOf(number: number) {
    const file = this.#pathOf(number);
    const bytes = this.#pieces.readAt(file, 0, HEADER_BYTES_MAX);
    const end = bytes.indexOf(NEWLINE);
    if (end < 0) return undefined;
    return { ...parseHeader(bytes.toString('utf8', 0, end), file), bytes: end + 1 };
  }

  /** The whole lines of the next piece; false when there is none yet. */
  *#chunk(untilSeq: Seq): Generator<StepRecord, boolean> {
    const file = this.#pathOf(this.#segment);
    let size = CHUNK_BYTES;
    let bytes = this.#pieces.readAt(file, this.#offset, size);
    while (bytes.length === size && !bytes.includes(NEWLINE)) {
      size *= 2;
      bytes = this.#pieces.readAt(file, this.#offset, size);
    }
    let start = 0;
    let end = bytes.indexOf(NEWLINE);
    const isMore = end >= 0;
    while (end >= 0 && this.#nextSeq <= untilSeq) {
      const [line, offset] = [bytes.subarray(start, end), this.#offset];
      this.#offset += end + 1 - start;
      start = end + 1;
      end = bytes.indexOf(NEWLINE, start);
      this.#lineSeq += 1;
      // A line is a record: those before the first that is wanted are only counted.
      if (this.#lineSeq <= this.#nextSeq) continue;
      const { record } = toEntry(line, { file, offset }, { damage: 'refuse' });
      this.#checkOrder(record, file);
      this.#nextSeq = toSeq(record.seq + 1);
      yield record;
    }
    return isMore;
  }

  #checkOrder({ seq }: StepRecord, file: string): void {
    if (seq === this.#nextSeq) return;
    const text = `record ${seq} stands where record ${this.#nextSeq} belongs`;
    throw new JournalError('journal.damaged', text, { file, offset: this.#offset });
  }

  #pathOf(number: number): string {
    return placeOf(this.#run.path, number);
  }
}

/** The number of the last whole record; 0 where there is none. */
export const lastWrittenSeq = (run: RunFolder): number => lastRecord(run)?.seq ?? 0;

/** The last whole record, without reading the others. */
export function lastRecord(run: RunFolder): StepRecord | undefined {
  const files = listSegments(run.path);
  const pieces = new SegmentPieces();
  for (const file of [...files].reverse()) {
    const size = pieces.sizeOf(file);
    for (let length = HEADER_BYTES_MAX; ; length *= 4) {
      const offset = Math.max(size - length, 0);
      const bytes = pieces.readAt(file, offset, size - offset);
      const end = bytes.lastIndexOf(NEWLINE);
      const start = end < 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1);
      if (start >= 0) {
        const place = { file, offset: offset + start + 1 };
        return toEntry(bytes.subarray(start + 1, end), place, { damage: 'refuse' }).record;
      }
      // Only a header: the last record stands in the segment before.
      if (offset === 0) break;
    }
  }
  return undefined;
}
