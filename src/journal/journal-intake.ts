// The front of a journal, whoever writes behind it: takes records in their order, keeps their lines
// until the writer fetches them, and takes nothing after a failure, which it tells once.
import type { Seq, StepRecord } from '../domain/index.ts';
import { toCheckedLine } from './checked-line.ts';
import { JournalError } from './journal-error.ts';

export class JournalIntake {
  #lastSeq: Seq;
  #lines: string[] = [];
  #pendingChars = 0;
  #failure: JournalError | undefined;
  readonly #listeners: ((error: Error) => void)[] = [];
  #isClosed = false;

  constructor(lastSeq: Seq) {
    this.#lastSeq = lastSeq;
  }

  /** Of the last record taken, or found when the run was opened. */
  get lastSeq(): Seq {
    return this.#lastSeq;
  }

  /** Text taken and not yet fetched. */
  get pendingChars(): number {
    return this.#pendingChars;
  }

  get failure(): JournalError | undefined {
    return this.#failure;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws the failure after one, and a `RangeError` for a record out of order. */
  take(record: StepRecord): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed) throw new JournalError('journal.failed', 'the journal is closed');
    if (record.seq !== this.#lastSeq + 1) {
      throw new RangeError(`record ${record.seq} cannot follow record ${this.#lastSeq}`);
    }
    const line = toCheckedLine(JSON.stringify(record));
    this.#lines.push(line);
    this.#pendingChars += line.length;
    this.#lastSeq = record.seq;
  }

  /** What is to be written, up to the last record; undefined when there is nothing, or no hope. */
  fetch(): Buffer | undefined {
    if (this.#failure !== undefined || this.#lines.length === 0) return undefined;
    const bytes = Buffer.from(this.#lines.join(''));
    this.#drop();
    return bytes;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The first failure stays the one. */
  fail(failure: JournalError): JournalError {
    if (this.#failure !== undefined) return this.#failure;
    this.#failure = failure;
    this.#drop();
    for (const listener of this.#listeners) listener(failure);
    return failure;
  }

  onFailure(then: (error: Error) => void): void {
    if (this.#failure === undefined) this.#listeners.push(then);
    else then(this.#failure);
  }

  #drop(): void {
    this.#lines = [];
    this.#pendingChars = 0;
  }
}
