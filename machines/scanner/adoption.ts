// Fills of a trade that is not there: executed after it was forgotten, or of orders that a disk has
// lost. Such a position gets a trade of its own that brings it home.
import type { Fill, LegId, Ms, PlanLeg, TradeId, TradePlan } from '../../src/domain/index.ts';
import { orderOrigin, toMs } from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';
import { isSettledFill, settledLegOf } from '../settled-legs.ts';
import type { ScannerContext } from './scanner-gates.ts';

/** How an instrument is traded, from the newest plan that had it. */
export interface TradedLeg {
  readonly base: string;
  readonly terms: Pick<PlanLeg, 'tickSize' | 'qtyStep' | 'qtyMin'>;
}

export function withPlan(
  scanner: ScannerContext,
  plan: TradePlan,
): Pick<ScannerContext, 'lastPlan' | 'tradedLegs'> {
  const legs = plan.legs.map(({ instrumentId, tickSize, qtyStep, qtyMin }) => {
    return [instrumentId, { base: plan.base, terms: { tickSize, qtyStep, qtyMin } }] as const;
  });
  return {
    lastPlan: plan,
    tradedLegs: { ...scanner.tradedLegs, ...Object.fromEntries(legs) },
  };
}

export interface Unclaimed {
  readonly fill: Fill;
  /** Its trade is there, without such a leg: the leg was adopted a moment ago or is to be. */
  readonly hasTrade: boolean;
  readonly atMs: Ms;
}

/**
 * Counted by its trade before that was let go. Where the trade is not remembered any more, its age
 * tells: a trade is let go `lateFillMs` after its last fill, less what the two clocks may differ.
 */
export function isToldAgain(scanner: ScannerContext, { fill, hasTrade, atMs }: Unclaimed): boolean {
  const { tradeId } = originOf(scanner, fill);
  if (isSettledFill(scanner.settledTrades, tradeId, { fill, runTag: scanner.runTag })) return true;
  if (hasTrade || scanner.settledTrades[tradeId] !== undefined) return false;
  const { lateFillMs, clockOffsetMsMax } = scanner.limits;
  const isKnown = ordinalOf(tradeId) <= scanner.tradeCount;
  return isKnown && fill.filledAtMs <= atMs - lateFillMs + 2 * clockOffsetMsMax;
}

export const isAdoptable = (scanner: ScannerContext, fill: Fill): boolean =>
  scanner.lastPlan !== null && scanner.tradedLegs[fill.instrumentId] !== undefined;

export interface Adoption {
  readonly tradeId: TradeId;
  /** For a trade that begins without any leg. */
  readonly plan: TradePlan;
  readonly leg: PlanLeg;
  readonly before: Pick<SettledLeg, 'attempt' | 'countedUntilAtMs'>;
}

export function adoption(scanner: ScannerContext, fill: Fill): Adoption {
  const { tradeId, legId } = originOf(scanner, fill);
  const { lastPlan, tradedLegs } = scanner;
  const traded = tradedLegs[fill.instrumentId];
  if (lastPlan === null || traded === undefined) {
    throw new Error(`${fill.instrumentId} must have been traded for a fill of it to be adopted`);
  }
  const { venueId, instrumentId, side, qty, price } = fill;
  const leg = { legId, venueId, instrumentId, side, qty, ...traded.terms };
  return {
    tradeId,
    plan: { ...lastPlan, base: traded.base, key: `${traded.base} adopted`, legs: [] },
    leg: { ...leg, referencePrice: price, limitPrice: price },
    before: settledLegOf(scanner.settledTrades, tradeId, instrumentId) ?? NEW_LEG,
  };
}

const NEW_LEG = { attempt: 0, countedUntilAtMs: toMs(-1) };

export const ordinalOf = (tradeId: TradeId): number => Number(tradeId.slice(1));

function originOf(
  { runTag }: ScannerContext,
  fill: Fill,
): { readonly tradeId: TradeId; readonly legId: LegId } {
  const origin = orderOrigin(fill.clientOrderId, runTag);
  if (origin === undefined) throw new Error(`order ${fill.clientOrderId} must be of this run`);
  return origin;
}
