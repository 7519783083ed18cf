// Margin of linear perpetuals, each leg on its own (isolated), rounded against us. Venues' tiers
// and fees on liquidation are not modelled: the caller gives the maintenance rate that it believes
// in, the worst it knows.
import type { Bps, Price, Rate, Side, Usd } from '../domain/index.ts';
import { asBps, least, minus, over, plus, times, toRate } from '../domain/index.ts';

const WHOLE = toRate('1');

export const marginUsd = (notionalUsd: Usd, leverage: Rate): Usd =>
  over(notionalUsd, leverage, 'up');

export interface MarginedLeg {
  readonly side: Side;
  readonly entryPrice: Price;
  readonly leverage: Rate;
  readonly maintenanceRate: Rate;
}

/** Where the margin put up for the leg is down to its maintenance; rounded towards the entry. */
export function liquidationPrice(leg: MarginedLeg): Price {
  const initialRate = over(WHOLE, leg.leverage, 'down');
  return leg.side === 'buy'
    ? over(
        times(leg.entryPrice, minus(WHOLE, initialRate)),
        minus(WHOLE, leg.maintenanceRate),
        'up',
      )
    : over(
        times(leg.entryPrice, plus(WHOLE, initialRate)),
        plus(WHOLE, leg.maintenanceRate),
        'down',
      );
}

/**
 * How far the mark may move before the venue closes the leg; negative when it is past that already.
 */
export function liquidationDistanceBps(leg: MarginedLeg, markPrice: Price): Bps {
  const closedAt = liquidationPrice(leg);
  const room = leg.side === 'buy' ? minus(markPrice, closedAt) : minus(closedAt, markPrice);
  return asBps(room, markPrice, 'down');
}

/** The nearest of several; undefined without legs. */
export function nearestLiquidationBps(distancesBps: readonly Bps[]): Bps | undefined {
  const [first, ...others] = distancesBps;
  return first === undefined ? undefined : others.reduce(least, first);
}
