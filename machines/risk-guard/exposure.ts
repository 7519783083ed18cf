// Exposure as the fills alone tell it, per trade: what is held where, how long it has stood alone,
// what it has paid and received. It does not ask the trade.
import type {
  Fill,
  FillId,
  FundingPayment,
  InstrumentId,
  Ms,
  Price,
  Qty,
  TradeId,
  Usd,
} from '../../src/domain/index.ts';
import {
  absolute,
  isMore,
  isZero,
  minus,
  notional,
  plus,
  toMs,
  toPrice,
  total,
  ZERO_QTY,
  ZERO_USD,
} from '../../src/domain/index.ts';
import type { EngineLimits, VenueId } from '../../src/domain/index.ts';
import type { Correction } from '../correction.ts';
import { corrected, movedBy } from '../correction.ts';
import type { SettledLeg, SettledTrades } from '../settled-legs.ts';
import { withSettled } from '../settled-legs.ts';
import { withNews } from './account-check.ts';
import { withResult } from './day-result.ts';
import { holderOf, isCounted } from './ownership.ts';
import type { CorrectedPosition } from './corrected-exposure.ts';
import { estimateUsd, withCorrection } from './corrected-exposure.ts';

export interface GuardInput {
  readonly runTag: string;
  readonly limits: EngineLimits;
  readonly venues: readonly VenueId[];
}

export interface Exposure {
  readonly positions: Readonly<Record<InstrumentId, Qty>>;
  /** Of positions that were corrected to what their venue says. */
  readonly corrections?: Readonly<Record<InstrumentId, Correction>>;
  /** A delta up to this counts as covered, as its plan has it. */
  readonly hedgedWithinQty: Qty;
  /**
   * Received less paid, fees and funding included, since the trade was last flat; from the estimate
   * of what was unexplained then.
   */
  readonly cashUsd: Usd;
  readonly lastPrice: Price;
  readonly countedFills: readonly FillId[];
  /** When its delta last rose above dust; null while covered. */
  readonly aloneSinceAtMs: Ms | null;
  readonly isPanicked: boolean;
  /** When its trade was planned: a liquidation of before is not its own. */
  readonly plannedAtMs: Ms;
  /** What its plan trades: a word of the venue may come before the fill that it undoes. */
  readonly plannedFor: readonly InstrumentId[];
}

export interface GuardContext extends GuardInput {
  readonly exposures: Readonly<Record<TradeId, Exposure>>;
  readonly settledTrades: SettledTrades;
  /** Longest time from a fill until its trade was covered again or in PANIC. */
  readonly orphanMsWorst: Ms;
  /** Longest time from a fill until covered or flat, PANIC included. */
  readonly unhedgedMsWorst: Ms;
  readonly day: number;
  readonly dayResultUsd: Usd;
  /** The newest settlement that each instrument was paid for: a payment counts once. */
  readonly paidAtMs: Readonly<Record<InstrumentId, Ms>>;
  /** Reports in a row that differ from our fills, per instrument. */
  readonly mismatchCounts: Readonly<Record<InstrumentId, number>>;
  /** When what we hold there last changed by our own count: older questions say nothing of it. */
  readonly heardAtMs: Readonly<Record<InstrumentId, Ms>>;
}

const NO_EXPOSURE: Exposure = {
  positions: {},
  hedgedWithinQty: ZERO_QTY,
  cashUsd: ZERO_USD,
  lastPrice: toPrice('0'),
  countedFills: [],
  aloneSinceAtMs: null,
  isPanicked: false,
  plannedAtMs: toMs(0),
  plannedFor: [],
};

export const emptyGuard = (input: GuardInput): GuardContext => ({
  ...input,
  exposures: {},
  settledTrades: {},
  orphanMsWorst: toMs(0),
  unhedgedMsWorst: toMs(0),
  day: 0,
  dayResultUsd: ZERO_USD,
  paidAtMs: {},
  mismatchCounts: {},
  heardAtMs: {},
});

export const deltaOf = ({ positions }: Exposure): Qty => total(Object.values(positions));

export const isFlat = ({ positions }: Exposure): boolean => Object.values(positions).every(isZero);

/** Never planned: it begins with the fill that nobody claimed. */
const adopted = ({ filledAtMs }: Fill): Exposure => ({ ...NO_EXPOSURE, plannedAtMs: filledAtMs });

export interface CountedFill {
  readonly fill: Fill;
  /** Whose it is, if anybody's. */
  readonly tradeId: TradeId | undefined;
  readonly atMs: Ms;
}

/** Books a fill that was not counted yet; a trade that it leaves flat is settled into the day. */
export function withFill(
  guard: GuardContext,
  { fill, tradeId, atMs }: CountedFill,
): Partial<GuardContext> {
  if (tradeId === undefined || isCounted(guard, tradeId, fill)) return {};
  const before = guard.exposures[tradeId] ?? adopted(fill);
  const amountUsd = notional(fill.price, fill.qty);
  const received = fill.side === 'sell' ? amountUsd : minus(ZERO_USD, amountUsd);
  const { instrumentId } = fill;
  const held = {
    qty: before.positions[instrumentId] ?? ZERO_QTY,
    correction: before.corrections?.[instrumentId],
  };
  const { qty, correction } = movedBy(fill, held, guard.runTag);
  const exposure: Exposure = {
    ...withCorrection(before, instrumentId, correction),
    positions: { ...before.positions, [instrumentId]: qty },
    cashUsd: plus(before.cashUsd, minus(received, fill.feeUsd)),
    lastPrice: fill.price,
    countedFills: [...before.countedFills, fill.fillId],
  };
  return {
    ...settled(guard, tradeId, timed(guard, exposure, atMs), atMs),
    ...withNews(guard, instrumentId, atMs),
  };
}

/** Starts or ends the time alone. */
function timed(guard: GuardContext, exposure: Exposure, atMs: Ms): Exposure {
  const deltaQty = absolute(deltaOf(exposure));
  const aloneUsd = notional(exposure.lastPrice, deltaQty);
  const isAlone =
    isMore(deltaQty, exposure.hedgedWithinQty) && isMore(aloneUsd, guard.limits.orphanUsdMin);
  return { ...exposure, aloneSinceAtMs: isAlone ? (exposure.aloneSinceAtMs ?? atMs) : null };
}

function settled(
  guard: GuardContext,
  tradeId: TradeId,
  exposure: Exposure,
  atMs: Ms,
): Partial<GuardContext> {
  const sinceAtMs = guard.exposures[tradeId]?.aloneSinceAtMs ?? null;
  const endedMs = sinceAtMs !== null && exposure.aloneSinceAtMs === null ? atMs - sinceAtMs : 0;
  const isDone = isFlat(exposure);
  const openUsd = estimateUsd(exposure);
  return {
    ...(isDone ? withResult(guard, minus(exposure.cashUsd, openUsd), atMs) : {}),
    exposures: {
      ...guard.exposures,
      [tradeId]: isDone ? { ...exposure, cashUsd: openUsd } : exposure,
    },
    unhedgedMsWorst: toMs(Math.max(guard.unhedgedMsWorst, endedMs)),
    orphanMsWorst: toMs(Math.max(guard.orphanMsWorst, exposure.isPanicked ? 0 : endedMs)),
  };
}

/** A payment belongs to the trade that holds the instrument; to the day when none does. */
export function withFunding(
  guard: GuardContext,
  payment: FundingPayment,
  atMs: Ms,
): Partial<GuardContext> {
  const { instrumentId, fundingAtMs, amountUsd } = payment;
  if (fundingAtMs <= (guard.paidAtMs[instrumentId] ?? -Infinity)) return {};
  const paidAtMs = { ...guard.paidAtMs, [instrumentId]: fundingAtMs };
  const tradeId = holderOf(guard, instrumentId);
  const exposure = tradeId && guard.exposures[tradeId];
  if (tradeId === undefined || !exposure)
    return { ...withResult(guard, amountUsd, atMs), paidAtMs };
  const paid = { ...exposure, cashUsd: plus(exposure.cashUsd, amountUsd) };
  return { exposures: { ...guard.exposures, [tradeId]: paid }, paidAtMs };
}

/**
 * In PANIC the time as an orphan ends and the time unhedged goes on; also for fills that are yet to
 * come.
 */
export function withPanic(
  guard: GuardContext,
  tradeId: TradeId,
  atMs: Ms,
): Pick<GuardContext, 'exposures' | 'orphanMsWorst'> {
  const exposure = guard.exposures[tradeId] ?? NO_EXPOSURE;
  const aloneMs = exposure.aloneSinceAtMs === null ? 0 : atMs - exposure.aloneSinceAtMs;
  return {
    exposures: { ...guard.exposures, [tradeId]: { ...exposure, isPanicked: true } },
    orphanMsWorst: toMs(Math.max(guard.orphanMsWorst, exposure.isPanicked ? 0 : aloneMs)),
  };
}

export const withPlanned = (
  guard: GuardContext,
  tradeId: TradeId,
  planned: Pick<Exposure, 'hedgedWithinQty' | 'plannedAtMs' | 'plannedFor'>,
): Pick<GuardContext, 'exposures'> => ({
  exposures: { ...guard.exposures, [tradeId]: { ...NO_EXPOSURE, ...planned } },
});

/** The trade holds what its venue says; a trade that has panicked stays so. */
export function withCorrected(
  guard: GuardContext,
  { tradeId, instrumentId, qty, attempt }: CorrectedPosition,
  atMs: Ms,
): Partial<GuardContext> {
  const before = guard.exposures[tradeId];
  if (before === undefined) return {};
  const byQty = minus(qty, before.positions[instrumentId] ?? ZERO_QTY);
  const correction = corrected(before.corrections?.[instrumentId], byQty, attempt);
  const exposure = {
    ...withCorrection(before, instrumentId, correction),
    positions: { ...before.positions, [instrumentId]: qty },
  };
  return {
    ...settled(guard, tradeId, timed(guard, exposure, atMs), atMs),
    ...withNews(guard, instrumentId, atMs),
  };
}

export function withoutTrade(
  guard: GuardContext,
  tradeId: TradeId,
  legs: readonly SettledLeg[],
): Pick<GuardContext, 'exposures' | 'settledTrades'> {
  const { [tradeId]: _forgotten, ...exposures } = guard.exposures;
  return { exposures, settledTrades: withSettled(guard.settledTrades, tradeId, legs) };
}
