// One instrument of the market plane: its book, mark price and funding, merged from whatever
// parts the venue sends. Readers hold it as a read-only view that changes under them.
import type { Instrument, MarketEvent, Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { BookView, FundingView, InstrumentView } from './view.ts';
import { SyncedBook } from './synced-book.ts';
import type { ContinuityRule } from './continuity.ts';

type FundingUpdated = Extract<MarketEvent, { type: 'funding.updated' }>;

/** Long before any data: an age against it is beyond every limit. */
const NEVER_AT_MS = toMs(0);

export class ListedInstrument implements InstrumentView {
  readonly syncedBook: SyncedBook;
  instrument: Instrument;
  bookAtMs: Ms = NEVER_AT_MS;
  markPrice = NaN;
  isHealthy = false;
  #funding: FundingView | undefined;
  #fundingRate: number | undefined;
  #fundingAtMs: Ms | undefined;
  #fundingIntervalMs: Ms | undefined;

  constructor(instrument: Instrument, rule: ContinuityRule, depthMax: number) {
    this.instrument = instrument;
    this.syncedBook = new SyncedBook(rule, depthMax);
  }

  get book(): BookView {
    return this.syncedBook.book;
  }

  get funding(): FundingView | undefined {
    return this.#funding;
  }

  mergeFunding(event: FundingUpdated): void {
    const fundingRate = event.fundingRate ?? this.#fundingRate;
    const fundingAtMs = event.fundingAtMs ?? this.#fundingAtMs;
    const fundingIntervalMs = event.fundingIntervalMs ?? this.#fundingIntervalMs;
    this.#fundingRate = fundingRate;
    this.#fundingAtMs = fundingAtMs;
    this.#fundingIntervalMs = fundingIntervalMs;
    if (fundingRate === undefined || fundingAtMs === undefined) return;
    if (fundingIntervalMs === undefined) return;
    this.#funding = { fundingRate, fundingAtMs, fundingIntervalMs };
  }

  /** Mark price and funding stay: they do not come from the book. */
  resetBook(): void {
    this.syncedBook.reset();
    this.loseBook();
  }

  /** The book emptied itself at a gap and keeps the deltas that may still follow a snapshot. */
  loseBook(): void {
    this.bookAtMs = NEVER_AT_MS;
    this.isHealthy = false;
  }
}
