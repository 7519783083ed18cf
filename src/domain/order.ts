// Instructions to a venue and what it says of them. An attempt ends accepted, rejected or unknown;
// unknown is reconciled, never resent.
import type { ClientOrderId, FillId, InstrumentId, LegId, Ms, TradeId } from './brand.ts';
import type { TransferId, VenueId } from './brand.ts';
import type { Price, Qty, Rate, Usd } from './decimal.ts';
import { minus, plus } from './decimal.ts';

export type Side = 'buy' | 'sell';
export type TimeInForce = 'IOC' | 'GTC';

export interface OrderRequest {
  readonly clientOrderId: ClientOrderId;
  readonly tradeId: TradeId;
  readonly legId: LegId;
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly qty: Qty;
  /** The worst price we accept: every order has one. */
  readonly limitPrice: Price;
  /** The touch at the decision; slippage is measured against it. */
  readonly referencePrice: Price;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
}

/** Names an order at a venue without repeating it. */
export interface OrderRef {
  readonly clientOrderId: ClientOrderId;
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
}

export interface Fill {
  readonly fillId: FillId;
  readonly clientOrderId: ClientOrderId;
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly qty: Qty;
  readonly price: Price;
  /** Positive is paid by us. */
  readonly feeUsd: Usd;
  readonly liquidity: 'maker' | 'taker';
  readonly filledAtMs: Ms;
}

/** How an order ended at the venue, with everything that ever filled of it. */
export type OrderEnd = 'filled' | 'cancelled' | 'expired';

/** What a venue answers when asked about an order. */
export type OrderEvidence =
  | { readonly kind: 'open'; readonly fills: readonly Fill[] }
  | { readonly kind: 'ended'; readonly end: OrderEnd; readonly fills: readonly Fill[] }
  /**
   * The venue knows neither such an order nor an execution of it now; proof only after the
   * propagation window.
   */
  | { readonly kind: 'absent' };

export interface FundingPayment {
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
  readonly fundingAtMs: Ms;
  readonly fundingRate: Rate;
  readonly positionQty: Qty;
  readonly markPrice: Price;
  /** Positive is received by us. */
  readonly amountUsd: Usd;
}

/** Money that came to an account or left it without a trade. */
export interface Transfer {
  readonly venueId: VenueId;
  readonly transferId: TransferId;
  /** `insurance`: what the venue pays when a liquidation leaves less than nothing. */
  readonly kind: 'deposit' | 'withdrawal' | 'insurance';
  /** Positive is received by us. */
  readonly amountUsd: Usd;
  readonly madeAtMs: Ms;
}

/** Signed: long positive, short negative. */
export interface Position {
  readonly instrumentId: InstrumentId;
  readonly qty: Qty;
  readonly entryPrice: Price;
  readonly markPrice: Price;
  /** Where the venue closes us; absent when flat or not reachable. */
  readonly liquidationPrice?: Price;
}

/** An account as its venue has it at an instant. */
export interface AccountStatement {
  readonly venueId: VenueId;
  readonly equityUsd: Usd;
  readonly marginUsedUsd: Usd;
  readonly positions: readonly Position[];
}

/** The answer to a question about an account. */
export interface AccountReport extends AccountStatement {
  /**
   * When the question left us, by our own clock. The venue answered later than that, however late
   * the answer came: it knows all that we had heard of before, and of what we heard since perhaps
   * nothing. Journals of before the field have none: what they report is comparable with no fill.
   */
  readonly askedAtMs: Ms;
}

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** A position after buying or selling `qty`. */
export const moved = (position: Qty, side: Side, qty: Qty): Qty =>
  side === 'buy' ? plus(position, qty) : minus(position, qty);
