// What the journal says of one trade: its path through the states with causes, its orders, fills,
// fees and funding, and its profit split into parts that add up exactly.
import type {
  Fill,
  FundingPayment,
  LegId,
  Ms,
  OrderRequest,
  Price,
  Qty,
  StepRecord,
  TradeId,
  TradePlan,
  Usd,
} from '../domain/index.ts';
import {
  isZero,
  minus,
  moved,
  negate,
  notional,
  plus,
  total,
  ZERO_QTY,
  ZERO_USD,
} from '../domain/index.ts';

export interface TradeStep {
  readonly seq: number;
  readonly atMs: Ms;
  readonly from: string;
  readonly to: string;
  readonly event: string;
  /** Why, in the trade's own words; empty where the event says it all. */
  readonly cause: string;
}

export interface OrderHistory {
  readonly order: OrderRequest;
  readonly sentAtMs: Ms;
  readonly fills: readonly Fill[];
  /** Last word of the venue, or of us: `filled`, `expired`, `rejected venue.…`, `unknown`. */
  readonly outcome: string;
}

export interface TradeHistory {
  readonly tradeId: TradeId;
  readonly plan: TradePlan;
  readonly openedAtMs: Ms;
  readonly steps: readonly TradeStep[];
  readonly orders: readonly OrderHistory[];
  readonly funding: readonly FundingPayment[];
  readonly liquidations: readonly Fill[];
}

/** Parts of a profit; they add up to `totalUsd` exactly. */
export interface ProfitSplit {
  readonly fundingUsd: Usd;
  /**
   * What the prices did between the touch at entry and the touch at exit; what is still held counts
   * at the price of its last fill.
   */
  readonly basisUsd: Usd;
  /** Filled away from the touch. */
  readonly slippageUsd: Usd;
  readonly feesUsd: Usd;
  readonly totalUsd: Usd;
}

export const newTrade = (tradeId: TradeId, plan: TradePlan, atMs: Ms): TradeHistory => ({
  tradeId,
  plan,
  openedAtMs: atMs,
  steps: [],
  orders: [],
  funding: [],
  liquidations: [],
});

export const stateOf = ({ steps }: TradeHistory): string => steps.at(-1)?.to ?? 'IDLE';

/** The operator's word for a state: `PANIC.waiting` is PANIC. */
export const topState = (state: string): string => state.split('.', 1)[0] ?? state;

export const isSettled = (trade: TradeHistory): boolean => topState(stateOf(trade)) === 'CLOSED';

export const hasPanicked = ({ steps }: TradeHistory): boolean =>
  steps.some(({ to }) => topState(to) === 'PANIC');

/** Both legs were open: it was more than an attempt. */
export const wasOpen = ({ steps }: TradeHistory): boolean => steps.some(({ to }) => to === 'OPEN');

/** Why the trade last left or panicked. */
export const causeOf = ({ steps }: TradeHistory): string =>
  steps.findLast(({ cause }) => cause !== '')?.cause ?? '';

export const fillsOf = (trade: TradeHistory): readonly Fill[] => [
  ...trade.orders.flatMap(({ fills }) => fills),
  ...trade.liquidations,
];

/** What is still held, by leg. */
export const positionsOf = (trade: TradeHistory): Readonly<Record<LegId, Qty>> =>
  Object.fromEntries(
    trade.plan.legs.map(({ legId, instrumentId }) => [
      legId,
      fillsOf(trade)
        .filter((fill) => fill.instrumentId === instrumentId)
        .reduce((qty, fill) => moved(qty, fill.side, fill.qty), ZERO_QTY),
    ]),
  );

export const isFlat = (trade: TradeHistory): boolean =>
  Object.values(positionsOf(trade)).every(isZero);

export function profitOf(trade: TradeHistory): ProfitSplit {
  const fundingUsd = total(trade.funding.map(({ amountUsd }) => amountUsd));
  const feesUsd = negate(total(fillsOf(trade).map(({ feeUsd }) => feeUsd)));
  const slippageUsd = total(
    trade.orders.flatMap(({ order, fills }) =>
      fills.map((fill) => minus(received(fill, fill.price), received(fill, order.referencePrice))),
    ),
  );
  const pricesUsd = plus(
    total(fillsOf(trade).map((fill) => received(fill, fill.price))),
    heldUsd(trade),
  );
  const basisUsd = minus(pricesUsd, slippageUsd);
  const totalUsd = plus(plus(fundingUsd, pricesUsd), feesUsd);
  return { fundingUsd, basisUsd, slippageUsd, feesUsd, totalUsd };
}

/**
 * What is still held, at the price of its last fill: the only one that a journal knows for sure.
 */
function heldUsd(trade: TradeHistory): Usd {
  const positions = positionsOf(trade);
  return total(
    trade.plan.legs.map(({ legId, instrumentId }) => {
      const last = fillsOf(trade).findLast((fill) => fill.instrumentId === instrumentId);
      const heldQty = positions[legId] ?? ZERO_QTY;
      return last === undefined ? ZERO_USD : notional(last.price, heldQty);
    }),
  );
}

/** Money in for a sale, out for a purchase, at this price. */
const received = (fill: Fill, price: Price): Usd => {
  const amountUsd = notional(price, fill.qty);
  return fill.side === 'sell' ? amountUsd : minus(ZERO_USD, amountUsd);
};

/** Adds what a record says of this trade's own transitions. */
export function withSteps(trade: TradeHistory, record: StepRecord): TradeHistory {
  const steps = record.transitions
    .filter(({ actor, from, to }) => actor === trade.tradeId && from !== to)
    .map(({ from, to, event, changed }) => ({
      seq: record.seq,
      atMs: record.atMs,
      from,
      to,
      event,
      cause: typeof changed['cause'] === 'string' ? changed['cause'] : '',
    }));
  return steps.length === 0 ? trade : { ...trade, steps: [...trade.steps, ...steps] };
}
