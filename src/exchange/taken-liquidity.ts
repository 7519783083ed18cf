// What we have already taken from the levels of one book. The live book does not know of us, so
// that the same size would be there again for the next order; it is not, until the level itself
// changes.
import type { BookSideView, BookView } from '../market/view.ts';
import type { Qty } from '../domain/index.ts';
import { plus, ZERO_QTY } from '../domain/index.ts';

export type BookSide = 'bids' | 'asks';

interface TakenLevel {
  /** The level as the book showed it, in the venue's unit. */
  readonly size: number;
  readonly takenQty: Qty;
}

export class TakenLiquidity {
  readonly #levels = { bids: new Map<number, TakenLevel>(), asks: new Map<number, TakenLevel>() };

  takenQty(side: BookSide, level: { readonly price: number; readonly size: number }): Qty {
    const seen = this.#levels[side].get(level.price);
    return seen?.size === level.size ? seen.takenQty : ZERO_QTY;
  }

  take(side: BookSide, level: { readonly price: number; readonly size: number }, qty: Qty): void {
    const takenQty = plus(this.takenQty(side, level), qty);
    this.#levels[side].set(level.price, { size: level.size, takenQty });
  }

  /** Called after each change of the book: a level that went and came back is fresh liquidity. A
   * book that is being fetched anew says nothing about its levels. */
  forgetChanged(book: BookView): void {
    if (!book.isSynced) return;
    forgetChangedLevels(this.#levels.bids, book.bids, 'falling');
    forgetChangedLevels(this.#levels.asks, book.asks, 'rising');
  }
}

function forgetChangedLevels(
  levels: Map<number, TakenLevel>,
  side: BookSideView,
  prices: 'rising' | 'falling',
): void {
  for (const [price, { size }] of levels) {
    if (sizeAtPrice(side, price, prices) !== size) levels.delete(price);
  }
}

/** Levels are sorted from the best: halve until found. */
function sizeAtPrice(side: BookSideView, price: number, prices: 'rising' | 'falling'): number {
  let [low, high] = [0, side.count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = side.priceAt(middle);
    if (found === price) return side.sizeAt(middle);
    const isBeforePrice = prices === 'rising' ? found < price : found > price;
    if (isBeforePrice) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}
