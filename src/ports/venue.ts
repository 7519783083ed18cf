// Where orders go. Each call returns at once; what comes of it arrives as reports. An
// implementation never retries a placement, and says `order.unknown` whenever the order could have
// reached the venue.
import type { Ms, OrderRef, OrderRequest, VenueId, VenueReport } from '../domain/index.ts';

export interface Venue {
  readonly venueId: VenueId;
  start(sink: (report: VenueReport) => void): void;
  place(order: OrderRequest): void;
  cancel(order: OrderRef): void;
  /** Answers with `order.answered`. */
  query(order: OrderRef): void;
  /** Answers with `account.reported`, which says when this was asked, or `account.unavailable`. */
  reportAccount(): void;
  /**
   * Reports every fill, funding payment, liquidation and transfer since the instant once more, then
   * says `activity.reported`.
   */
  reportActivity(sinceAtMs: Ms): void;
  stop(): Promise<void>;
}
