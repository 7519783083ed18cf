// A run as its journal tells it: every trade, every fault worth a word, and the figures of the
// summary. One fold serves the live screen, the summary and the questions asked afterwards.
import type {
  ClientOrderId,
  Effect,
  Fill,
  Ms,
  OrderRequest,
  Refusal,
  RunStarted,
  StepRecord,
  TradeId,
} from '../domain/index.ts';
import { orderOrigin, toTradeId } from '../domain/index.ts';
import type { OrderHistory, TradeHistory } from './trade-history.ts';
import { newTrade, withSteps } from './trade-history.ts';

export interface RunRefusal extends Refusal {
  readonly key: string;
  readonly atMs: Ms;
}

export class RunHistory {
  /** By actor: a trade's own name among those that a record speaks of. */
  readonly #trades = new Map<string, TradeHistory>();
  readonly #alerts: { readonly atMs: Ms; readonly alert: AlertEffect }[] = [];
  readonly #refusals = new Map<string, RunRefusal>();
  #run: RunStarted | undefined;
  #records = 0;
  #transitions = 0;
  #fundingPayments = 0;
  #head: StepRecord | undefined;
  #engineState = 'booting';
  readonly #worst = { orphanMs: 0, unhedgedMs: 0 };

  add(record: StepRecord): void {
    this.#records += 1;
    this.#transitions += record.transitions.length;
    this.#head = record;
    this.#take(record);
    this.#follow(record);
    for (const effect of record.effects) this.#see(effect, record.atMs);
  }

  get run(): RunStarted | undefined {
    return this.#run;
  }

  get trades(): readonly TradeHistory[] {
    return [...this.#trades.values()];
  }

  get alerts(): readonly { readonly atMs: Ms; readonly alert: AlertEffect }[] {
    return this.#alerts;
  }

  /** The last refusal of each pair. */
  get refusals(): readonly RunRefusal[] {
    return [...this.#refusals.values()];
  }

  get counts(): {
    readonly inputs: number;
    readonly transitions: number;
    readonly fundingPayments: number;
  } {
    return {
      inputs: this.#records,
      transitions: this.#transitions,
      fundingPayments: this.#fundingPayments,
    };
  }

  /** Longest times alone, as the risk-guard counted them. */
  get worst(): { readonly orphanMs: number; readonly unhedgedMs: number } {
    return this.#worst;
  }

  get head(): StepRecord | undefined {
    return this.#head;
  }

  get engineState(): string {
    return this.#engineState;
  }

  trade(tradeId: TradeId): TradeHistory | undefined {
    return this.#trades.get(tradeId);
  }

  #take({ input, atMs, transitions }: StepRecord): void {
    switch (input.type) {
      case 'run.started':
        this.#run = input;
        return;
      case 'opportunity.found':
        if (transitions.some(({ event }) => event === 'trade.start')) {
          const tradeId = toTradeId(this.#trades.size + 1);
          this.#trades.set(tradeId, newTrade(tradeId, input.plan, atMs));
        } else {
          this.#refuse(input.opportunity.key, atMs, transitions);
        }
        return;
      case 'candidate.refused':
        this.#refusals.set(input.key, { ...input.refusal, key: input.key, atMs });
        return;
      case 'order.accepted':
        return;
      case 'order.rejected':
        this.#outcome(input.clientOrderId, `rejected ${input.code}`);
        return;
      case 'order.unknown':
        this.#outcome(input.clientOrderId, 'unknown');
        return;
      case 'order.ended':
        this.#outcome(input.clientOrderId, input.end);
        return;
      case 'order.filled':
        this.#fill(input.fill);
        return;
      case 'order.answered':
        if (input.evidence.kind === 'absent') return;
        for (const fill of input.evidence.fills) this.#fill(fill);
        if (input.evidence.kind === 'ended') {
          this.#outcome(input.clientOrderId, input.evidence.end);
        }
        return;
      case 'funding.paid': {
        this.#fundingPayments += 1;
        const { payment } = input;
        this.#ofHolder(payment.instrumentId, (trade) => ({
          ...trade,
          funding: [...trade.funding, payment],
        }));
        return;
      }
      case 'position.liquidated': {
        const { fill } = input;
        this.#ofHolder(fill.instrumentId, (trade) => ({
          ...trade,
          liquidations: withFill(trade.liquidations, fill),
        }));
        return;
      }
      default:
        return;
    }
  }

  #refuse(key: string, atMs: Ms, transitions: StepRecord['transitions']): void {
    for (const { changed } of transitions) {
      const refused = changed['lastRefusal'];
      if (isRefusal(refused)) this.#refusals.set(key, { ...refused, key, atMs });
    }
  }

  #follow(record: StepRecord): void {
    for (const { actor, to, changed } of record.transitions) {
      if (actor === 'engine') this.#engineState = to;
      if (actor === 'risk-guard') this.#noteWorst(changed);
    }
    const actors = new Set(record.transitions.map((transition) => transition.actor));
    for (const actor of actors) {
      const trade = this.#trades.get(actor);
      if (trade !== undefined) this.#trades.set(actor, withSteps(trade, record));
    }
  }

  #noteWorst({ orphanMsWorst, unhedgedMsWorst }: Readonly<Record<string, unknown>>): void {
    if (typeof orphanMsWorst === 'number') this.#worst.orphanMs = orphanMsWorst;
    if (typeof unhedgedMsWorst === 'number') this.#worst.unhedgedMs = unhedgedMsWorst;
  }

  #see(effect: Effect, atMs: Ms): void {
    if (effect.type === 'alert.raise') this.#alerts.push({ atMs, alert: effect });
    if (effect.type === 'order.place') this.#place(effect.order, atMs);
  }

  #place(order: OrderRequest, sentAtMs: Ms): void {
    this.#change(order.tradeId, (trade) => ({
      ...trade,
      orders: [...trade.orders, { order, sentAtMs, fills: [], outcome: 'sent' }],
    }));
  }

  #outcome(clientOrderId: ClientOrderId, outcome: string): void {
    this.#ofOrder(clientOrderId, (order) => ({ ...order, outcome }));
  }

  #fill(fill: Fill): void {
    this.#ofOrder(fill.clientOrderId, (order) => ({
      ...order,
      fills: withFill(order.fills, fill),
    }));
  }

  #ofOrder(clientOrderId: ClientOrderId, change: (order: OrderHistory) => OrderHistory): void {
    const origin = orderOrigin(clientOrderId, this.#run?.runTag ?? '');
    if (origin === undefined) return;
    this.#change(origin.tradeId, (trade) => ({
      ...trade,
      orders: trade.orders.map((order) =>
        order.order.clientOrderId === clientOrderId ? change(order) : order,
      ),
    }));
  }

  /** The newest trade in the instrument: no two hold one at a time. */
  #ofHolder(instrumentId: string, change: (trade: TradeHistory) => TradeHistory): void {
    const holder = this.trades.findLast(({ plan }) =>
      plan.legs.some((leg) => leg.instrumentId === instrumentId),
    );
    if (holder !== undefined) this.#change(holder.tradeId, change);
  }

  #change(tradeId: TradeId, change: (trade: TradeHistory) => TradeHistory): void {
    const trade = this.#trades.get(tradeId);
    if (trade !== undefined) this.#trades.set(tradeId, change(trade));
  }
}

export type AlertEffect = Extract<Effect, { type: 'alert.raise' }>;

/** Venues tell a fill more than once. */
const withFill = (fills: readonly Fill[], fill: Fill): readonly Fill[] =>
  fills.some(({ fillId }) => fillId === fill.fillId) ? fills : [...fills, fill];

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'gate' in value && 'limit' in value;
