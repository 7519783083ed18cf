// The whole judgement over an order that has reached the venue, cheapest question first: is the id
// free, are the terms right, can the market be matched against, is there something to reduce, is
// there margin.
import type { InstrumentView } from '../market/view.ts';
import type { Instrument, OrderRequest } from '../domain/index.ts';
import { isZero } from '../domain/index.ts';
import type { StatementParts } from './account-statement.ts';
import type { Fault } from './fault-plan.ts';
import { marginRefusal, reducibleQty } from './margin-refusal.ts';
import { unmatchableCause } from './matching.ts';
import type { OrderRefusal } from './order-refusal.ts';
import { refusal, termsRefusal } from './order-refusal.ts';

/** Binance allows 200 open orders per symbol; one bound for the account is enough here. */
const OPEN_ORDERS_MAX = 200;

export function admissionRefusal(
  order: OrderRequest,
  view: InstrumentView,
  parts: StatementParts & { readonly nowMs: number; readonly faults: readonly Fault[] },
): OrderRefusal | undefined {
  const { memory, account, settings, nowMs, faults } = parts;
  const { instrument } = view;
  if (!isOffered(instrument, settings)) {
    return refusal('venue.unknown-instrument', `${order.instrumentId} is not traded here`);
  }
  if (memory.isTaken(order.clientOrderId)) {
    return refusal('venue.duplicate-order-id', `${order.clientOrderId} is in use`);
  }
  if (faults.some(({ kind }) => kind === 'reject')) {
    return refusal('venue.entries-refused', 'entry orders are not taken at the moment');
  }
  const terms = termsRefusal(order, instrument);
  if (terms !== undefined) return terms;
  if (memory.openCount >= OPEN_ORDERS_MAX) {
    return refusal('venue.open-orders-max', `${OPEN_ORDERS_MAX} orders are open`);
  }
  const cause = unmatchableCause(view, { nowMs, bookAgeMsMax: settings.bookAgeMsMax });
  if (cause !== undefined) return refusal('venue.market-unavailable', cause);
  if (order.reduceOnly && isZero(reducibleQty(order, account.positionQty(order.instrumentId)))) {
    return refusal('venue.reduce-only', `no position in ${order.instrumentId} to reduce`);
  }
  return marginRefusal(order, instrument, parts);
}

/** Spot would need balances per asset: it is not offered. */
const isOffered = (instrument: Instrument, { venueId }: StatementParts['settings']): boolean =>
  instrument.venueId === venueId && instrument.kind === 'perpetual';
