// A book that applies only what its venue's rule lets follow. Deltas that arrive before their
// snapshot wait in a bounded buffer; a gap empties the book at once. Asks nobody for a snapshot:
// the verdict says when.
import type { BookDelta, BookSnapshot } from '../domain/index.ts';
import { Book } from './book.ts';
import type { ContinuityRule } from './continuity.ts';
import type { Verdict } from './verdict.ts';
import { APPLIED, BUFFERED, gap, STALE } from './verdict.ts';

/** At ten deltas a second, more than a minute of waiting: the snapshot is not coming. */
const BUFFERED_DELTAS_MAX = 1_000;

export class SyncedBook {
  readonly book: Book;
  /** Deltas applied, dropped as stale, and gaps found, since the beginning. */
  appliedCount = 0;
  staleCount = 0;
  gapCount = 0;
  /** The event time of the newest data in the book. */
  eventAtMs = NaN;
  readonly #rule: ContinuityRule;
  #buffer: BookDelta[] = [];
  #isChained = false;

  constructor(rule: ContinuityRule, depthMax: number) {
    this.#rule = rule;
    this.book = new Book(depthMax);
  }

  get sequence(): number {
    return this.book.sequence;
  }

  get isChained(): boolean {
    return this.#isChained;
  }

  load(snapshot: BookSnapshot): Verdict {
    // A late reply must not undo deltas that a newer book already holds.
    if (this.#rule.hasSeparateSnapshot && snapshot.sequence < this.sequence) return STALE;
    this.book.load(snapshot);
    this.#isChained = false;
    this.eventAtMs = snapshot.eventAtMs;
    return this.#buffer.length > 0 ? this.#replay() : APPLIED;
  }

  apply(delta: BookDelta): Verdict {
    if (!this.book.isSynced) {
      return this.#rule.hasSeparateSnapshot ? this.#keep(delta) : this.#drop();
    }
    const continuity = this.#rule.judge(this, delta);
    switch (continuity) {
      case 'follows':
        this.book.apply(delta);
        this.#isChained = true;
        this.appliedCount += 1;
        this.eventAtMs = delta.eventAtMs;
        return APPLIED;
      case 'stale':
        return this.#drop();
      case 'gap':
        return this.#break(delta);
    }
  }

  reset(): void {
    this.book.clear();
    this.#buffer = [];
    this.#isChained = false;
    this.eventAtMs = NaN;
  }

  #replay(): Verdict {
    const waiting = this.#buffer;
    this.#buffer = [];
    for (const [at, delta] of waiting.entries()) {
      const verdict = this.apply(delta);
      if (verdict.type !== 'gap') continue;
      // The snapshot is older than what waits: the next one may still reach it.
      this.#buffer = waiting.slice(at);
      return verdict;
    }
    return APPLIED;
  }

  /** The feed may reuse the event after the call. */
  #keep(delta: BookDelta): Verdict {
    if (this.#buffer.length === BUFFERED_DELTAS_MAX) {
      this.#buffer = [];
      this.gapCount += 1;
      return gap(`${BUFFERED_DELTAS_MAX} deltas came without a snapshot`);
    }
    this.#buffer.push({ ...delta, bids: [...delta.bids], asks: [...delta.asks] });
    return BUFFERED;
  }

  #drop(): Verdict {
    this.staleCount += 1;
    return STALE;
  }

  #break(delta: BookDelta): Verdict {
    const { sequence } = this;
    this.reset();
    this.gapCount += 1;
    if (this.#rule.hasSeparateSnapshot) this.#keep(delta);
    const previous = delta.previousSequence === undefined ? '' : ` after ${delta.previousSequence}`;
    const ids = `${delta.firstSequence} to ${delta.sequence}${previous}`;
    return gap(`sequence gap: delta ${ids} does not follow ${sequence}`);
  }
}
