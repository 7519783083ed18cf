// What makes one venue of our own different from another: money, margin, distance, memory.
import type { Ms, Rate, Usd, VenueId } from '../domain/index.ts';

export interface ExchangeSettings {
  readonly venueId: VenueId;
  /** The starting balance of the one account. */
  readonly depositUsd: Usd;
  /** Initial margin is notional over this; one cross-margined account. */
  readonly leverage: Rate;
  /** A fraction of the positions' notional below which the venue closes them. */
  readonly maintenanceMarginRate: Rate;
  /** One way, drawn for each message in each direction; whole milliseconds, both ends included. */
  readonly latencyMs: { readonly min: number; readonly max: number };
  /** A book older than this cannot be matched against: new orders are refused for certain, resting
   * ones and liquidations wait. Cancels and queries are answered all the same. */
  readonly bookAgeMsMax: Ms;
  /** Binance and Kraken take an id again once its order is closed, and later deny it. */
  readonly forgetsClosedOrders: boolean;
}
