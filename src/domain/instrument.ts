// What is traded at a venue and the steps in which it may be traded. Sizes are in base units; only
// a venue's own mapper knows contracts.
import type { InstrumentId, VenueId } from './brand.ts';
import type { Price, Qty, Rate, Usd } from './decimal.ts';

export type InstrumentKind = 'perpetual' | 'spot';

export interface Instrument {
  readonly instrumentId: InstrumentId;
  readonly venueId: VenueId;
  /** The venue's own name: `BTC-USDT-SWAP`. */
  readonly venueSymbol: string;
  readonly kind: InstrumentKind;
  /** The asset whose price moves: `BTC`. Legs of one trade share it. */
  readonly base: string;
  readonly quote: string;
  readonly tickSize: Price;
  /** Base units per contract; 1 where the venue trades base units. */
  readonly contractSize: Qty;
  /** Smallest step of an order, in base units (lot times contract size). */
  readonly qtyStep: Qty;
  /** Smallest and largest order, in base units. */
  readonly qtyMin: Qty;
  readonly qtyMax: Qty;
  readonly notionalUsdMin: Usd;
  readonly takerFeeRate: Rate;
  readonly makerFeeRate: Rate;
  readonly isTrading: boolean;
}

export const toInstrumentId = (venueId: VenueId, symbol: string): InstrumentId =>
  `${venueId}:${symbol}` as InstrumentId;
