// Whose a fill, a payment or a liquidation is, as far as fills tell.
import type { Fill, InstrumentId, Ms, TradeId } from '../../src/domain/index.ts';
import { entriesOf, isZero, keysOf, orderOrigin, ZERO_QTY } from '../../src/domain/index.ts';
import { explainedQty } from '../correction.ts';
import { isSettledFill } from '../settled-legs.ts';
import type { GuardContext } from './exposure.ts';

/** The trade whose order it fills; a stranger's order is nobody's. */
export const ownerOf = ({ runTag }: GuardContext, fill: Fill): TradeId | undefined =>
  orderOrigin(fill.clientOrderId, runTag)?.tradeId;

/**
 * The trade that a liquidation took from, for its order is the venue's own: who counted it already,
 * holds the instrument, has what it explains, or waits for a word of an order there.
 */
export function loserOf(guard: GuardContext, fill: Fill): TradeId | undefined {
  const { instrumentId } = fill;
  const { exposures } = guard;
  return (
    keysOf(exposures).find((tradeId) => isCounted(guard, tradeId, fill)) ??
    [holderOf(guard, instrumentId), correctedOf(guard, fill), awaiterOf(guard, instrumentId)].find(
      (tradeId) => tradeId !== undefined && isInTime(guard, fill, tradeId),
    )
  );
}

/** A liquidation of before the trade is not its own. */
function isInTime({ exposures, limits }: GuardContext, fill: Fill, tradeId: TradeId): boolean {
  const plannedAtMs = exposures[tradeId]?.plannedAtMs ?? Infinity;
  // The fill has the venue's clock, the plan ours.
  return fill.filledAtMs + 2 * limits.clockOffsetMsMax >= plannedAtMs;
}

/** The venue said earlier that it is gone. */
const correctedOf = ({ exposures, runTag }: GuardContext, fill: Fill): TradeId | undefined =>
  entriesOf(exposures).find(
    ([, { corrections }]) => !isZero(explainedQty(corrections?.[fill.instrumentId], fill, runTag)),
  )?.[0];

/** The newest trade there, as long as nothing was heard of its order: one at a time is open. */
function awaiterOf({ exposures }: GuardContext, instrumentId: InstrumentId): TradeId | undefined {
  const newest = entriesOf(exposures).findLast(([, { plannedFor }]) =>
    plannedFor.includes(instrumentId),
  );
  return newest?.[1].positions[instrumentId] === undefined ? newest?.[0] : undefined;
}

/** A liquidation that nobody holds any more, from longer ago than fills are late. */
export const isOldLoss = (guard: GuardContext, fill: Fill, atMs: Ms): boolean =>
  loserOf(guard, fill) === undefined && fill.filledAtMs <= atMs - guard.limits.lateFillMs;

export function holderOf(guard: GuardContext, instrumentId: InstrumentId): TradeId | undefined {
  const held = entriesOf(guard.exposures).find(
    ([, { positions }]) => !isZero(positions[instrumentId] ?? ZERO_QTY),
  );
  return held?.[0];
}

export const isCounted = (guard: GuardContext, tradeId: TradeId, fill: Fill): boolean =>
  isSettledFill(guard.settledTrades, tradeId, { fill, runTag: guard.runTag }) ||
  (guard.exposures[tradeId]?.countedFills.includes(fill.fillId) ?? false);
