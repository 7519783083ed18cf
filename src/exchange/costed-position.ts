// A position as quantity and the money that it cost, never as a rounded average price: closing
// hands back exactly what opening paid, so that profits of all fills sum to what was bought and
// sold.
import type { Price, Qty, Side, Usd } from '../domain/index.ts';
import {
  absolute,
  isMore,
  isNegative,
  isZero,
  minus,
  moved,
  negate,
  notional,
  over,
  plus,
  times,
  toPrice,
  ZERO_QTY,
  ZERO_USD,
} from '../domain/index.ts';

/** Both signed: a long has cost money, a short has brought some. */
export interface CostedPosition {
  readonly qty: Qty;
  readonly costUsd: Usd;
}

export const FLAT: CostedPosition = { qty: ZERO_QTY, costUsd: ZERO_USD };

export interface Trading {
  readonly position: CostedPosition;
  /** Absent when the fill closed nothing. */
  readonly realisedUsd: Usd | undefined;
}

/** The position after a fill, and what the closed part earned. */
export function traded(
  position: CostedPosition,
  fill: { readonly side: Side; readonly qty: Qty; readonly price: Price },
): Trading {
  const change = moved(ZERO_QTY, fill.side, fill.qty);
  const isOpening = isZero(position.qty) || isNegative(position.qty) === isNegative(change);
  if (isOpening) {
    return { position: opened(position, change, fill.price), realisedUsd: undefined };
  }
  if (!isMore(fill.qty, absolute(position.qty))) {
    return closed(position, negate(change), fill.price);
  }
  const { realisedUsd } = closed(position, position.qty, fill.price);
  const rest = plus(position.qty, change);
  return { position: opened(FLAT, rest, fill.price), realisedUsd };
}

const opened = (position: CostedPosition, change: Qty, price: Price): CostedPosition => ({
  qty: plus(position.qty, change),
  costUsd: plus(position.costUsd, notional(price, change)),
});

/** `part` has the sign of the position. A quotient that does not end is rounded against us; the
 * difference stays in the cost of what is left. */
function closed(position: CostedPosition, part: Qty, price: Price): Trading {
  const costUsd =
    part === position.qty
      ? position.costUsd
      : over(times(position.costUsd, part), position.qty, 'up');
  return {
    position: { qty: minus(position.qty, part), costUsd: minus(position.costUsd, costUsd) },
    realisedUsd: minus(notional(price, part), costUsd),
  };
}

/** The average, for people: rounded so that our profit never looks better than it is. */
export const entryPrice = (position: CostedPosition): Price =>
  toPrice(
    over(
      absolute(position.costUsd),
      absolute(position.qty),
      isNegative(position.qty) ? 'down' : 'up',
    ),
  );
