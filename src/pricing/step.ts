// Steps that several legs share: the smallest quantity that all can trade, and the smallest
// difference that can remain between them.
import type { Qty } from '../domain/index.ts';
import {
  greatest,
  isZero,
  least,
  minus,
  over,
  times,
  toQty,
  toStep,
  ZERO_QTY,
} from '../domain/index.ts';

export interface Steps {
  readonly qtyStep: Qty;
  readonly qtyMin: Qty;
}

/** The least common multiple of all steps. */
export const commonStep = (legs: readonly [Steps, ...Steps[]]): Qty =>
  legs.reduce((step, leg) => multiple(step, leg.qtyStep), legs[0].qtyStep);

/**
 * The largest delta that none of the legs can trade away: one unit of difference below the smallest
 * order. Zero when a single step can be ordered.
 */
export function untradableQty(legs: readonly [Steps, ...Steps[]]): Qty {
  const smallest = legs.map(smallestOrderQty).reduce(least);
  const unit = legs.reduce((step, leg) => divisor(step, leg.qtyStep), legs[0].qtyStep);
  return greatest(ZERO_QTY, minus(smallest, unit));
}

const smallestOrderQty = (leg: Steps): Qty =>
  toStep(greatest(leg.qtyMin, leg.qtyStep), leg.qtyStep, 'up');

const multiple = (left: Qty, right: Qty): Qty =>
  times(left, toQty(over(right, divisor(left, right), 'down')));

/** Euclid's greatest common divisor on decimals. */
function divisor(left: Qty, right: Qty): Qty {
  let whole = left;
  let rest = right;
  while (!isZero(rest)) [whole, rest] = [rest, minus(whole, toStep(whole, rest, 'down'))];
  return whole;
}
