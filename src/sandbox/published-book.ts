// A book as a venue has published it so far: the levels that a client holds who applied every
// frame, the id of the last update in them, and the changes since. Snapshots are taken from here,
// never from the world.
import type { BookSide, WorldBook } from './world-book.ts';

/** Ticks and lots; 0 lots removes the level. */
export type WireLevel = readonly [ticks: number, lots: number];

export interface BookChange {
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
}

export class PublishedBook {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  #lastId: number;

  /** Takes the world's book as published under this id. */
  constructor(book: WorldBook, lastId: number) {
    this.#lastId = lastId;
    differences(this.#bids, book.bids);
    differences(this.#asks, book.asks);
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Best first. */
  bids(depth: number): readonly WireLevel[] {
    return [...this.#bids].sort((left, right) => right[0] - left[0]).slice(0, depth);
  }

  asks(depth: number): readonly WireLevel[] {
    return [...this.#asks].sort((left, right) => left[0] - right[0]).slice(0, depth);
  }

  /**
   * Publishes the world's book. `nextId` says which id the changes end with, given their number.
   */
  advance(book: WorldBook, nextId: (changeCount: number) => number): BookChange {
    const previousId = this.#lastId;
    const bids = differences(this.#bids, book.bids);
    const asks = differences(this.#asks, book.asks);
    this.#lastId = nextId(bids.length + asks.length);
    return { bids, asks, previousId, firstId: previousId + 1, lastId: this.#lastId };
  }
}

/** Makes the held levels equal to the side and returns what had to be said for it. */
function differences(held: Map<number, number>, side: BookSide): readonly WireLevel[] {
  const changes: [number, number][] = [];
  const current = new Set<number>(side.ticks);
  for (const ticks of held.keys()) {
    if (!current.has(ticks)) changes.push([ticks, 0]);
  }
  for (const [ticks] of changes) held.delete(ticks);
  side.ticks.forEach((ticks, depth) => {
    const lots = side.lots[depth] ?? 0;
    if (held.get(ticks) === lots) return;
    held.set(ticks, lots);
    changes.push([ticks, lots]);
  });
  return changes;
}
