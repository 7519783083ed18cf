// The net edge of a pair in floats, for every book update. It is never below the exact one by more
// than its tolerance, so what it refuses would be refused exactly; what it lets pass is confirmed
// in decimals.
import { toNumber } from '../../domain/index.ts';
import type { InstrumentView } from '../../market/view.ts';
import { screenQty } from '../../pricing/sizing.ts';
import { screenVwap } from '../../pricing/vwap.ts';
import type { CarryPair } from './carry-pair.ts';
import { sizableLegs } from './carry-pair.ts';
import type { FundingCarrySettings } from './settings.ts';

/**
 * Far above float64's noise in sums of this size, far below any threshold that an operator sets.
 */
export const SCREEN_TOLERANCE_BPS = 0.01;

/** NaN where a book is empty or too thin: the exact confirmation finds the words for it. */
export function screenNetBps(
  pair: CarryPair,
  grossBps: number,
  settings: FundingCarrySettings,
): number {
  const qty = screenQty(sizableLegs(pair), toNumber(settings.notionalUsd));
  const basisBps = Math.max(toNumber(settings.basisBufferBps), screenBasisBps(pair));
  const bufferBps = toNumber(settings.slippageBufferBps);
  return grossBps - legCostBps(pair.long, qty) - legCostBps(pair.short, qty) - basisBps - bufferBps;
}

/** Fees and the way through the book, in and out. */
function legCostBps({ instrument, book }: InstrumentView, qty: number): number {
  const size = qty / toNumber(instrument.contractSize);
  const buyVwap = screenVwap(book.asks, size);
  const sellVwap = screenVwap(book.bids, size);
  const slippageBps = Math.max(0, (buyVwap / sellVwap - 1) * 10_000);
  return slippageBps + toNumber(instrument.takerFeeRate) * 20_000;
}

function screenBasisBps({ long, short }: CarryPair): number {
  return (midPrice(long) / midPrice(short) - 1) * 10_000;
}

const midPrice = ({ book }: InstrumentView): number =>
  (book.bids.priceAt(0) + book.asks.priceAt(0)) / 2;
