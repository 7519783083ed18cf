// Which levels of a book an order would take, best first: exact quantities from what the book shows
// less what was taken before. Looks only; taking is the floor's business.
import type { InstrumentView } from '../market/view.ts';
import type { Price, Qty, Side } from '../domain/index.ts';
import {
  greatest,
  isLess,
  isMore,
  isPositive,
  least,
  minus,
  times,
  toPrice,
  toQty,
  toStep,
  ZERO_QTY,
} from '../domain/index.ts';
import type { BookSide, TakenLiquidity } from './taken-liquidity.ts';

/** A part of one level. */
export interface Take {
  readonly bookSide: BookSide;
  /** As the book shows it, in the venue's unit. */
  readonly level: { readonly price: number; readonly size: number };
  readonly price: Price;
  readonly qty: Qty;
}

export interface Appetite {
  readonly side: Side;
  readonly qty: Qty;
  /** Absent for a liquidation: any price. */
  readonly limitPrice: Price | undefined;
}

export function reachable(
  view: InstrumentView,
  taken: TakenLiquidity,
  appetite: Appetite,
): readonly Take[] {
  const { contractSize, qtyStep } = view.instrument;
  const bookSide: BookSide = appetite.side === 'buy' ? 'asks' : 'bids';
  const levels = view.book[bookSide];
  const takes: Take[] = [];
  let wantedQty = appetite.qty;
  for (let depth = 0; depth < levels.count && isPositive(wantedQty); depth += 1) {
    const level = { price: levels.priceAt(depth), size: levels.sizeAt(depth) };
    const price = toPrice(level.price);
    if (isBeyond(appetite, price)) break;
    const shownQty = times(toQty(level.size), contractSize);
    const leftQty = greatest(minus(shownQty, taken.takenQty(bookSide, level)), ZERO_QTY);
    const qty = least(toStep(leftQty, qtyStep, 'down'), wantedQty);
    if (!isPositive(qty)) continue;
    takes.push({ bookSide, level, price, qty });
    wantedQty = minus(wantedQty, qty);
  }
  return takes;
}

function isBeyond({ side, limitPrice }: Appetite, price: Price): boolean {
  if (limitPrice === undefined) return false;
  return side === 'buy' ? isMore(price, limitPrice) : isLess(price, limitPrice);
}

/** Why this book cannot be matched against now, or undefined when it can. */
export function unmatchableCause(
  view: InstrumentView,
  limits: { readonly nowMs: number; readonly bookAgeMsMax: number },
): string | undefined {
  const { book, instrument } = view;
  const ageMs = limits.nowMs - view.bookAtMs;
  if (!book.isSynced) return `book ${instrument.instrumentId} is not synchronised`;
  if (book.isCrossed) return `book ${instrument.instrumentId} is crossed`;
  if (ageMs > limits.bookAgeMsMax) {
    return `book ${instrument.instrumentId} is ${ageMs} ms old, limit ${limits.bookAgeMsMax} ms`;
  }
  return undefined;
}
