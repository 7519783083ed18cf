// What the journal says of one trade: its path through the states with causes, its orders, fills,
// fees and funding, and its profit. The parts of the profit come from orders, fills and terms, the
// total from the cash that the ledger moved for it: what the parts do not explain is shown.
import type {
  Fill,
  FundingPayment,
  InstrumentId,
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
  absolute,
  isMore,
  isZero,
  minus,
  moved,
  negate,
  notional,
  plus,
  times,
  total,
  toUsd,
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
  /** What the ledger booked for this trade: wallets, and USD due for its positions. */
  readonly cashUsd: Usd;
}

/** Parts of a profit; with what they leave unexplained they add up to `totalUsd` exactly. */
export interface ProfitSplit {
  /** By the rates and marks of the payments and what the trade held at the time. */
  readonly fundingUsd: Usd;
  /**
   * What the prices did between the touch at entry and the touch at exit; what is still held counts
   * at the price of its last fill.
   */
  readonly basisUsd: Usd;
  /** Filled away from the touch. */
  readonly slippageUsd: Usd;
  readonly feesUsd: Usd;
  /** What venues rounded away or up when they paid. */
  readonly roundingUsd: Usd;
  /** Cash that no part accounts for. Anything but zero is a fault: of a venue, or of ours. */
  readonly unexplainedUsd: Usd;
  /** Cash, and what is still held. */
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
  cashUsd: ZERO_USD,
});

/** The leg that a fill was adopted for, and the order that it belongs to, as far as is known. */
export function withAdopted(
  trade: TradeHistory,
  adopted: { readonly plan: TradePlan; readonly legId: LegId; readonly fill: Fill },
  atMs: Ms,
): TradeHistory {
  const { plan, legId, fill } = adopted;
  const { clientOrderId, venueId, instrumentId, side, qty, price } = fill;
  const hasLeg = trade.plan.legs.some((leg) => leg.legId === legId);
  const leg = plan.legs.filter((each) => each.legId === legId);
  const order: OrderRequest = {
    ...{ clientOrderId, tradeId: trade.tradeId, legId, venueId, instrumentId, side, qty },
    ...{ limitPrice: price, referencePrice: price, timeInForce: 'IOC', reduceOnly: false },
  };
  const isKnown = trade.orders.some((each) => each.order.clientOrderId === clientOrderId);
  const found = { order, sentAtMs: atMs, fills: [], outcome: 'adopted' };
  return {
    ...trade,
    plan: hasLeg ? trade.plan : { ...trade.plan, legs: [...trade.plan.legs, ...leg] },
    orders: isKnown ? trade.orders : [...trade.orders, found],
  };
}

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
  const heldWorthUsd = heldUsd(trade);
  const terms = trade.funding.map((payment) => fundingByTerms(trade, payment));
  const fundingUsd = total(terms.map(({ fundingUsd: amountUsd }) => amountUsd));
  const roundingUsd = total(terms.map(({ roundingUsd: amountUsd }) => amountUsd));
  const feesUsd = negate(total(fillsOf(trade).map(({ feeUsd }) => feeUsd)));
  const slippageUsd = total(
    trade.orders.flatMap(({ order, fills }) =>
      fills.map((fill) => minus(received(fill, fill.price), received(fill, order.referencePrice))),
    ),
  );
  const touchesUsd = total([
    ...trade.orders.flatMap(({ order, fills }) =>
      fills.map((fill) => received(fill, order.referencePrice)),
    ),
    ...trade.liquidations.map((fill) => received(fill, fill.price)),
  ]);
  const basisUsd = plus(touchesUsd, heldWorthUsd);
  const totalUsd = plus(trade.cashUsd, heldWorthUsd);
  const explainedUsd = total([fundingUsd, basisUsd, slippageUsd, feesUsd, roundingUsd]);
  const unexplainedUsd = minus(totalUsd, explainedUsd);
  return { fundingUsd, basisUsd, slippageUsd, feesUsd, roundingUsd, unexplainedUsd, totalUsd };
}

/** No venue rounds a payment by more. */
const ROUNDING_USD_MAX = toUsd('0.000001');

/** What is off by more than rounding stays unexplained: paid on a position that was not ours. */
function fundingByTerms(
  trade: TradeHistory,
  { instrumentId, fundingAtMs, fundingRate, markPrice, amountUsd }: FundingPayment,
): { readonly fundingUsd: Usd; readonly roundingUsd: Usd } {
  const heldQty = heldBefore(trade, instrumentId, fundingAtMs);
  const fundingUsd = negate(times(notional(markPrice, heldQty), fundingRate));
  const offUsd = minus(amountUsd, fundingUsd);
  const isRounding = !isMore(absolute(offUsd), ROUNDING_USD_MAX);
  return { fundingUsd, roundingUsd: isRounding ? offUsd : ZERO_USD };
}

/** What is opened at the very instant of a settlement owes nothing. */
export const heldBefore = (trade: TradeHistory, instrumentId: InstrumentId, atMs: Ms): Qty =>
  fillsOf(trade)
    .filter((fill) => fill.instrumentId === instrumentId && fill.filledAtMs < atMs)
    .reduce((qty, fill) => moved(qty, fill.side, fill.qty), ZERO_QTY);

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
