// The durable journal of a run in real time. Records collect while a sync is in flight and go to
// the disk together; callbacks come after the sync, in order. A failed write or sync ends it for
// good: the failure is told once, later appends throw, and no second sync is trusted, because the
// kernel may have dropped the pages that the first could not write and call the second a success.
import { toSeq } from '../domain/index.ts';
import type { Seq, StepRecord } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import { toCheckedLine } from './checked-line.ts';
import { causeText, JournalError } from './journal-error.ts';
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
  #lines: string[] = [];
  #pendingChars = 0;
  #lastSeq: Seq;
  #durableSeq: Seq;
  readonly #waiters: Waiter[] = [];
  #pumping: Promise<void> | undefined;
  #linger: NodeJS.Timeout | undefined;
  #failure: JournalError | undefined;
  readonly #listeners: ((error: Error) => void)[] = [];
  #isClosed = false;

  constructor(run: RunFolder, options: FileJournalOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.found = cutTornTail(run, options.lastSeq);
    this.#segmentNumber = this.found.segmentNumber;
    this.#lastSeq = this.found.lastSeq;
    this.#durableSeq = this.found.lastSeq;
  }

  append(record: StepRecord): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed) throw new JournalError('journal.failed', 'the journal is closed');
    if (record.seq !== this.#lastSeq + 1) {
      throw new RangeError(`record ${record.seq} cannot follow record ${this.#lastSeq}`);
    }
    const line = toCheckedLine(JSON.stringify(record));
    this.#lines.push(line);
    this.#pendingChars += line.length;
    this.#lastSeq = record.seq;
    const pendingCharsMax = this.#options.pendingCharsMax ?? PENDING_CHARS_MAX;
    if (this.#pendingChars > pendingCharsMax) {
      const text = `${this.#pendingChars} characters wait for the disk, limit ${pendingCharsMax}`;
      throw this.#fail(text);
    }
    this.#linger ??= setTimeout(() => this.#pump(), this.#options.lingerMs ?? LINGER_MS);
  }

  whenDurable(seq: Seq, then: () => void): void {
    if (seq > this.#lastSeq) throw new RangeError(`record ${seq} was never appended`);
    if (seq <= this.#durableSeq && this.#waiters.length === 0) {
      then();
      return;
    }
    this.#waiters.push({ seq, then });
    this.#pump();
  }

  onFailure(then: (error: Error) => void): void {
    if (this.#failure === undefined) this.#listeners.push(then);
    else then(this.#failure);
  }

  /** Everything accepted is durable when this resolves; rejects when it could not be made so. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pump();
    await this.#pumping;
    clearTimeout(this.#linger);
    await this.#segment?.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Starts the writer unless it is at work; what is there by the next microtask goes together. */
  #pump(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    this.#pumping ??= Promise.resolve().then(() => this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#lines.length > 0 && !this.#hasFailed()) {
      const seq = this.#lastSeq;
      const bytes = Buffer.from(this.#lines.join(''));
      this.#lines = [];
      this.#pendingChars = 0;
      try {
        await this.#commit(bytes, toSeq(this.#durableSeq + 1));
      } catch (error) {
        this.#fail(causeText(error), error);
        break;
      }
      if (this.#hasFailed()) break;
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

  #hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  #fail(cause: string, error?: unknown): JournalError {
    if (this.#failure !== undefined) return this.#failure;
    const file = segmentPath(this.#run.path, Math.max(this.#segmentNumber, 1));
    const failure = new JournalError('journal.failed', cause, { file, cause: error });
    this.#failure = failure;
    this.#lines = [];
    clearTimeout(this.#linger);
    for (const listener of this.#listeners) listener(failure);
    return failure;
  }
}
