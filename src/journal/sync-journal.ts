// The journal of a run in virtual time: records are buffered and written at once when an effect
// waits for them or a buffer is full. Written means handed to the operating system: a killed
// process loses nothing that was called durable, a power cut may, and a virtual run is simply run
// again from its seed. Nothing is synced before `close`.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { toSeq } from '../domain/index.ts';
import type { Seq, StepRecord } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import { syncFolder } from './durable-file.ts';
import { causeText, JournalError } from './journal-error.ts';
import { JournalIntake } from './journal-intake.ts';
import { cutTornTail } from './journal-tail.ts';
import type { JournalTail } from './journal-tail.ts';
import type { RunFolder } from './run-folder.ts';
import { SEGMENT_BYTES_MAX, segmentPath, toHeaderLine } from './segment.ts';

export interface SyncJournalOptions {
  readonly segmentBytesMax?: number;
  readonly bufferCharsMax?: number;
}

const BUFFER_CHARS_MAX = 1024 * 1024;

export class SyncJournal implements Journal {
  /** What was found in the run when it was opened. */
  readonly found: JournalTail;
  readonly #run: RunFolder;
  readonly #options: SyncJournalOptions;
  #file: number | undefined;
  #segmentNumber: number;
  #segmentBytes = 0;
  readonly #intake: JournalIntake;
  #writtenSeq: Seq;

  constructor(run: RunFolder, options: SyncJournalOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.found = cutTornTail(run);
    this.#segmentNumber = this.found.segmentNumber;
    this.#intake = new JournalIntake(this.found.lastSeq);
    this.#writtenSeq = this.found.lastSeq;
  }

  append(record: StepRecord): void {
    this.#intake.take(record);
    const { bufferCharsMax = BUFFER_CHARS_MAX } = this.#options;
    if (this.#intake.pendingChars >= bufferCharsMax) this.#flush();
  }

  /** Calls back before it returns; never, when the write failed. */
  whenDurable(seq: Seq, then: () => void): void {
    if (seq > this.#intake.lastSeq) throw new RangeError(`record ${seq} was never appended`);
    if (seq > this.#writtenSeq) this.#flush();
    if (seq <= this.#writtenSeq) then();
  }

  onFailure(then: (error: Error) => void): void {
    this.#intake.onFailure(then);
  }

  close(): Promise<void> {
    if (this.#intake.isClosed) return Promise.resolve();
    this.#intake.close();
    this.#flush();
    try {
      this.#closeFile();
    } catch (error) {
      this.#fail(error);
    }
    const { failure } = this.#intake;
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  }

  #flush(): void {
    const bytes = this.#intake.fetch();
    if (bytes === undefined) return;
    try {
      writeWhole(this.#fileFor(toSeq(this.#writtenSeq + 1)), bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#segmentBytes += bytes.length;
    this.#writtenSeq = this.#intake.lastSeq;
  }

  #fileFor(firstSeq: Seq): number {
    const segmentBytesMax = this.#options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    if (this.#file !== undefined && this.#segmentBytes < segmentBytesMax) return this.#file;
    this.#closeFile();
    this.#segmentNumber += 1;
    const file = openSync(segmentPath(this.#run.path, this.#segmentNumber), 'ax', 0o644);
    this.#file = file;
    this.#segmentBytes = 0;
    syncFolder(this.#run.path);
    const header = { number: this.#segmentNumber, firstSeq, runId: this.#run.runId };
    writeWhole(file, Buffer.from(toHeaderLine(header)));
    return file;
  }

  #closeFile(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    try {
      if (this.#intake.failure === undefined) fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  #fail(error: unknown): void {
    const file = segmentPath(this.#run.path, Math.max(this.#segmentNumber, 1));
    const failure = new JournalError('journal.failed', causeText(error), { file, cause: error });
    this.#intake.fail(failure);
  }
}

/** A write may take a part and succeed; the rest is offered until it is taken or refused. */
function writeWhole(file: number, bytes: Buffer): void {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(file, bytes, offset, bytes.length - offset);
}
