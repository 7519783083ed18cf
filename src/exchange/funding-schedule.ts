// When the next settlement of one instrument is, and that each happens once. The public schedule
// may move inside the day (8 h to 1 h and back), and the view of the settlement after may come
// before or after the settlement itself. A settlement that nobody announced is not invented.
import type { FundingView } from '../market/view.ts';
import type { Ms } from '../domain/index.ts';

/** News of the settlement after this one, so shortly before this one, is early and not a move:
 * venue clocks differ from ours, and Binance settles up to 15 s around the mark. */
const EARLY_NEWS_MS = 15_000;

export interface Settlement {
  readonly fundingAtMs: Ms;
  readonly fundingRate: number;
}

export class FundingSchedule {
  #next: Settlement | undefined;

  constructor(next?: Settlement) {
    this.#next = next;
  }

  get next(): Settlement | undefined {
    return this.#next;
  }

  /** What is due now, once; to be asked before anything else happens at this instant. */
  takeDue(nowMs: Ms): Settlement | undefined {
    const due = this.#next;
    if (due === undefined || due.fundingAtMs > nowMs) return undefined;
    this.#next = undefined;
    return due;
  }

  /** Takes note of the public schedule; gives the instant to come back at when it is a new one. */
  note(funding: FundingView, nowMs: Ms): Ms | undefined {
    const { fundingAtMs, fundingRate } = funding;
    const next = this.#next;
    if (next?.fundingAtMs === fundingAtMs) {
      if (next.fundingRate !== fundingRate) this.#next = { fundingAtMs, fundingRate };
      return undefined;
    }
    // What is not ahead is settled or was never owed: so each settlement happens once.
    if (fundingAtMs <= nowMs) return undefined;
    const isEarlyNews = next !== undefined && fundingAtMs > next.fundingAtMs;
    if (isEarlyNews && next.fundingAtMs - nowMs <= EARLY_NEWS_MS) return undefined;
    this.#next = { fundingAtMs, fundingRate };
    return fundingAtMs;
  }
}
