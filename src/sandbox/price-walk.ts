// Prices of the generated market: one walk per base, moved together by a common factor, and a small
// basis per instrument that returns to zero. Arithmetic only, no logarithms, so that every machine
// walks alike.
import type { SeededRandom } from '../domain/index.ts';
import type { SandboxBase } from './world-instrument.ts';

/**
 * Price around which a base walks, its move in one second (deviation, bps), and its share of the
 * common move.
 */
const HABITS: Readonly<Record<SandboxBase, readonly [number, number, number]>> = {
  BTC: [64_000, 0.9, 0.9],
  ETH: [3_200, 1.2, 0.8],
  SOL: [165, 1.6, 0.7],
  XRP: [2.3, 1.6, 0.6],
  DOGE: [0.21, 1.8, 0.6],
};
/** How far a walk strays in the long run, as a fraction of its anchor. */
const STRAY = 0.05;
const BASIS_DEVIATION_BPS = 0.8;
const BASIS_LIFE_MS = 60_000;

export class PriceWalk {
  readonly anchor: number;
  #stray = 0;
  readonly #random: SeededRandom;
  readonly #common: number;
  readonly #own: number;
  readonly #pull: number;

  constructor(base: SandboxBase, random: SeededRandom, stepMs: number) {
    const [price, bpsPerSecond, share] = HABITS[base];
    const deviation = (bpsPerSecond / 10_000) * Math.sqrt(stepMs / 1000);
    this.anchor = price * random.between(0.85, 1.15);
    this.#random = random;
    this.#common = deviation * share;
    this.#own = deviation * Math.sqrt(1 - share * share);
    this.#pull = (deviation * deviation) / (2 * STRAY * STRAY);
  }

  get price(): number {
    return this.anchor * (1 + this.#stray);
  }

  /** One step of the world; `common` is the same draw for all bases. */
  step(common: number): void {
    const move = this.#common * common + this.#own * this.#random.normal();
    this.#stray += move - this.#pull * this.#stray;
  }
}

/** An instrument's distance from its base's price, as a fraction. */
export class Basis {
  #basis = 0;
  readonly #random: SeededRandom;
  readonly #keep: number;
  readonly #kick: number;

  constructor(random: SeededRandom, updateMs: number) {
    const pull = updateMs / BASIS_LIFE_MS;
    this.#random = random;
    this.#keep = 1 - pull;
    // The uniform draw below has a deviation of 1/sqrt(12).
    this.#kick = (BASIS_DEVIATION_BPS / 10_000) * Math.sqrt(2 * pull * 12);
  }

  get fraction(): number {
    return this.#basis;
  }

  step(): void {
    this.#basis = this.#basis * this.#keep + this.#kick * (this.#random.next() - 0.5);
  }
}
