// What a venue's public data becomes before anything of ours reads it: one alphabet for every
// venue. Book levels are flat number lists (price, size, price, size …) in the venue's own size
// unit, because they are the hot path; a float64 names a venue's decimal exactly up to 15 digits,
// and decimals confirm later.
import type { InstrumentId, Ms, VenueId } from './brand.ts';
import type { Instrument } from './instrument.ts';

/** Price, size, price, size …; a size of 0 removes the level. */
export type FlatLevels = readonly number[];

export type MarketEvent =
  | { readonly type: 'instrument.listed'; readonly instrument: Instrument }
  | BookSnapshot
  | BookDelta
  | {
      readonly type: 'mark.updated';
      readonly instrumentId: InstrumentId;
      readonly markPrice: number;
      readonly eventAtMs: Ms;
    }
  | {
      readonly type: 'funding.updated';
      readonly instrumentId: InstrumentId;
      /** A fraction per interval. Absent parts keep what was known: venues send them apart. */
      readonly fundingRate?: number;
      readonly fundingAtMs?: Ms;
      readonly fundingIntervalMs?: Ms;
      readonly eventAtMs: Ms;
    };

export interface BookSnapshot {
  readonly type: 'book.snapshot';
  readonly instrumentId: InstrumentId;
  readonly sequence: number;
  readonly bids: FlatLevels;
  readonly asks: FlatLevels;
  readonly eventAtMs: Ms;
}

export interface BookDelta {
  readonly type: 'book.delta';
  readonly instrumentId: InstrumentId;
  /** First and last update id that this delta carries; equal where the venue has one id. */
  readonly firstSequence: number;
  readonly sequence: number;
  /** The id of the delta before, where the venue says it (`pu`, `prevSeqId`). */
  readonly previousSequence?: number;
  readonly bids: FlatLevels;
  readonly asks: FlatLevels;
  readonly eventAtMs: Ms;
}

/** What a feed says about its own connection; never about prices. */
export type FeedNotice =
  | { readonly type: 'feed.connected'; readonly venueId: VenueId }
  | { readonly type: 'feed.disconnected'; readonly venueId: VenueId; readonly cause: string }
  /** Venue clock minus ours, with half the round trip as its doubt. */
  | {
      readonly type: 'feed.clock';
      readonly venueId: VenueId;
      readonly offsetMs: Ms;
      readonly doubtMs: Ms;
    }
  /**
   * A frame that could not be read: dropped, counted, and the stream resynchronised. With an
   * instrument, its book is no longer complete; without one, the feed reconnects where that is
   * needed and says so.
   */
  | {
      readonly type: 'feed.refused';
      readonly venueId: VenueId;
      readonly instrumentId?: InstrumentId;
      readonly cause: string;
    };
