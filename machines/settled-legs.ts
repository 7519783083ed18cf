// What is remembered of trades that were let go, so that a fill which a venue tells again long
// afterwards is known: per leg the last attempt, and the instant, by the venue's own clock, up to
// which everything was counted. The newest trades only; older ones are known by the age of a fill.
import type { Fill, InstrumentId, LegId, Ms, TradeId } from '../src/domain/index.ts';
import { absolute, entriesOf, keyed } from '../src/domain/index.ts';
import type { Correction } from './correction.ts';
import { explainedQty } from './correction.ts';

export interface SettledLeg {
  readonly legId: LegId;
  readonly instrumentId: InstrumentId;
  readonly attempt: number;
  readonly countedUntilAtMs: Ms;
  /** Still not explained when the trade was let go. */
  readonly correction?: Correction;
}

export type SettledTrades = Readonly<Record<TradeId, readonly SettledLeg[]>>;

const REMEMBERED_MAX = 64;

export const withSettled = (
  settled: SettledTrades,
  tradeId: TradeId,
  legs: readonly SettledLeg[],
): SettledTrades =>
  keyed(
    [...entriesOf(settled).filter(([known]) => known !== tradeId), [tradeId, legs] as const].slice(
      -REMEMBERED_MAX,
    ),
  );

export const settledLegOf = (
  settled: SettledTrades,
  tradeId: TradeId,
  instrumentId: InstrumentId,
): SettledLeg | undefined => settled[tradeId]?.find((leg) => leg.instrumentId === instrumentId);

/** The trade counted it before it was let go, or had it in a correction. */
export function isSettledFill(
  settled: SettledTrades,
  tradeId: TradeId,
  { fill, runTag }: { readonly fill: Fill; readonly runTag: string },
): boolean {
  const leg = settledLegOf(settled, tradeId, fill.instrumentId);
  if (leg === undefined) return false;
  const explained = absolute(explainedQty(leg.correction, fill, runTag));
  return fill.filledAtMs <= leg.countedUntilAtMs || explained === fill.qty;
}
