// What open trades hold, as strategies need it to find an exit: built when a trade opens, dropped
// when it leaves. It follows the decision plane and decides nothing.
import type { HeldPosition, Ms } from '../domain/index.ts';
import { absolute, isZero, over, toPrice } from '../domain/index.ts';
import type { TradeContext } from '../kernel/index.ts';

export function toHeldPosition(trade: TradeContext, openedAtMs: Ms): HeldPosition {
  return {
    tradeId: trade.tradeId,
    plan: trade.plan,
    openedAtMs,
    legs: trade.plan.legs.flatMap(({ legId, instrumentId, side, referencePrice }) => {
      const leg = trade.legs[legId];
      if (leg === undefined || isZero(leg.positionQty)) return [];
      const qty = absolute(leg.positionQty);
      const paid = over(absolute(leg.paidUsd), qty, 'up');
      const entryPrice = isZero(paid) ? referencePrice : toPrice(paid);
      return [{ instrumentId, side, qty, entryPrice }];
    }),
  };
}
