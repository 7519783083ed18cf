// Fees in basis points of the notional that they are charged on. Every leg is priced as a taker on
// the way in and on the way out; rebates and maker fills are luck, not edge.
import type { Bps, Rate, Usd } from '../domain/index.ts';
import { times, toBps, toDecimal } from '../domain/index.ts';

/** In and out of one leg. */
export const roundTripFeeBps = (takerFeeRate: Rate): Bps =>
  toBps(times(takerFeeRate, toDecimal(20_000)));

export const feeUsd = (notionalUsd: Usd, feeRate: Rate): Usd => times(notionalUsd, feeRate);
