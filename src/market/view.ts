// What detectors, strategies and the paper exchange may read of the market plane: live objects on
// plain numbers, valid until the next event. Sizes are in the venue's own unit; base is size times
// contractSize.
import type { Instrument, InstrumentId, Ms } from '../domain/index.ts';

/** One side of a book, best first. */
export interface BookSideView {
  readonly count: number;
  /** `depth` 0 is the best; NaN beyond `count`. */
  priceAt(depth: number): number;
  sizeAt(depth: number): number;
}

export interface BookView {
  /** The venue's update id of the last event applied; 0 before the first snapshot. */
  readonly sequence: number;
  /** A snapshot has been applied and no gap has been seen since. */
  readonly isSynced: boolean;
  /** Best bid at or above best ask. */
  readonly isCrossed: boolean;
  readonly bids: BookSideView;
  readonly asks: BookSideView;
}

export interface FundingView {
  /** A fraction per interval: the venue's estimate for the settlement at `fundingAtMs`. */
  readonly fundingRate: number;
  readonly fundingAtMs: Ms;
  readonly fundingIntervalMs: Ms;
}

export interface InstrumentView {
  readonly instrument: Instrument;
  readonly book: BookView;
  /**
   * When the newest book data was true, on our clock (venue event time less the measured offset).
   */
  readonly bookAtMs: Ms;
  /** NaN until known. */
  readonly markPrice: number;
  /** Absent until rate, next settlement and interval are all known. */
  readonly funding: FundingView | undefined;
  /** Connected, synced, fresh and not crossed, as last judged. */
  readonly isHealthy: boolean;
}

export interface MarketView {
  get(instrumentId: InstrumentId): InstrumentView | undefined;
  /** In order of listing. */
  withBase(base: string): readonly InstrumentView[];
  all(): readonly InstrumentView[];
}
