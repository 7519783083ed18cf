// Limit prices on the venue's grid. A limit is a bound that we gave ourselves, so rounding never
// moves it further away: a buy is rounded down, a sell up.
import type { Bps, Price, Side } from '../domain/index.ts';
import { bpsOf, minus, plus, toStep } from '../domain/index.ts';

export function boundPrice(bound: {
  readonly side: Side;
  readonly fromPrice: Price;
  /** How far beyond `fromPrice`, against us. */
  readonly beyondBps: Bps;
  readonly tickSize: Price;
}): Price {
  const slack = bpsOf(bound.fromPrice, bound.beyondBps);
  return bound.side === 'buy'
    ? toStep(plus(bound.fromPrice, slack), bound.tickSize, 'down')
    : toStep(minus(bound.fromPrice, slack), bound.tickSize, 'up');
}
