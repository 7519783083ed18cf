// The arithmetic of a trade's legs as plain functions: what each holds, what the trade's delta is,
// which legs lag behind. Positions are signed base quantities that only fills move.
import type {
  Fill,
  FillId,
  LegId,
  Ms,
  PlanLeg,
  Price,
  Qty,
  TradeId,
  TradePlan,
  Usd,
} from '../../src/domain/index.ts';
import {
  absolute,
  compare,
  greatest,
  isLess,
  isNegative,
  isZero,
  minus,
  moved,
  notional,
  plus,
  toStep,
  total,
  ZERO_QTY,
  ZERO_USD,
} from '../../src/domain/index.ts';

export interface TradeInput {
  readonly tradeId: TradeId;
  readonly runTag: string;
  readonly plan: TradePlan;
  readonly lateFillMs: Ms;
}

export interface TradeLeg {
  /**
   * `quoting`: a quote is asked for; `busy`: an order is out; `unknown`: and may or may not live.
   */
  readonly status: 'idle' | 'quoting' | 'busy' | 'unknown';
  readonly positionQty: Qty;
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

const EMPTY_LEG: TradeLeg = {
  status: 'idle',
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

const each = (trade: TradeContext): readonly (TradeLeg & { readonly plan: PlanLeg })[] =>
  trade.plan.legs.map((plan) => ({ ...legOf(trade, plan.legId), plan }));

const sizeOf = ({ positionQty }: TradeLeg): Qty => absolute(positionQty);

/** Net exposure to the base asset over all legs. */
export const delta = (trade: TradeContext): Qty =>
  total(each(trade).map(({ positionQty }) => positionQty));

export const isFlat = (trade: TradeContext): boolean =>
  each(trade).every(({ positionQty }) => isZero(positionQty));

export const isEven = (trade: TradeContext): boolean =>
  compare(absolute(delta(trade)), trade.plan.hedgedWithinQty) <= 0;

/** No order is out and no answer is owed. */
export const isQuiet = (trade: TradeContext): boolean =>
  each(trade).every(({ status }) => status === 'idle');

/** A leg is done or silent with less than planned, while another holds. */
export const isShort = (trade: TradeContext): boolean =>
  !isFlat(trade) &&
  each(trade).some((leg) => leg.status !== 'busy' && isLess(sizeOf(leg), leg.plan.qty));

/** Legs that hold and have no order out. */
export const idleHolders = (trade: TradeContext): readonly LegId[] =>
  each(trade)
    .filter((leg) => leg.status === 'idle' && !isZero(leg.positionQty))
    .map(({ plan }) => plan.legId);

export const hasIdleHolder = (trade: TradeContext): boolean => idleHolders(trade).length > 0;

/** Legs behind the fullest one, with what they miss, in their own steps. */
export function laggards(
  trade: TradeContext,
): readonly { readonly legId: LegId; readonly missingQty: Qty }[] {
  const legs = each(trade);
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

/** Chases are left, and each laggard misses enough to be traded at all. */
export const canChaseEntry = (trade: TradeContext): boolean =>
  trade.chaseCount < trade.plan.entry.chase.chaseCountMax &&
  laggards(trade).length > 0 &&
  laggards(trade).every(
    ({ legId, missingQty }) => !isLess(missingQty, planLegOf(trade, legId).qtyMin),
  );

export const canChaseExit = (trade: TradeContext): boolean =>
  trade.chaseCount < trade.plan.exit.chase.chaseCountMax;

export const withStatus = (
  trade: TradeContext,
  legIds: readonly LegId[],
  status: TradeLeg['status'],
): Pick<TradeContext, 'legs'> => ({
  legs: Object.fromEntries(
    each(trade).map(({ plan: { legId } }) => [
      legId,
      legIds.includes(legId) ? { ...legOf(trade, legId), status } : legOf(trade, legId),
    ]),
  ),
});

export const holds = (trade: TradeContext, legId: LegId): boolean =>
  !isZero(legOf(trade, legId).positionQty);

export const awaitsQuote = (trade: TradeContext, legId: LegId): boolean =>
  legOf(trade, legId).status === 'quoting';

/** Questions that are still open are dropped: an answer to one of them will be ignored. */
export const withoutQuestions = (trade: TradeContext): Pick<TradeContext, 'legs'> =>
  withStatus(
    trade,
    trade.plan.legs.map(({ legId }) => legId).filter((legId) => awaitsQuote(trade, legId)),
    'idle',
  );

/**
 * Fills move the position and the money; the moment of becoming uneven is kept until even again.
 */
export function withTradeFills(
  trade: TradeContext,
  legId: LegId,
  fills: readonly Fill[],
  atMs: Ms,
): Pick<TradeContext, 'legs' | 'unevenSinceAtMs'> {
  const leg = fills.reduce(filled, legOf(trade, legId));
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

function filled(leg: TradeLeg, fill: Fill): TradeLeg {
  const amountUsd = notional(fill.price, fill.qty);
  return {
    ...leg,
    positionQty: moved(leg.positionQty, fill.side, fill.qty),
    paidUsd: fill.side === 'buy' ? plus(leg.paidUsd, amountUsd) : minus(leg.paidUsd, amountUsd),
    feesUsd: plus(leg.feesUsd, fill.feeUsd),
    lastPrice: fill.price,
  };
}

export const isLong = ({ positionQty }: TradeLeg): boolean =>
  !isZero(positionQty) && !isNegative(positionQty);
