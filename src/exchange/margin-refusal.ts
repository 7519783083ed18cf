// Whether the account can carry an order: the part that increases exposure needs free initial
// margin and its own taker fee. Orders that can only reduce need none; one that turns a position
// over has the margin of what it closes.
import type { Instrument, OrderRequest, Qty } from '../domain/index.ts';
import {
  absolute,
  greatest,
  isMore,
  isNegative,
  isPositive,
  least,
  minus,
  notional,
  plus,
  times,
  ZERO_QTY,
} from '../domain/index.ts';
import type { StatementParts } from './account-statement.ts';
import { accountEquityUsd, marginUsedUsd, markPrice } from './account-statement.ts';
import { initialMarginUsd } from './margin.ts';
import type { OrderRefusal } from './order-refusal.ts';
import { refusal } from './order-refusal.ts';

export function marginRefusal(
  order: OrderRequest,
  instrument: Instrument,
  parts: StatementParts,
): OrderRefusal | undefined {
  const positionQty = parts.account.positionQty(order.instrumentId);
  const reduceQty = least(order.qty, reducibleQty(order, positionQty));
  const increaseQty = minus(order.qty, reduceQty);
  if (order.reduceOnly || !isPositive(increaseQty)) return undefined;
  const view = parts.market.get(order.instrumentId);
  const mark = view === undefined ? undefined : markPrice(view);
  // The limit of a sale is its lowest price; it is expected to bring the mark.
  const price =
    order.side === 'sell' && mark !== undefined
      ? greatest(order.limitPrice, mark)
      : order.limitPrice;
  const feeUsd = times(notional(price, increaseQty), instrument.takerFeeRate);
  const { leverage } = parts.settings;
  const neededUsd = plus(initialMarginUsd(price, increaseQty, leverage), feeUsd);
  const releasedUsd = initialMarginUsd(mark ?? price, reduceQty, leverage);
  const freeUsd = plus(minus(accountEquityUsd(parts), marginUsedUsd(parts)), releasedUsd);
  if (!isMore(neededUsd, freeUsd)) return undefined;
  return refusal('venue.insufficient-margin', `needs ${neededUsd} USD, free are ${freeUsd} USD`);
}

/** How much of the position an order of this side can close. */
export function reducibleQty({ side }: Pick<OrderRequest, 'side'>, positionQty: Qty): Qty {
  const isOpposite = isNegative(positionQty) === (side === 'buy');
  return isOpposite ? absolute(positionQty) : ZERO_QTY;
}
