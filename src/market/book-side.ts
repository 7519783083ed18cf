// One side of a book in two sorted float arrays with the best at the end, where nearly all
// changes happen. Keeps at most `depthMax` levels and drops the worst beyond it. Does not judge
// what it is given: prices above zero and sizes of zero or more were checked where they came in.
import type { FlatLevels } from '../domain/index.ts';
import type { BookSideView } from './view.ts';

export type Side = 'bid' | 'ask';

const CAPACITY_FIRST = 64;
/** Levels looked at one by one from the best before the search halves the rest. */
const NEAR_LEVELS = 12;

export class BookSide implements BookSideView {
  /** Turns a price into a key that grows towards the best: bids as they are, asks negated. */
  readonly #sign: 1 | -1;
  readonly #depthMax: number;
  #keys = new Float64Array(CAPACITY_FIRST);
  #sizes = new Float64Array(CAPACITY_FIRST);
  #count = 0;

  constructor(side: Side, depthMax: number) {
    this.#sign = side === 'bid' ? 1 : -1;
    this.#depthMax = depthMax;
  }

  get count(): number {
    return this.#count;
  }

  priceAt(depth: number): number {
    const key = this.#keys[this.#count - 1 - depth];
    return depth >= 0 && key !== undefined ? key * this.#sign : NaN;
  }

  sizeAt(depth: number): number {
    const size = this.#sizes[this.#count - 1 - depth];
    return depth >= 0 && size !== undefined ? size : NaN;
  }

  clear(): void {
    this.#count = 0;
  }

  /**
   * Levels of a snapshot, usually best first: read backwards and written straight to the end while
   * each is better than the one before; what comes after an exception goes through `set`.
   */
  load(levels: FlatLevels): void {
    const [keys, sizes, sign] = [this.#keys, this.#sizes, this.#sign];
    const room = Math.min(keys.length, this.#depthMax);
    let count = 0;
    let bestKey = -Infinity;
    let at = levels.length - 2;
    for (; at >= 0 && count < room; at -= 2) {
      const key = (levels[at] ?? NaN) * sign;
      const size = levels[at + 1] ?? NaN;
      if (size === 0 || !(key > bestKey)) break;
      keys[count] = key;
      sizes[count] = size;
      bestKey = key;
      count += 1;
    }
    this.#count = count;
    for (; at >= 0; at -= 2) this.set(levels[at] ?? NaN, levels[at + 1] ?? NaN);
  }

  apply(levels: FlatLevels): void {
    for (let at = 0; at + 1 < levels.length; at += 2) {
      this.set(levels[at] ?? NaN, levels[at + 1] ?? NaN);
    }
  }

  /** A size of 0 removes the level. */
  set(price: number, size: number): void {
    const key = price * this.#sign;
    const at = this.#placeOf(key);
    if (at < this.#count && this.#keys[at] === key) {
      if (size === 0) this.#remove(at);
      else this.#sizes[at] = size;
    } else if (size !== 0) {
      this.#insert(at, key, size);
    }
  }

  /** Index of the first key that is not below the given one. */
  #placeOf(key: number): number {
    const keys = this.#keys;
    let high = this.#count;
    const near = high > NEAR_LEVELS ? high - NEAR_LEVELS : 0;
    while (high > near && (keys[high - 1] ?? NaN) >= key) high -= 1;
    if (high > near || near === 0) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? NaN) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, key: number, size: number): void {
    if (this.#count === this.#depthMax) {
      if (at > 0) this.#insertDroppingWorst(at - 1, key, size);
      return;
    }
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys.copyWithin(at + 1, at, this.#count);
    this.#sizes.copyWithin(at + 1, at, this.#count);
    this.#keys[at] = key;
    this.#sizes[at] = size;
    this.#count += 1;
  }

  #insertDroppingWorst(at: number, key: number, size: number): void {
    this.#keys.copyWithin(0, 1, at + 1);
    this.#sizes.copyWithin(0, 1, at + 1);
    this.#keys[at] = key;
    this.#sizes[at] = size;
  }

  #remove(at: number): void {
    this.#keys.copyWithin(at, at + 1, this.#count);
    this.#sizes.copyWithin(at, at + 1, this.#count);
    this.#count -= 1;
  }

  #grow(): void {
    const capacity = Math.min(this.#keys.length * 2, this.#depthMax);
    const keys = new Float64Array(capacity);
    const sizes = new Float64Array(capacity);
    keys.set(this.#keys);
    sizes.set(this.#sizes);
    this.#keys = keys;
    this.#sizes = sizes;
  }
}
