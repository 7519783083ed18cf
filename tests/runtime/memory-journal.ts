// A journal in memory that is durable when the test says so, and fails when the test says so.
import type { Seq, StepRecord } from '../../src/domain/index.ts';
import type { Journal } from '../../src/ports/index.ts';

export class MemoryJournal implements Journal {
  readonly records: StepRecord[] = [];
  /** Every record is durable as soon as it is appended. */
  isInstant = false;
  #durableSeq = 0;
  #waiting: { readonly seq: Seq; readonly then: () => void }[] = [];
  #failure: Error | undefined;
  #onFailure: (error: Error) => void = () => undefined;

  append(record: StepRecord): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.records.push(record);
    if (this.isInstant) this.sync();
  }

  whenDurable(seq: Seq, then: () => void): void {
    if (seq <= this.#durableSeq) then();
    else this.#waiting.push({ seq, then });
  }

  onFailure(then: (error: Error) => void): void {
    this.#onFailure = then;
  }

  /** Everything appended so far is on disk now. */
  sync(): void {
    this.#durableSeq = this.records.length;
    const ready = this.#waiting.filter(({ seq }) => seq <= this.#durableSeq);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > this.#durableSeq);
    for (const { then } of ready) then();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#onFailure(error);
  }

  async close(): Promise<void> {
    this.sync();
  }
}
