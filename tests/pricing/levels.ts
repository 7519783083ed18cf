// Book sides from plain lists, for tests of the arithmetic on them.
import type { Levels } from '../../src/pricing/vwap.ts';

/** Pairs of price and size, best first. */
export const levels = (...pairs: readonly (readonly [number, number])[]): Levels => ({
  count: pairs.length,
  priceAt: (depth) => pairs[depth]?.[0] ?? NaN,
  sizeAt: (depth) => pairs[depth]?.[1] ?? NaN,
});
