// The book-keeping of a leg's orders as plain functions: which order is current, what has filled of
// it, which fills were counted already. A fill counts once, whenever and however often it arrives.
import type {
  ClientOrderId,
  Fill,
  FillId,
  InstrumentId,
  LegId,
  Ms,
  OrderEvidence,
  OrderPolicy,
  OrderRef,
  OrderRequest,
  Qty,
  TradeId,
  VenueId,
} from '../../src/domain/index.ts';
import {
  clientOrderId,
  compare,
  isPositive,
  orderOrigin,
  plus,
  ZERO_QTY,
} from '../../src/domain/index.ts';
import type { LegInstruction } from './leg-events.ts';

export interface LegInput {
  readonly runTag: string;
  readonly tradeId: TradeId;
  readonly legId: LegId;
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
  readonly policy: OrderPolicy;
  /** Orders sent so far; the current one has this number. Not 0 for a leg that was there before. */
  readonly attempt: number;
  /** Fills up to this instant were counted by the leg that was there before. */
  readonly countedUntilAtMs: Ms;
}

export interface LegOrder extends LegInstruction {
  readonly clientOrderId: ClientOrderId;
  readonly sentAtMs: Ms;
  readonly filledQty: Qty;
  /** All that ever filled of it, once its venue has said that it ended; null before. */
  readonly endedQty: Qty | null;
}

export interface LegContext extends LegInput {
  readonly order: LegOrder | null;
  readonly countedFills: readonly FillId[];
  /** Why the last order did not fill: the venue's code, or ours. */
  readonly rejectCode: string;
}

export const emptyLeg = (input: LegInput): LegContext => ({
  ...input,
  order: null,
  countedFills: [],
  rejectCode: '',
});

export function withOrder(
  leg: LegContext,
  instruction: LegInstruction,
  atMs: Ms,
): Pick<LegContext, 'attempt' | 'order' | 'rejectCode'> {
  const attempt = leg.attempt + 1;
  const id = clientOrderId({ runTag: leg.runTag, tradeId: leg.tradeId, legId: leg.legId, attempt });
  return {
    attempt,
    rejectCode: '',
    order: {
      ...instruction,
      ...{ clientOrderId: id, sentAtMs: atMs, filledQty: ZERO_QTY, endedQty: null },
    },
  };
}

export const newFills = (leg: LegContext, fills: readonly Fill[]): readonly Fill[] =>
  fills.filter(
    (fill, index) =>
      fill.filledAtMs > leg.countedUntilAtMs &&
      !leg.countedFills.includes(fill.fillId) &&
      fills.findIndex(({ fillId }) => fillId === fill.fillId) === index,
  );

/**
 * Counts the new ones; those of another order move the position but not the current order. An order
 * that is not remembered here, as after a disk that lost what it had promised, uses up its number.
 */
export function withFills(
  leg: LegContext,
  fills: readonly Fill[],
): Pick<LegContext, 'attempt' | 'order' | 'countedFills'> {
  const fresh = newFills(leg, fills);
  const { order } = leg;
  const own = fresh.filter((fill) => fill.clientOrderId === order?.clientOrderId);
  return {
    attempt: Math.max(leg.attempt, ...fresh.map((fill) => attemptOf(leg, fill))),
    countedFills: [...leg.countedFills, ...fresh.map(({ fillId }) => fillId)],
    order: order && {
      ...order,
      filledQty: own.reduce((sum, fill) => plus(sum, fill.qty), order.filledQty),
    },
  };
}

const attemptOf = (leg: LegContext, { clientOrderId: id }: Fill): number =>
  orderOrigin(id, leg.runTag)?.attempt ?? 0;

/** Something of the order that has ended did fill. */
export const hasFilled = ({ order }: LegContext): boolean =>
  order !== null && isPositive(order.filledQty);

export const isComplete = ({ order }: LegContext): boolean =>
  order !== null && compare(order.filledQty, order.qty) >= 0;

/** All that the venue says filled of this order is counted here. */
export const hasCounted = ({ order }: LegContext, filledQty: Qty): boolean =>
  order !== null && compare(order.filledQty, filledQty) >= 0;

/** It has ended, and its last fill came after that word. */
export const hasEnded = (leg: LegContext): boolean =>
  leg.order !== null && leg.order.endedQty !== null && hasCounted(leg, leg.order.endedQty);

export const withEnd = (leg: LegContext, endedQty: Qty): Pick<LegContext, 'order'> => ({
  order: leg.order && { ...leg.order, endedQty },
});

export const isCurrent = ({ order }: LegContext, id: ClientOrderId): boolean =>
  order?.clientOrderId === id;

/** "No such order" proves absence only once the venue had time to make the order known. */
export const provesAbsence = (leg: LegContext, evidence: OrderEvidence, atMs: Ms): boolean =>
  evidence.kind === 'absent' &&
  leg.order !== null &&
  atMs - leg.order.sentAtMs >= leg.policy.propagationMs;

export function orderRef(leg: LegContext): OrderRef {
  const { venueId, instrumentId } = leg;
  return { clientOrderId: currentOrder(leg).clientOrderId, venueId, instrumentId };
}

export function orderRequest(leg: LegContext): OrderRequest {
  const { filledQty: _filled, endedQty: _ended, sentAtMs: _sent, ...order } = currentOrder(leg);
  const { tradeId, legId, venueId, instrumentId } = leg;
  return { ...order, tradeId, legId, venueId, instrumentId, timeInForce: 'IOC' };
}

function currentOrder({ order, tradeId, legId }: LegContext): LegOrder {
  if (order === null) throw new Error(`leg ${tradeId}.${legId} must have an order to speak of`);
  return order;
}
