// A book of the venue's own digits, kept beside the float book only where a venue sends
// checksums: trailing zeros count there, and floats have none. Slow and exact; nothing prices
// from it.

/** Price and size exactly as sent; a size of only zeros removes the level. */
export type DigitLevel = readonly [price: string, size: string];

interface KeptLevel {
  readonly key: number;
  readonly level: DigitLevel;
}

const ONLY_ZEROS = /^[0.]+$/;

export class DigitBook {
  readonly #depthMax: number;
  #bids: KeptLevel[] = [];
  #asks: KeptLevel[] = [];

  constructor(depthMax: number) {
    this.#depthMax = depthMax;
  }

  /** Best first. */
  get bids(): readonly DigitLevel[] {
    return this.#bids.map(({ level }) => level);
  }

  get asks(): readonly DigitLevel[] {
    return this.#asks.map(({ level }) => level);
  }

  best(side: 'bids' | 'asks', count: number): readonly DigitLevel[] {
    const kept = side === 'bids' ? this.#bids : this.#asks;
    return kept.slice(0, count).map(({ level }) => level);
  }

  clear(): void {
    this.#bids = [];
    this.#asks = [];
  }

  /** All levels of one message, then cut to the depth that the venue hashes and sends. */
  apply(update: {
    readonly bids: readonly DigitLevel[];
    readonly asks: readonly DigitLevel[];
  }): void {
    for (const level of update.bids) set(this.#bids, -Number(level[0]), level);
    for (const level of update.asks) set(this.#asks, Number(level[0]), level);
    this.#bids.length = Math.min(this.#bids.length, this.#depthMax);
    this.#asks.length = Math.min(this.#asks.length, this.#depthMax);
  }
}

/** Kept with ascending keys, so the best is first on both sides. */
function set(kept: KeptLevel[], key: number, level: DigitLevel): void {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((kept[middle]?.key ?? NaN) < key) low = middle + 1;
    else high = middle;
  }
  const isKnown = kept[low]?.key === key;
  if (ONLY_ZEROS.test(level[1])) {
    if (isKnown) kept.splice(low, 1);
  } else {
    kept.splice(low, isKnown ? 1 : 0, { key, level });
  }
}
