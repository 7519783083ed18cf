// The ordered, durable truth. Nothing above may assume that it is a file.
import type { Seq, StepRecord } from '../domain/index.ts';

export interface Journal {
  /** Accepts the next record; order is kept. Throws when the journal has failed. */
  append(record: StepRecord): void;
  /** Calls back once the record with this number is durable, in order of calls. */
  whenDurable(seq: Seq, then: () => void): void;
  /** Called at most once: the journal can no longer keep its promise (disk full, failed sync). */
  onFailure(then: (error: Error) => void): void;
  close(): Promise<void>;
}
