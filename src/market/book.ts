// The resting orders of one instrument: two sides, the venue's id of the last update and whether
// it may be believed. Applies what it is told; whether an update may be applied is decided in
// `synced-book.ts`.
import type { BookDelta, BookSnapshot } from '../domain/index.ts';
import { BookSide } from './book-side.ts';
import type { BookView } from './view.ts';

export class Book implements BookView {
  readonly bids: BookSide;
  readonly asks: BookSide;
  #sequence = 0;
  #isSynced = false;

  constructor(depthMax: number) {
    if (!Number.isInteger(depthMax) || depthMax < 1) {
      throw new RangeError(`a book keeps at least 1 level per side, found ${depthMax}`);
    }
    this.bids = new BookSide('bid', depthMax);
    this.asks = new BookSide('ask', depthMax);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** NaN on an empty side compares false. */
  get isCrossed(): boolean {
    return this.bids.priceAt(0) >= this.asks.priceAt(0);
  }

  load(snapshot: BookSnapshot): void {
    this.bids.load(snapshot.bids);
    this.asks.load(snapshot.asks);
    this.#sequence = snapshot.sequence;
    this.#isSynced = true;
  }

  apply(delta: BookDelta): void {
    this.bids.apply(delta.bids);
    this.asks.apply(delta.asks);
    this.#sequence = delta.sequence;
  }

  /** Nothing is known any more. */
  clear(): void {
    this.bids.clear();
    this.asks.clear();
    this.#sequence = 0;
    this.#isSynced = false;
  }
}
