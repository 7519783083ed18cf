// What a venue refuses for certain, with a stable code: the order's own terms against the
// instrument. Money, position and market are judged elsewhere.
import type { Instrument, KnownRejectCode, OrderRequest } from '../domain/index.ts';
import { isLess, isMore, isPositive, notional, toStep } from '../domain/index.ts';

export interface OrderRefusal {
  readonly code: KnownRejectCode;
  readonly message: string;
}

export function termsRefusal(
  order: OrderRequest,
  instrument: Instrument,
): OrderRefusal | undefined {
  const { qty, limitPrice, reduceOnly } = order;
  const { qtyStep, qtyMin, qtyMax, tickSize, notionalUsdMin } = instrument;
  if (!instrument.isTrading && !reduceOnly) {
    return refusal('venue.not-trading', `${instrument.instrumentId} takes reductions only`);
  }
  if (!isPositive(limitPrice) || toStep(limitPrice, tickSize, 'down') !== limitPrice) {
    return refusal('venue.price-tick', `price ${limitPrice} is not a multiple of ${tickSize}`);
  }
  if (!isPositive(qty) || isLess(qty, qtyMin)) {
    return refusal('venue.qty-min', `quantity ${qty} is below ${qtyMin}`);
  }
  if (isMore(qty, qtyMax)) return refusal('venue.qty-max', `quantity ${qty} is above ${qtyMax}`);
  if (toStep(qty, qtyStep, 'down') !== qty) {
    return refusal('venue.qty-step', `quantity ${qty} is not a multiple of ${qtyStep}`);
  }
  const notionalUsd = notional(limitPrice, qty);
  if (!reduceOnly && isLess(notionalUsd, notionalUsdMin)) {
    return refusal('venue.notional-min', `notional ${notionalUsd} is below ${notionalUsdMin}`);
  }
  return undefined;
}

export const refusal = (code: KnownRejectCode, message: string): OrderRefusal => ({
  code,
  message,
});
