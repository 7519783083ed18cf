// Finds books that stay crossed. Two venues' updates may cross for an instant; a book that stays so
// has lost an update that its venue's numbering does not show, and must be fetched anew.
import type { InstrumentId, Ms } from '../domain/index.ts';
import type { MarketView } from './view.ts';

/** Longer than any burst of updates that is still on its way. */
const CROSSED_MS_MAX = 1_000;

export class CrossedBooks {
  readonly #sinceAtMs = new Map<InstrumentId, Ms>();

  /** Those crossed for too long; each is named once and then starts anew. */
  overdue(market: MarketView, atMs: Ms): readonly InstrumentId[] {
    const overdue: InstrumentId[] = [];
    for (const { book, instrument } of market.all()) {
      const { instrumentId } = instrument;
      if (!book.isSynced || !book.isCrossed) {
        if (this.#sinceAtMs.size > 0) this.#sinceAtMs.delete(instrumentId);
        continue;
      }
      const sinceAtMs = this.#sinceAtMs.get(instrumentId);
      if (sinceAtMs === undefined) {
        this.#sinceAtMs.set(instrumentId, atMs);
      } else if (atMs - sinceAtMs >= CROSSED_MS_MAX) {
        this.#sinceAtMs.delete(instrumentId);
        overdue.push(instrumentId);
      }
    }
    return overdue;
  }
}
