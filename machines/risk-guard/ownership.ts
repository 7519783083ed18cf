// Whose a fill, a payment or a liquidation is, as far as fills tell.
import type { Fill, InstrumentId, Ms, TradeId } from '../../src/domain/index.ts';
import { entriesOf, isZero, keysOf, orderOrigin, ZERO_QTY } from '../../src/domain/index.ts';
import { explainedQty } from '../correction.ts';
import { isSettledFill } from '../settled-legs.ts';
import type { GuardContext } from './exposure.ts';

/**
 * The trade that a fill belongs to: by its order; for a liquidation by who counted it already, by
 * who surely held the instrument then, by whom it explains, or by who may have held it.
 */
export function ownerOf(guard: GuardContext, fill: Fill): TradeId | undefined {
  return (
    orderOrigin(fill.clientOrderId, guard.runTag)?.tradeId ??
    keysOf(guard.exposures).find((tradeId) => isCounted(guard, tradeId, fill)) ??
    loserOf(guard, fill, -clockSlackMs(guard)) ??
    correctedOf(guard, fill) ??
    loserOf(guard, fill, clockSlackMs(guard))
  );
}

/** The fill has the venue's clock, the plan ours. */
const clockSlackMs = ({ limits }: GuardContext): number => 2 * limits.clockOffsetMsMax;

/** Who holds it, and was planned before it went, give or take the slack of the clocks. */
function loserOf(guard: GuardContext, fill: Fill, slackMs: number): TradeId | undefined {
  const tradeId = holderOf(guard, fill.instrumentId) ?? awaiterOf(guard, fill.instrumentId);
  const plannedAtMs = tradeId && guard.exposures[tradeId]?.plannedAtMs;
  return plannedAtMs !== undefined && fill.filledAtMs + slackMs >= plannedAtMs
    ? tradeId
    : undefined;
}

/** The venue said earlier that it is gone. */
const correctedOf = (guard: GuardContext, fill: Fill): TradeId | undefined =>
  entriesOf(guard.exposures).find(
    ([, { corrections }]) =>
      !isZero(explainedQty(corrections?.[fill.instrumentId], fill, guard.runTag)),
  )?.[0];

/** A trade of whose order there nothing has been heard yet. */
const awaiterOf = (guard: GuardContext, instrumentId: InstrumentId): TradeId | undefined =>
  entriesOf(guard.exposures).find(
    ([, { plannedFor, positions }]) =>
      plannedFor.includes(instrumentId) && positions[instrumentId] === undefined,
  )?.[0];

/** A liquidation that nobody holds any more, from longer ago than fills are late. */
export const isOldLoss = (guard: GuardContext, fill: Fill, atMs: Ms): boolean =>
  ownerOf(guard, fill) === undefined && fill.filledAtMs <= atMs - guard.limits.lateFillMs;

export function holderOf(guard: GuardContext, instrumentId: InstrumentId): TradeId | undefined {
  const held = entriesOf(guard.exposures).find(
    ([, { positions }]) => !isZero(positions[instrumentId] ?? ZERO_QTY),
  );
  return held?.[0];
}

export const isCounted = (guard: GuardContext, tradeId: TradeId, fill: Fill): boolean =>
  isSettledFill(guard.settledTrades, tradeId, fill) ||
  (guard.exposures[tradeId]?.countedFills.includes(fill.fillId) ?? false);
