// The arithmetic of a trade's legs as plain functions: what each holds, what the trade's delta is,
// which legs lag behind. Positions are signed base quantities that only fills move.
import type {
  FillId,
  InstrumentId,
  LegId,
  Ms,
  PlanLeg,
  Price,
  Qty,
  Quote,
  TradeId,
  TradePlan,
  Usd,
} from '../../src/domain/index.ts';
import {
  absolute,
  compare,
  greatest,
  holdsAtAnyPrice,
  isLess,
  isNegative,
  isZero,
  minus,
  toMs,
  toStep,
  total,
  ZERO_QTY,
  ZERO_USD,
} from '../../src/domain/index.ts';
import type { Correction } from '../correction.ts';
import type { SettledLeg } from '../settled-legs.ts';

export interface TradeInput {
  readonly tradeId: TradeId;
  readonly runTag: string;
  readonly plan: TradePlan;
  readonly lateFillMs: Ms;
}

export interface TradeLeg {
  /**
   * `quoting`: a quote is asked for; `quoted`: it is there; `busy`: an order is out; `unknown`: and
   * may or may not live.
   */
  readonly status: 'idle' | 'quoting' | 'quoted' | 'busy' | 'unknown';
  readonly quote: Quote | null;
  /** Why its last order ended, where the venue or we refused it; else empty. */
  readonly endCode: string;
  /** Something of its last order filled. */
  readonly hasFilled: boolean;
  readonly attempt: number;
  /** Of its newest fill, by the venue's clock. */
  readonly countedUntilAtMs: Ms;
  readonly positionQty: Qty;
  /** Of the position, where it was corrected to what the venue says. */
  readonly correction?: Correction;
  /** Money paid for what was bought less money received for what was sold, fees apart. */
  readonly paidUsd: Usd;
  readonly feesUsd: Usd;
  readonly lastPrice: Price | null;
}

export interface TradeContext extends TradeInput {
  readonly legs: Readonly<Record<LegId, TradeLeg>>;
  /** Chases in this phase; attempts in PANIC. */
  readonly chaseCount: number;
  readonly attemptCount: number;
  /** When the legs last became uneven; null while they are even. */
  readonly unevenSinceAtMs: Ms | null;
  readonly openedAtMs: Ms | null;
  readonly fundingUsd: Usd;
  /** Why it left, or panicked. */
  readonly cause: string;
  readonly isPanicked: boolean;
  /** An order is taken for absent because the venue denied it: it could still arrive. */
  readonly hasAbsentOrder: boolean;
  /** Reports of liquidations that were counted. */
  readonly countedLiquidations: readonly FillId[];
}

export const EMPTY_LEG: TradeLeg = {
  status: 'idle',
  quote: null,
  endCode: '',
  hasFilled: false,
  attempt: 0,
  countedUntilAtMs: toMs(-1),
  positionQty: ZERO_QTY,
  paidUsd: ZERO_USD,
  feesUsd: ZERO_USD,
  lastPrice: null,
};

export const emptyTrade = (input: TradeInput): TradeContext => ({
  ...input,
  legs: Object.fromEntries(input.plan.legs.map(({ legId }) => [legId, EMPTY_LEG])),
  chaseCount: 0,
  attemptCount: 0,
  unevenSinceAtMs: null,
  openedAtMs: null,
  fundingUsd: ZERO_USD,
  cause: '',
  isPanicked: false,
  hasAbsentOrder: false,
  countedLiquidations: [],
});

export function legOf(trade: TradeContext, legId: LegId): TradeLeg {
  const leg = trade.legs[legId];
  if (leg === undefined) throw new Error(`trade ${trade.tradeId} must have leg ${legId}`);
  return leg;
}

export function planLegOf(trade: TradeContext, legId: LegId): PlanLeg {
  const leg = trade.plan.legs.find((candidate) => candidate.legId === legId);
  if (leg === undefined) throw new Error(`plan of ${trade.tradeId} must have leg ${legId}`);
  return leg;
}

export const eachLeg = (trade: TradeContext): readonly (TradeLeg & { readonly plan: PlanLeg })[] =>
  trade.plan.legs.map((plan) => ({ ...legOf(trade, plan.legId), plan }));

const sizeOf = ({ positionQty }: TradeLeg): Qty => absolute(positionQty);

/** Net exposure to the base asset over all legs. */
export const delta = (trade: TradeContext): Qty =>
  total(eachLeg(trade).map(({ positionQty }) => positionQty));

export const isFlat = (trade: TradeContext): boolean =>
  eachLeg(trade).every(({ positionQty }) => isZero(positionQty));

export const isEven = (trade: TradeContext): boolean =>
  compare(absolute(delta(trade)), trade.plan.hedgedWithinQty) <= 0;

/** No order is out and no answer is owed. */
export const isQuiet = (trade: TradeContext): boolean =>
  eachLeg(trade).every(({ status }) => status === 'idle');

/** A leg is done or silent with less than planned, while another holds. */
export const isShort = (trade: TradeContext): boolean =>
  !isFlat(trade) &&
  eachLeg(trade).some((leg) => leg.status !== 'busy' && isLess(sizeOf(leg), leg.plan.qty));

/** Legs that hold and have no order out. */
export const idleHolders = (trade: TradeContext): readonly LegId[] =>
  eachLeg(trade)
    .filter((leg) => leg.status === 'idle' && !isZero(leg.positionQty))
    .map(({ plan }) => plan.legId);

/** An order fell short but brought something: the rest need not wait. */
export const hasProgress = (trade: TradeContext): boolean =>
  idleHolders(trade).some((legId) => legOf(trade, legId).hasFilled);

export const settledLegs = (trade: TradeContext): readonly SettledLeg[] =>
  eachLeg(trade).map(
    ({ plan: { legId, instrumentId }, attempt, countedUntilAtMs, correction }) => ({
      legId,
      instrumentId,
      attempt,
      countedUntilAtMs,
      ...(correction && { correction }),
    }),
  );

export const hasIdleHolder = (trade: TradeContext): boolean => idleHolders(trade).length > 0;

/** Legs behind the fullest one, with what they miss, in their own steps. */
export function laggards(
  trade: TradeContext,
): readonly { readonly legId: LegId; readonly missingQty: Qty }[] {
  const legs = eachLeg(trade);
  const fullest = legs.reduce((most, leg) => greatest(most, sizeOf(leg)), ZERO_QTY);
  return legs
    .map((leg) => ({
      legId: leg.plan.legId,
      missingQty: toStep(minus(fullest, sizeOf(leg)), leg.plan.qtyStep, 'down'),
    }))
    .filter(({ missingQty }) => !isZero(missingQty));
}

export const lags = (trade: TradeContext, legId: LegId): boolean =>
  laggards(trade).some((laggard) => laggard.legId === legId);

/** What is missing would be refused at any price. */
export const isRefusedForGood = (trade: TradeContext): boolean =>
  laggards(trade).some(({ legId }) => holdsAtAnyPrice(legOf(trade, legId).endCode));

/** Chases are left, and each laggard misses enough to be traded at all, by a venue that would. */
export const canChaseEntry = (trade: TradeContext): boolean =>
  trade.chaseCount < trade.plan.entry.chase.chaseCountMax &&
  laggards(trade).length > 0 &&
  laggards(trade).every(
    ({ legId, missingQty }) => !isLess(missingQty, planLegOf(trade, legId).qtyMin),
  ) &&
  !isRefusedForGood(trade);

export const canChaseExit = (trade: TradeContext): boolean =>
  trade.chaseCount < trade.plan.exit.chase.chaseCountMax;

export const holds = (trade: TradeContext, legId: LegId): boolean =>
  !isZero(legOf(trade, legId).positionQty);

export const awaitsQuote = (trade: TradeContext, legId: LegId): boolean =>
  legOf(trade, legId).status === 'quoting';

export const quotedLegs = (trade: TradeContext): readonly LegId[] =>
  eachLeg(trade)
    .filter(({ status }) => status === 'quoted')
    .map(({ plan }) => plan.legId);

/** Each leg that holds has its price. */
export const isQuoted = (trade: TradeContext): boolean =>
  !isFlat(trade) &&
  eachLeg(trade).every(
    ({ status, positionQty }) => status === 'quoted' || (status === 'idle' && isZero(positionQty)),
  );

/** No order of the leg is out, and the venue says that it holds something else than our fills. */
export function isCorrectable(
  trade: TradeContext,
  { instrumentId, qty }: { readonly instrumentId: InstrumentId; readonly qty: Qty },
): boolean {
  const leg = eachLeg(trade).find(({ plan }) => plan.instrumentId === instrumentId);
  if (leg === undefined || leg.positionQty === qty) return false;
  return leg.status !== 'busy' && leg.status !== 'unknown';
}

/** Of the newest order that the leg there sent. */
export const attemptAt = (trade: TradeContext, instrumentId: InstrumentId): number =>
  eachLeg(trade).find(({ plan }) => plan.instrumentId === instrumentId)?.attempt ?? 0;

export const isLong = ({ positionQty }: TradeLeg): boolean =>
  !isZero(positionQty) && !isNegative(positionQty);
