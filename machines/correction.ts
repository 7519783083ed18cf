// A position that was corrected to what its venue says differs from the fills that were counted. A
// fill from before the correction that is heard after it explains the difference and moves nothing:
// the venue had it in what it said. Position = counted fills + what is unexplained, always.
import type { Fill, Qty } from '../src/domain/index.ts';
import {
  absolute,
  isNegative,
  isZero,
  least,
  minus,
  moved,
  negate,
  orderOrigin,
  plus,
  ZERO_QTY,
} from '../src/domain/index.ts';

export interface Correction {
  /** Signed: what is held beyond the counted fills. */
  readonly unexplainedQty: Qty;
  /** Of the leg's newest order then: later ones explain nothing. */
  readonly attempt: number;
}

/** Absent where counted fills and position are the same. */
export function corrected(
  before: Correction | undefined,
  byQty: Qty,
  attempt: number,
): Correction | undefined {
  const unexplainedQty = plus(before?.unexplainedQty ?? ZERO_QTY, byQty);
  return isZero(unexplainedQty) ? undefined : { unexplainedQty, attempt };
}

/**
 * The part of a fill, signed, that the position holds already: as much as is unexplained on its
 * side. A liquidation has no order of ours to date it; its side and quantity must do.
 */
export function explainedQty(correction: Correction | undefined, fill: Fill, runTag: string): Qty {
  if (correction === undefined) return ZERO_QTY;
  const origin = orderOrigin(fill.clientOrderId, runTag);
  if (origin !== undefined && origin.attempt > correction.attempt) return ZERO_QTY;
  const { unexplainedQty } = correction;
  const isSale = fill.side === 'sell';
  if (isNegative(unexplainedQty) !== isSale) return ZERO_QTY;
  const qty = least(absolute(unexplainedQty), fill.qty);
  return isSale ? negate(qty) : qty;
}

/** A position and what of it is unexplained, after a fill. */
export function movedBy(
  fill: Fill,
  held: { readonly qty: Qty; readonly correction: Correction | undefined },
  runTag: string,
): { readonly qty: Qty; readonly correction: Correction | undefined } {
  const { qty, correction } = held;
  const explained = explainedQty(correction, fill, runTag);
  return {
    qty: minus(moved(qty, fill.side, fill.qty), explained),
    correction: correction && corrected(correction, negate(explained), correction.attempt),
  };
}
