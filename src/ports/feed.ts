// Where prices come from: a venue's public streams, a recording, or a generated market.
import type { FeedNotice, InstrumentId, MarketEvent, Ms, VenueId } from '../domain/index.ts';

export interface FeedSink {
  /**
   * Called synchronously, in order, for each event of one venue. The event may be reused by the
   * feed after the call: whoever keeps it, copies it.
   */
  market(event: MarketEvent, receivedAtMs: Ms): void;
  notice(notice: FeedNotice): void;
}

export interface Feed {
  readonly venueId: VenueId;
  /** Connects and goes on reconnecting until stopped; never throws for a venue that is away. */
  start(sink: FeedSink): void;
  /** Throw the book of this instrument away and bring a fresh snapshot. */
  resync(instrumentId: InstrumentId): void;
  stop(): Promise<void>;
}
