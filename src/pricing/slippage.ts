// What crossing the book costs one leg: bought through the asks and sold through the bids as they
// stand now. This holds the spread and the depth of both ways; measured against the touch alone the
// spread would be lost.
import type { Bps, Price } from '../domain/index.ts';
import {
  asBps,
  greatest,
  isMore,
  minus,
  plus,
  toDecimal,
  times,
  ZERO_BPS,
} from '../domain/index.ts';

/** Never below zero: a crossed book is no gain. */
export function roundTripSlippageBps(leg: {
  readonly buyVwap: Price;
  readonly sellVwap: Price;
}): Bps {
  return greatest(ZERO_BPS, asBps(minus(leg.buyVwap, leg.sellVwap), leg.sellVwap, 'up'));
}

/**
 * How much dearer the long leg is than the short one at their mids. When both venues come together
 * again this is lost; a long leg that is cheaper counts as nothing.
 */
export function adverseBasisBps(pair: { readonly long: Touch; readonly short: Touch }): Bps {
  const longMid = midPrice(pair.long);
  const shortMid = midPrice(pair.short);
  if (!isMore(longMid, shortMid)) return ZERO_BPS;
  return asBps(minus(longMid, shortMid), shortMid, 'up');
}

export interface Touch {
  readonly bidPrice: Price;
  readonly askPrice: Price;
}

const midPrice = (touch: Touch): Price =>
  times(plus(touch.bidPrice, touch.askPrice), toDecimal('0.5'));
