// What an account report says against our own fills: positions that differ, margin that runs out, a
// liquidation price that comes near.
import type {
  AccountReport,
  Bps,
  InstrumentId,
  Ms,
  Position,
  Rate,
} from '../../src/domain/index.ts';
import {
  absolute,
  asBps,
  entriesOf,
  isLess,
  isMore,
  isPositive,
  keyed,
  keysOf,
  minus,
  plus,
  ratio,
  toRate,
  ZERO_QTY,
} from '../../src/domain/index.ts';
import type { Qty, TradeId } from '../../src/domain/index.ts';
import type { GuardContext } from './exposure.ts';
import { holderOf } from './ownership.ts';

/** What our fills say that we hold, over all trades. */
export const heldQty = (guard: GuardContext, instrumentId: InstrumentId): Qty =>
  Object.values(guard.exposures).reduce(
    (sum, { positions }) => plus(sum, positions[instrumentId] ?? ZERO_QTY),
    ZERO_QTY,
  );

/** What we hold there has changed: reports that were asked for before are of another position. */
export function withNews(
  guard: GuardContext,
  instrumentId: InstrumentId,
  atMs: Ms,
): Pick<GuardContext, 'heardAtMs' | 'mismatchCounts'> {
  const { [instrumentId]: _before, ...mismatchCounts } = guard.mismatchCounts;
  return { heardAtMs: { ...guard.heardAtMs, [instrumentId]: atMs }, mismatchCounts };
}

/**
 * Only a report that was asked for after the last change knows it for certain; what left within the
 * same millisecond may have left before.
 */
const isComparable = (guard: GuardContext, report: AccountReport, name: InstrumentId): boolean =>
  report.askedAtMs > (guard.heardAtMs[name] ?? -Infinity);

/** Instruments of the venue whose reported position differs from the fills that it can know. */
export function mismatches(guard: GuardContext, report: AccountReport): readonly InstrumentId[] {
  const reported = new Map(report.positions.map(({ instrumentId, qty }) => [instrumentId, qty]));
  const ours = Object.values(guard.exposures).flatMap(({ positions }) => keysOf(positions));
  const names = [...reported.keys(), ...ours].filter((name) =>
    name.startsWith(`${report.venueId}:`),
  );
  return [...new Set(names)]
    .sort()
    .filter((name) => isComparable(guard, report, name))
    .filter((name) => (reported.get(name) ?? ZERO_QTY) !== heldQty(guard, name));
}

/**
 * A report may know fills that we have yet to hear of: one difference is nothing, two in a row are
 * an alarm.
 */
export const MISMATCH_COUNT_MAX = 2;

export function withReport(
  guard: GuardContext,
  report: AccountReport,
): Pick<GuardContext, 'mismatchCounts'> {
  const others = entriesOf(guard.mismatchCounts).filter(
    ([name]) => !name.startsWith(`${report.venueId}:`) || !isComparable(guard, report, name),
  );
  const differing = mismatches(guard, report).map(
    (name) => [name, (guard.mismatchCounts[name] ?? 0) + 1] as const,
  );
  return { mismatchCounts: keyed([...others, ...differing]) };
}

/** After a person has looked: what differed may be settled, or the next report says so again. */
export const withRecheck = (guard: GuardContext): Pick<GuardContext, 'mismatchCounts'> => ({
  mismatchCounts: keyed(
    keysOf(guard.mismatchCounts).map((name) => [name, MISMATCH_COUNT_MAX - 1] as const),
  ),
});

/** Those that the report before this one named too, for the first time. */
export const confirmedMismatches = (
  guard: GuardContext,
  report: AccountReport,
): readonly InstrumentId[] =>
  mismatches(guard, report).filter(
    (name) => (guard.mismatchCounts[name] ?? 0) + 1 === MISMATCH_COUNT_MAX,
  );

/** What a trade holds by two reports in a row. */
export interface ReportedHolding {
  readonly tradeId: TradeId;
  readonly instrumentId: InstrumentId;
  readonly qty: Qty;
}

/** What trades would have to hold for two reports in a row to be right. */
export const corrections = (
  guard: GuardContext,
  report: AccountReport,
): readonly ReportedHolding[] =>
  mismatches(guard, report).flatMap((instrumentId) => {
    if ((guard.mismatchCounts[instrumentId] ?? 0) + 1 < MISMATCH_COUNT_MAX) return [];
    const tradeId = holderOf(guard, instrumentId);
    if (tradeId === undefined) return [];
    const told = report.positions.find((position) => position.instrumentId === instrumentId);
    const own = guard.exposures[tradeId]?.positions[instrumentId] ?? ZERO_QTY;
    const others = minus(heldQty(guard, instrumentId), own);
    return [{ tradeId, instrumentId, qty: minus(told?.qty ?? ZERO_QTY, others) }];
  });

export const marginUsage = ({ equityUsd, marginUsedUsd }: AccountReport): Rate =>
  isPositive(equityUsd) ? ratio(marginUsedUsd, equityUsd, 'up') : toRate('1');

export const isOverMargin = (guard: GuardContext, report: AccountReport): boolean =>
  isMore(marginUsage(report), guard.limits.marginUsageMax);

/** Positions whose liquidation price is nearer to the mark than allowed. */
export const endangered = (guard: GuardContext, report: AccountReport): readonly Position[] =>
  report.positions.filter((position) => {
    const distance = liquidationDistanceBps(position);
    return distance !== undefined && isLess(distance, guard.limits.liquidationDistanceBpsMin);
  });

function liquidationDistanceBps({ markPrice, liquidationPrice }: Position): Bps | undefined {
  if (liquidationPrice === undefined) return undefined;
  return asBps(absolute(minus(markPrice, liquidationPrice)), markPrice, 'down');
}
