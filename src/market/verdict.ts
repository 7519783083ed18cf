// What came of one market event. The common answers are shared constants, so that the hot path
// allocates nothing; a gap carries its cause in words for people.

export type Verdict =
  /** The view changed. */
  | { readonly type: 'applied' }
  /** Nothing new: a repetition, a heartbeat, or older than the book. */
  | { readonly type: 'stale' }
  /** Kept until its snapshot comes. */
  | { readonly type: 'buffered' }
  /** The book is thrown away: somebody has to bring a snapshot. */
  | { readonly type: 'gap'; readonly cause: string }
  /** The instrument was never listed. */
  | { readonly type: 'unlisted' };

export const APPLIED: Verdict = Object.freeze({ type: 'applied' });
export const STALE: Verdict = Object.freeze({ type: 'stale' });
export const BUFFERED: Verdict = Object.freeze({ type: 'buffered' });
export const UNLISTED: Verdict = Object.freeze({ type: 'unlisted' });

export const gap = (cause: string): Verdict => ({ type: 'gap', cause });
