// What is remembered of trades that were let go, so that a fill which a venue tells again long
// afterwards is known: per leg the last attempt, and the instant, by the venue's own clock, up to
// which everything was counted. The newest trades only; older ones are known by the age of a fill.
import type { Fill, InstrumentId, LegId, Ms, TradeId } from '../src/domain/index.ts';
import { entriesOf, keyed } from '../src/domain/index.ts';

export interface SettledLeg {
  readonly legId: LegId;
  readonly instrumentId: InstrumentId;
  readonly attempt: number;
  readonly countedUntilAtMs: Ms;
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

/** The trade counted it before it was let go. */
export const isSettledFill = (settled: SettledTrades, tradeId: TradeId, fill: Fill): boolean => {
  const leg = settledLegOf(settled, tradeId, fill.instrumentId);
  return leg !== undefined && fill.filledAtMs <= leg.countedUntilAtMs;
};
