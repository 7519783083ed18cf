// How a trade's legs change, as plain functions that give the changed part of its context: fills
// move positions and money, questions and orders move a leg's status.
import type { Fill, InstrumentId, LegId, Ms, PlanLeg, Qty, Quote } from '../../src/domain/index.ts';
import { minus, notional, plus, toMs } from '../../src/domain/index.ts';
import type { Correction } from '../correction.ts';
import { corrected, movedBy } from '../correction.ts';
import type { LegEnd } from './trade-events.ts';
import type { TradeContext, TradeLeg } from './trade-legs.ts';
import { eachLeg, EMPTY_LEG, isEven, legOf } from './trade-legs.ts';

export const withLeg = (
  trade: TradeContext,
  leg: PlanLeg,
  before: Pick<TradeLeg, 'attempt' | 'countedUntilAtMs'>,
): Pick<TradeContext, 'plan' | 'legs'> => ({
  plan: { ...trade.plan, legs: [...trade.plan.legs, leg] },
  legs: { ...trade.legs, [leg.legId]: { ...EMPTY_LEG, ...before } },
});

export const withStatus = (
  trade: TradeContext,
  legIds: readonly LegId[],
  status: TradeLeg['status'],
): Pick<TradeContext, 'legs'> => ({
  legs: Object.fromEntries(
    eachLeg(trade).map(({ plan: { legId } }) => [
      legId,
      legIds.includes(legId) ? { ...legOf(trade, legId), status } : legOf(trade, legId),
    ]),
  ),
});

/** Questions that are still open are dropped: an answer to one of them will be ignored. */
export const withoutQuestions = (trade: TradeContext): Pick<TradeContext, 'legs'> =>
  withStatus(
    trade,
    trade.plan.legs
      .map(({ legId }) => legId)
      .filter((legId) => ['quoting', 'quoted'].includes(legOf(trade, legId).status)),
    'idle',
  );

export const withQuote = (
  trade: TradeContext,
  legId: LegId,
  quote: Quote | null,
): Pick<TradeContext, 'legs'> => ({
  legs: { ...trade.legs, [legId]: { ...legOf(trade, legId), status: 'quoted', quote } },
});

export const withEnd = (
  trade: TradeContext,
  legId: LegId,
  { code, attempt, hasFilled }: LegEnd,
): Pick<TradeContext, 'legs'> => {
  const leg = {
    ...legOf(trade, legId),
    status: 'idle',
    endCode: code,
    attempt,
    hasFilled,
  } as const;
  return { legs: { ...trade.legs, [legId]: leg } };
};

/** What the venue holds is what there is; at which price it came about nobody has told us. */
export function withCorrection(
  trade: TradeContext,
  { instrumentId, qty }: { readonly instrumentId: InstrumentId; readonly qty: Qty },
  atMs: Ms,
): Pick<TradeContext, 'legs' | 'unevenSinceAtMs'> {
  const legs = Object.fromEntries(
    eachLeg(trade).map(({ plan: { legId, instrumentId: own } }) => {
      const leg = legOf(trade, legId);
      if (own !== instrumentId) return [legId, leg];
      const byQty = minus(qty, leg.positionQty);
      return [legId, withHeld(leg, qty, corrected(leg.correction, byQty, leg.attempt))];
    }),
  );
  const even = isEven({ ...trade, legs });
  return { legs, unevenSinceAtMs: even ? null : (trade.unevenSinceAtMs ?? atMs) };
}

/**
 * Fills move the position and the money; the moment of becoming uneven is kept until even again.
 */
export function withTradeFills(
  trade: TradeContext,
  legId: LegId,
  fills: readonly Fill[],
  atMs: Ms,
): Pick<TradeContext, 'legs' | 'unevenSinceAtMs'> {
  const leg = fills.reduce(
    (before, fill) => filled(before, fill, trade.runTag),
    legOf(trade, legId),
  );
  const legs = { ...trade.legs, [legId]: leg };
  const even = isEven({ ...trade, legs });
  return { legs, unevenSinceAtMs: even ? null : (trade.unevenSinceAtMs ?? atMs) };
}

/**
 * A liquidation comes from the venue past the legs, so that its repetitions are told apart here.
 */
export function withLiquidation(
  trade: TradeContext,
  fill: Fill,
  atMs: Ms,
): Pick<TradeContext, 'legs' | 'unevenSinceAtMs' | 'countedLiquidations'> {
  const leg = trade.plan.legs.find(({ instrumentId }) => instrumentId === fill.instrumentId);
  if (leg === undefined) {
    throw new Error(`trade ${trade.tradeId} must hold ${fill.instrumentId} to lose it`);
  }
  return {
    ...withTradeFills(trade, leg.legId, [fill], atMs),
    countedLiquidations: [...trade.countedLiquidations, fill.fillId],
  };
}

function withHeld(
  { correction: _before, ...leg }: TradeLeg,
  positionQty: Qty,
  correction: Correction | undefined,
): TradeLeg {
  return { ...leg, positionQty, ...(correction && { correction }) };
}

function filled(leg: TradeLeg, fill: Fill, runTag: string): TradeLeg {
  const amountUsd = notional(fill.price, fill.qty);
  const held = { qty: leg.positionQty, correction: leg.correction };
  const { qty, correction } = movedBy(fill, held, runTag);
  return {
    ...withHeld(leg, qty, correction),
    paidUsd: fill.side === 'buy' ? plus(leg.paidUsd, amountUsd) : minus(leg.paidUsd, amountUsd),
    feesUsd: plus(leg.feesUsd, fill.feeUsd),
    lastPrice: fill.price,
    countedUntilAtMs: toMs(Math.max(leg.countedUntilAtMs, fill.filledAtMs)),
  };
}
