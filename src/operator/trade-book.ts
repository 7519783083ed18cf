// The trades of a run with everything that venues and we did for them. Each fill and each payment
// counts once, in the histories of the trades and, on its own account, in the ledger.
import type {
  ClientOrderId,
  Fill,
  FundingPayment,
  InstrumentId,
  LedgerLine,
  Ms,
  OrderRequest,
  StepRecord,
  TradeId,
  TradePlan,
  Transfer,
  Usd,
} from '../domain/index.ts';
import { fillLines, fundingLines, isZero, orderOrigin, plus } from '../domain/index.ts';
import { isPlan, transferLines, ZERO_USD } from '../domain/index.ts';
import { RunLedger } from './run-ledger.ts';
import type { OrderHistory, TradeHistory } from './trade-history.ts';
import { heldBefore, newTrade, withAdopted, withSteps } from './trade-history.ts';

export class TradeBook {
  readonly ledger = new RunLedger();
  /** Makes the run's orders known by their ids. */
  runTag = '';
  /** By actor: a trade's own name among those that a record speaks of. */
  readonly #trades = new Map<string, TradeHistory>();
  readonly #payments = new Set<string>();
  #strayUsd = ZERO_USD;
  #insuranceUsd = ZERO_USD;

  get trades(): readonly TradeHistory[] {
    return [...this.#trades.values()];
  }

  get paymentCount(): number {
    return this.#payments.size;
  }

  /** Cash that moved for no trade of this run. */
  get strayUsd(): Usd {
    return this.#strayUsd;
  }

  /** What insurance funds paid: of the account, which may have held several trades. */
  get insuranceUsd(): Usd {
    return this.#insuranceUsd;
  }

  trade(actor: string): TradeHistory | undefined {
    return this.#trades.get(actor);
  }

  open(tradeId: TradeId, plan: TradePlan, atMs: Ms): void {
    this.#trades.set(tradeId, newTrade(tradeId, plan, atMs));
  }

  /** A fill that no trade claimed: whoever took it over is known by the order from here on. */
  adopt(fill: Fill, record: StepRecord): void {
    const move = record.transitions.find(({ event }) => event === 'trade.adopt');
    const plan = move?.changed['plan'];
    const origin = orderOrigin(fill.clientOrderId, this.runTag);
    if (origin === undefined || !isPlan(plan)) return;
    const { tradeId, legId } = origin;
    if (!this.#trades.has(tradeId)) this.open(tradeId, { ...plan, legs: [] }, record.atMs);
    this.#change(tradeId, (trade) => withAdopted(trade, { plan, legId, fill }, record.atMs));
  }

  /** Takes what the record says of the trades' own transitions. */
  follow(record: StepRecord): void {
    const actors = new Set(record.transitions.map((transition) => transition.actor));
    for (const actor of actors) {
      const trade = this.#trades.get(actor);
      if (trade !== undefined) this.#trades.set(actor, withSteps(trade, record));
    }
  }

  place(order: OrderRequest, sentAtMs: Ms): void {
    this.#change(order.tradeId, (trade) => ({
      ...trade,
      orders: [...trade.orders, { order, sentAtMs, fills: [], outcome: 'sent' }],
    }));
  }

  outcome(clientOrderId: ClientOrderId, outcome: string): void {
    this.#ofOrder(clientOrderId, (order) => ({ ...order, outcome }));
  }

  fill(fill: Fill): void {
    this.#ofOrder(fill.clientOrderId, (order) => ({
      ...order,
      fills: withFill(order.fills, fill),
    }));
    this.#book(fillLines(fill), orderOrigin(fill.clientOrderId, this.runTag)?.tradeId);
  }

  /** Belongs to the trade that was told of it, which may be over; else to who held it then. */
  liquidate(fill: Fill, { transitions }: StepRecord): void {
    if (this.trades.some((trade) => trade.liquidations.some(isSame(fill)))) return;
    const told = transitions.find(
      ({ actor, event }) => event === 'position.liquidated' && this.#trades.has(actor),
    );
    const tradeId =
      this.trade(told?.actor ?? '')?.tradeId ?? this.#holderAt(fill.instrumentId, fill.filledAtMs);
    this.#change(tradeId, (trade) => ({
      ...trade,
      liquidations: [...trade.liquidations, fill],
    }));
    this.#book(fillLines(fill), tradeId);
  }

  /** Belongs to the trade that held at the settlement, else to the newest. */
  pay(payment: FundingPayment): void {
    const { instrumentId, fundingAtMs } = payment;
    const key = `${instrumentId} ${fundingAtMs}`;
    const isTold = this.#payments.has(key);
    this.#payments.add(key);
    const tradeId = this.#holderAt(instrumentId, fundingAtMs);
    if (!isTold) {
      this.#change(tradeId, (trade) => ({ ...trade, funding: [...trade.funding, payment] }));
    }
    this.#book(fundingLines(payment), tradeId);
  }

  /** Own money that comes or goes is no profit. */
  transfer(transfer: Transfer): void {
    const cashUsd = this.ledger.book(transferLines(transfer));
    if (transfer.kind !== 'insurance') return;
    this.#insuranceUsd = plus(this.#insuranceUsd, cashUsd);
  }

  #book(lines: readonly LedgerLine[], tradeId: TradeId | undefined): void {
    const cashUsd = this.ledger.book(lines);
    if (tradeId === undefined || !this.#trades.has(tradeId)) {
      this.#strayUsd = plus(this.#strayUsd, cashUsd);
    } else {
      this.#change(tradeId, (trade) => ({ ...trade, cashUsd: plus(trade.cashUsd, cashUsd) }));
    }
  }

  #ofOrder(clientOrderId: ClientOrderId, change: (order: OrderHistory) => OrderHistory): void {
    const origin = orderOrigin(clientOrderId, this.runTag);
    this.#change(origin?.tradeId, (trade) => ({
      ...trade,
      orders: trade.orders.map((order) =>
        order.order.clientOrderId === clientOrderId ? change(order) : order,
      ),
    }));
  }

  /** Who held it just before then, by its fills; else the newest that trades it. */
  #holderAt(instrumentId: InstrumentId, atMs: Ms): TradeId | undefined {
    const holder = this.trades.findLast((trade) => !isZero(heldBefore(trade, instrumentId, atMs)));
    return holder?.tradeId ?? this.#newestIn(instrumentId);
  }

  /** No two trades hold one instrument at a time. */
  #newestIn(instrumentId: InstrumentId): TradeId | undefined {
    return this.trades.findLast(({ plan }) =>
      plan.legs.some((leg) => leg.instrumentId === instrumentId),
    )?.tradeId;
  }

  #change(tradeId: TradeId | undefined, change: (trade: TradeHistory) => TradeHistory): void {
    const trade = tradeId === undefined ? undefined : this.#trades.get(tradeId);
    if (trade !== undefined) this.#trades.set(trade.tradeId, change(trade));
  }
}

const isSame =
  ({ fillId, instrumentId }: Fill) =>
  (other: Fill): boolean =>
    other.fillId === fillId && other.instrumentId === instrumentId;

/** Venues tell a fill more than once. */
const withFill = (fills: readonly Fill[], fill: Fill): readonly Fill[] =>
  fills.some(isSame(fill)) ? fills : [...fills, fill];
