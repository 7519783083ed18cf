// Prices and sizes of a trade's orders: each has a worst price. Entries stay within the plan's
// budget; a planned exit goes a little beyond the touch; a panic goes further each time and never
// gives up.
import type { Bps, LegId, PlanLeg, Price, Quote, Side } from '../../src/domain/index.ts';
import {
  absolute,
  bpsOf,
  compare,
  greatest,
  least,
  minus,
  plus,
  times,
  toDecimal,
  toStep,
} from '../../src/domain/index.ts';
import type { LegInstruction } from '../leg/leg-events.ts';
import type { TradeContext } from './trade-legs.ts';
import { isLong, laggards, legOf, planLegOf } from './trade-legs.ts';

/** The touch that an order of this side meets. */
const touch = (quote: Quote, side: Side): Price =>
  side === 'buy' ? quote.askPrice : quote.bidPrice;

/** The worst tick that is no more than `bps` beyond `price`. */
export function beyond(price: Price, bps: Bps, leg: Pick<PlanLeg, 'side' | 'tickSize'>): Price {
  const distance = bpsOf(price, bps);
  return leg.side === 'buy'
    ? toStep(plus(price, distance), leg.tickSize, 'down')
    : toStep(minus(price, distance), leg.tickSize, 'up');
}

export function entryOrder(trade: TradeContext, legId: LegId): LegInstruction {
  const { side, qty, limitPrice, referencePrice } = planLegOf(trade, legId);
  return { side, qty, limitPrice, referencePrice, reduceOnly: false };
}

/** A chase goes a step further beyond the touch each time. */
export function chaseOrder(trade: TradeContext, legId: LegId, quote: Quote): LegInstruction {
  const leg = planLegOf(trade, legId);
  const qty = laggards(trade).find((laggard) => laggard.legId === legId)?.missingQty;
  if (qty === undefined) throw new Error(`leg ${trade.tradeId}.${legId} must lag to be chased`);
  const referencePrice = touch(quote, leg.side);
  const steps = times(trade.plan.entry.chase.stepBps, toDecimal(trade.chaseCount));
  const limitPrice = nearer(beyond(referencePrice, steps, leg), budgetPrice(trade, leg), leg.side);
  return { side: leg.side, qty, limitPrice, referencePrice, reduceOnly: false };
}

/** The touch itself must be within the budget, or there is nothing to chase. */
export function isWithinBudget(trade: TradeContext, legId: LegId, quote: Quote | null): boolean {
  if (quote === null) return false;
  const leg = planLegOf(trade, legId);
  const distance = compare(touch(quote, leg.side), budgetPrice(trade, leg));
  return leg.side === 'buy' ? distance <= 0 : distance >= 0;
}

const budgetPrice = (trade: TradeContext, leg: PlanLeg): Price =>
  beyond(leg.limitPrice, trade.plan.entry.chase.budgetBps, leg);

const nearer = (left: Price, right: Price, side: Side): Price =>
  side === 'buy' ? least(left, right) : greatest(left, right);

/** Closes what the leg holds; reduce-only, so that it can never turn the position over. */
export function exitOrder(trade: TradeContext, legId: LegId, quote: Quote | null): LegInstruction {
  const { slippageBpsMax, chase } = trade.plan.exit;
  const bps = plus(slippageBpsMax, times(chase.stepBps, toDecimal(trade.chaseCount)));
  return closingOrder(trade, legId, quote, bps);
}

export function panicOrder(trade: TradeContext, legId: LegId, quote: Quote | null): LegInstruction {
  const { slippageBps, slippageBpsCap } = trade.plan.panic;
  const doublings = Math.min(trade.attemptCount - 1, 20);
  const bps = least(times(slippageBps, toDecimal(2 ** doublings)), slippageBpsCap);
  return closingOrder(trade, legId, quote, bps);
}

function closingOrder(
  trade: TradeContext,
  legId: LegId,
  quote: Quote | null,
  bps: Bps,
): LegInstruction {
  const held = legOf(trade, legId);
  const leg = planLegOf(trade, legId);
  const side: Side = isLong(held) ? 'sell' : 'buy';
  const known = quote === null ? (held.lastPrice ?? leg.referencePrice) : touch(quote, side);
  // Without a quote our own last fill is the best that is known, so the bound is the widest
  // allowed.
  const bound = quote === null ? trade.plan.panic.slippageBpsCap : bps;
  return {
    side,
    qty: absolute(held.positionQty),
    limitPrice: beyond(known, bound, { side, tickSize: leg.tickSize }),
    referencePrice: known,
    reduceOnly: true,
  };
}
