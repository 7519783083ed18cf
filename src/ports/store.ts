// A copy of the truth for questions, such as a database. It follows the journal at its own pace and
// reads it itself: whoever runs says only how far the journal is durable, and never waits.
import type { Seq } from '../domain/index.ts';

export type StoreNews =
  /** It works, for the first time; `place` names it without credentials. */
  | { readonly type: 'opened'; readonly place: string }
  /** Told once until it works again. */
  | { readonly type: 'trouble'; readonly code: string; readonly text: string }
  /** It works again, and holds everything up to this record. */
  | { readonly type: 'recovered'; readonly lastSeq: number };

export interface Store {
  /** The journal of the run is durable up to this record; returns at once. */
  follow(seq: Seq): void;
  onNews(then: (news: StoreNews) => void): void;
  /** Ends after this time at the latest; says the last record that is stored. */
  close(graceMs: number): Promise<number>;
}
