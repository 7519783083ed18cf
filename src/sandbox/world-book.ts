// One instrument's resting orders: a fixed number of levels per side, closest first, on tick and on
// lot, deeper away from the touch. Sizes belong to prices, so that a move of the mid changes few
// levels.
import type { SeededRandom } from '../domain/index.ts';
import type { WorldInstrument } from './world-instrument.ts';

const HALF_SPREAD = 0.1 / 10_000;
const SPACING = 0.3 / 10_000;
const TOUCH_USD = 3_600;
const GROWTH_PER_LEVEL = 1.1;
const MOODS = 256;

export interface BookSide {
  readonly ticks: Int32Array;
  readonly lots: Int32Array;
}

export class WorldBook {
  readonly bids: BookSide;
  readonly asks: BookSide;
  readonly #random: SeededRandom;
  readonly #ticksPerUnit: number;
  readonly #spacing: number;
  readonly #touchLots: number;
  /** Lots for each mood of a price at each depth. */
  readonly #lots: Int32Array;

  constructor(
    instrument: WorldInstrument,
    random: SeededRandom,
    start: { readonly price: number; readonly levels: number },
  ) {
    const { price, levels } = start;
    const side = (): BookSide => ({ ticks: new Int32Array(levels), lots: new Int32Array(levels) });
    this.bids = side();
    this.asks = side();
    this.#random = random;
    this.#ticksPerUnit = 10 ** instrument.priceDecimals;
    this.#spacing = Math.max(1, Math.round(price * SPACING * this.#ticksPerUnit));
    const lotUsd = (price * instrument.contractSize) / 10 ** instrument.sizeDecimals;
    const touchLots = (TOUCH_USD * random.between(0.75, 1.3)) / lotUsd;
    const moods = Array.from({ length: MOODS }, () => random.between(0.6, 1.4));
    let depthLots = touchLots;
    this.#touchLots = touchLots;
    this.#lots = new Int32Array(levels * MOODS);
    for (let depth = 0; depth < levels; depth += 1) {
      const lots = moods.map((mood) => Math.max(1, Math.round(depthLots * mood)));
      this.#lots.set(lots, depth * MOODS);
      depthLots *= GROWTH_PER_LEVEL;
    }
  }

  /** Moves the book to this mid price and draws new sizes at the touch. */
  reshape(mid: number): void {
    const middle = mid * this.#ticksPerUnit;
    const bid = Math.floor(middle * (1 - HALF_SPREAD));
    const ask = Math.max(bid + 1, Math.ceil(middle * (1 + HALF_SPREAD)));
    this.#fill(this.bids, bid, -1);
    this.#fill(this.asks, ask, 1);
  }

  #fill(side: BookSide, touch: number, direction: 1 | -1): void {
    const { ticks, lots } = side;
    const [spacing, lotsByMood] = [this.#spacing, this.#lots];
    const cell = Math.floor(touch / spacing);
    // The next cell edge strictly away from the touch.
    let edge = direction > 0 || cell * spacing === touch ? cell + direction : cell;
    ticks[0] = touch;
    lots[0] = Math.max(1, Math.round(this.#touchLots * (0.6 + 0.8 * this.#random.next())));
    for (let depth = 1; depth < ticks.length; depth += 1) {
      ticks[depth] = edge * spacing;
      lots[depth] = lotsByMood[depth * MOODS + (edge & (MOODS - 1))] ?? 1;
      edge += direction;
    }
  }
}
