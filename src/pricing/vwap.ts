// The average price of a size through the depth of a book, and the worst level that it touches. The
// exact form rounds against us and says how much is missing; the screen answers in floats for the
// hot path. Neither reads beyond a level that is not a positive number.
import type { Price, Qty, Side, Usd } from '../domain/index.ts';
import {
  isLess,
  isZero,
  minus,
  notional,
  over,
  plus,
  times,
  toPrice,
  toQty,
  ZERO_USD,
} from '../domain/index.ts';

/** One side of a book, best first, sizes in the venue's own unit. */
export interface Levels {
  readonly count: number;
  priceAt(depth: number): number;
  sizeAt(depth: number): number;
}

export interface Depth {
  readonly levels: Levels;
  /** Base units per unit of size. */
  readonly contractSize: Qty;
}

export interface DepthFill {
  readonly kind: 'filled';
  readonly touchPrice: Price;
  readonly vwap: Price;
  /** The last level that the size reaches. */
  readonly worstPrice: Price;
  /** Exactly what the size costs or brings, before any rounding of the average. */
  readonly notionalUsd: Usd;
}

export interface DepthShort {
  readonly kind: 'short';
  readonly availableQty: Qty;
  readonly missingQty: Qty;
}

/** What `qty` base units cost to buy (through asks) or bring when sold (through bids). */
export function vwap(depth: Depth, side: Side, qty: Qty): DepthFill | DepthShort {
  let remainingQty = qty;
  let spentUsd: Usd = ZERO_USD;
  const count = usableCount(depth.levels);
  for (let at = 0; at < count; at += 1) {
    const price = toPrice(depth.levels.priceAt(at));
    const levelQty = times(depth.contractSize, toQty(depth.levels.sizeAt(at)));
    const isLast = !isLess(levelQty, remainingQty);
    const takenQty = isLast ? remainingQty : levelQty;
    spentUsd = plus(spentUsd, notional(price, takenQty));
    remainingQty = minus(remainingQty, takenQty);
    if (isLast) {
      const average = isZero(qty) ? price : averagePrice({ spentUsd, qty, side });
      return {
        kind: 'filled',
        touchPrice: toPrice(depth.levels.priceAt(0)),
        vwap: average,
        worstPrice: price,
        notionalUsd: spentUsd,
      };
    }
  }
  return { kind: 'short', availableQty: minus(qty, remainingQty), missingQty: remainingQty };
}

/** The best price of a side, exact; absent when the side is empty. */
export function touchPrice(levels: Levels): Price | undefined {
  return usableCount(levels) > 0 ? toPrice(levels.priceAt(0)) : undefined;
}

/** In floats, for a size in the venue's own unit; NaN when the depth is not enough. */
export function screenVwap(levels: Levels, size: number): number {
  if (!(size > 0)) return levels.priceAt(0);
  let remaining = size;
  let spent = 0;
  for (let at = 0; at < levels.count; at += 1) {
    const price = levels.priceAt(at);
    const taken = Math.min(remaining, levels.sizeAt(at));
    spent += price * taken;
    remaining -= taken;
    if (remaining <= 0) return spent / size;
  }
  return NaN;
}

function averagePrice(bought: {
  readonly spentUsd: Usd;
  readonly qty: Qty;
  readonly side: Side;
}): Price {
  const average = over(bought.spentUsd, bought.qty, bought.side === 'buy' ? 'up' : 'down');
  return toPrice(average);
}

/** Levels before the first that is not a positive number. */
function usableCount(levels: Levels): number {
  for (let at = 0; at < levels.count; at += 1) {
    if (!isUsable(levels.priceAt(at)) || !isUsable(levels.sizeAt(at))) return at;
  }
  return levels.count;
}

const isUsable = (value: number): boolean => Number.isFinite(value) && value > 0;
