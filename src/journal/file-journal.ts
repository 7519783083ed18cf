// The durable journal of a run in real time. Records collect while a sync is in flight and go to
// the disk together; callbacks come after the sync, in order. A failed write or sync ends it for
// good: the failure is told once, later appends throw, and no second sync is trusted, because the
// kernel may have dropped the pages that the first could not write and call the second a success.
import { toSeq } from '../domain/index.ts';
import type { Seq, StepRecord } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import { causeText, JournalError } from './journal-error.ts';
import { JournalIntake } from './journal-intake.ts';
import { cutTornTail } from './journal-tail.ts';
import type { JournalTail } from './journal-tail.ts';
import type { RunFolder } from './run-folder.ts';
import { SEGMENT_BYTES_MAX, segmentPath, toHeaderLine } from './segment.ts';
import { createSegmentFile } from './segment-file.ts';
import type { CreateSegmentFile, SegmentFile } from './segment-file.ts';

export interface FileJournalOptions {
  readonly segmentBytesMax?: number;
  /** Records that nobody waits for are written at the latest after this. */
  readonly lingerMs?: number;
  /** Text accepted and not yet on disk; beyond it the disk counts as failed. */
  readonly pendingCharsMax?: number;
  readonly createSegment?: CreateSegmentFile;
  /** The last record of a run that goes on, from whoever has just read it. */
  readonly lastSeq?: Seq;
}

interface Waiter {
  readonly seq: Seq;
  readonly then: () => void;
}

const LINGER_MS = 20;
const PENDING_CHARS_MAX = 64 * 1024 * 1024;

export class FileJournal implements Journal {
  /** What was found in the run when it was opened. */
  readonly found: JournalTail;
  readonly #run: RunFolder;
  readonly #options: FileJournalOptions;
  #segment: SegmentFile | undefined;
  #segmentNumber: number;
  #segmentBytes = 0;
  readonly #intake: JournalIntake;
  #durableSeq: Seq;
  readonly #waiters: Waiter[] = [];
  #pumping: Promise<void> | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(run: RunFolder, options: FileJournalOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.found = cutTornTail(run, options.lastSeq);
    this.#segmentNumber = this.found.segmentNumber;
    this.#intake = new JournalIntake(this.found.lastSeq);
    this.#durableSeq = this.found.lastSeq;
  }

  append(record: StepRecord): void {
    this.#intake.take(record);
    const { pendingChars } = this.#intake;
    const pendingCharsMax = this.#options.pendingCharsMax ?? PENDING_CHARS_MAX;
    if (pendingChars > pendingCharsMax) {
      throw this.#fail(`${pendingChars} characters wait for the disk, limit ${pendingCharsMax}`);
    }
    this.#linger ??= setTimeout(() => this.#pump(), this.#options.lingerMs ?? LINGER_MS);
  }

  whenDurable(seq: Seq, then: () => void): void {
    if (seq > this.#intake.lastSeq) throw new RangeError(`record ${seq} was never appended`);
    if (seq <= this.#durableSeq && this.#waiters.length === 0) {
      then();
      return;
    }
    this.#waiters.push({ seq, then });
    this.#pump();
  }

  onFailure(then: (error: Error) => void): void {
    this.#intake.onFailure(then);
  }

  /** Everything accepted is durable when this resolves; rejects when it could not be made so. */
  async close(): Promise<void> {
    if (this.#intake.isClosed) return;
    this.#intake.close();
    this.#pump();
    await this.#pumping;
    clearTimeout(this.#linger);
    await this.#segment?.close();
    if (this.#intake.failure !== undefined) throw this.#intake.failure;
  }

  /** Starts the writer unless it is at work; what is there by the next microtask goes together. */
  #pump(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    this.#pumping ??= Promise.resolve().then(() => this.#drain());
  }

  async #drain(): Promise<void> {
    for (let bytes = this.#intake.fetch(); bytes !== undefined; bytes = this.#intake.fetch()) {
      const seq = this.#intake.lastSeq;
      try {
        await this.#commit(bytes, toSeq(this.#durableSeq + 1));
      } catch (error) {
        this.#fail(causeText(error), error);
        break;
      }
      if (this.#intake.failure !== undefined) break;
      this.#durableSeq = seq;
      this.#release();
    }
    this.#pumping = undefined;
  }

  async #commit(bytes: Buffer, firstSeq: Seq): Promise<void> {
    const segment = await this.#segmentFor(firstSeq);
    await segment.write(bytes);
    await segment.sync();
    this.#segmentBytes += bytes.length;
  }

  async #segmentFor(firstSeq: Seq): Promise<SegmentFile> {
    const segmentBytesMax = this.#options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    if (this.#segment !== undefined && this.#segmentBytes < segmentBytesMax) return this.#segment;
    await this.#segment?.close();
    this.#segmentNumber += 1;
    const create = this.#options.createSegment ?? createSegmentFile;
    const segment = await create(segmentPath(this.#run.path, this.#segmentNumber));
    this.#segment = segment;
    this.#segmentBytes = 0;
    const header = { number: this.#segmentNumber, firstSeq, runId: this.#run.runId };
    await segment.write(Buffer.from(toHeaderLine(header)));
    return segment;
  }

  #release(): void {
    let waiter = this.#waiters[0];
    while (waiter !== undefined && waiter.seq <= this.#durableSeq) {
      this.#waiters.shift();
      waiter.then();
      waiter = this.#waiters[0];
    }
  }

  #fail(cause: string, error?: unknown): JournalError {
    clearTimeout(this.#linger);
    const file = segmentPath(this.#run.path, Math.max(this.#segmentNumber, 1));
    return this.#intake.fail(new JournalError('journal.failed', cause, { file, cause: error }));
  }
}
