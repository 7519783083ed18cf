// A run as its journal tells it: every trade, every fault worth a word, and the figures of the
// summary. One fold serves the live screen, the summary and the questions asked afterwards.
import type { Effect, Ms, Refusal, RunStarted, StepRecord } from '../domain/index.ts';
import type { TradePlan, Usd } from '../domain/index.ts';
import { stateAfter, toMs, toTradeId } from '../domain/index.ts';
import type { RunLedger } from './run-ledger.ts';
import { TradeBook } from './trade-book.ts';
import { topState } from './trade-history.ts';
import type { TradeHistory } from './trade-history.ts';

export interface RunRefusal extends Refusal {
  readonly key: string;
  readonly atMs: Ms;
}

export class RunHistory {
  readonly #book = new TradeBook();
  readonly #alerts: { readonly atMs: Ms; readonly alert: AlertEffect }[] = [];
  readonly #refusals = new Map<string, RunRefusal>();
  #run: RunStarted | undefined;
  #records = 0;
  #transitions = 0;
  #head: StepRecord | undefined;
  #engineState = 'booting';
  #hasBooked = false;
  readonly #engineTimers = new Map<string, Ms>();
  #engineSince: EngineSince | undefined;
  readonly #worst = { orphanMs: 0, unhedgedMs: 0 };

  add(record: StepRecord): void {
    this.#records += 1;
    this.#transitions += record.transitions.length;
    this.#head = record;
    const { postings } = this.#book.ledger;
    this.#take(record);
    this.#hasBooked = this.#book.ledger.postings > postings;
    this.#follow(record);
    for (const effect of record.effects) this.#see(effect, record.atMs);
  }

  get run(): RunStarted | undefined {
    return this.#run;
  }

  get trades(): readonly TradeHistory[] {
    return this.#book.trades;
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
      fundingPayments: this.#book.paymentCount,
    };
  }

  get ledger(): RunLedger {
    return this.#book.ledger;
  }

  /** Cash that moved for no trade of this run. */
  get strayUsd(): Usd {
    return this.#book.strayUsd;
  }

  get insuranceUsd(): Usd {
    return this.#book.insuranceUsd;
  }

  /** The newest record told of money that no record before it did: venues repeat themselves. */
  get hasBooked(): boolean {
    return this.#hasBooked;
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

  /** When a timer of the engine fires; undefined when it is not set. */
  engineTimerAtMs(timer: string): Ms | undefined {
    return this.#engineTimers.get(timer);
  }

  /** When the engine came into that state, parts of it apart, and why; absent while it boots. */
  get engineSince(): EngineSince | undefined {
    return this.#engineSince;
  }

  /** The trade of this name, if it is one: a record speaks of other actors too. */
  trade(actor: string): TradeHistory | undefined {
    return this.#book.trade(actor);
  }

  #take(record: StepRecord): void {
    const { input, atMs } = record;
    switch (input.type) {
      case 'run.started':
        this.#run = input;
        this.#book.runTag = input.runTag;
        return;
      case 'opportunity.found':
        this.#judge(input.opportunity.key, input.plan, record);
        return;
      case 'candidate.refused':
        this.#refusals.set(input.key, { ...input.refusal, key: input.key, atMs });
        return;
      case 'order.accepted':
        return;
      case 'order.rejected':
        this.#book.outcome(input.clientOrderId, `rejected ${input.code}`);
        return;
      case 'order.unknown':
        this.#book.outcome(input.clientOrderId, 'unknown');
        return;
      case 'order.ended':
        this.#book.outcome(input.clientOrderId, input.end);
        return;
      case 'order.filled':
        this.#book.adopt(input.fill, record);
        this.#book.fill(input.fill);
        return;
      case 'order.answered':
        if (input.evidence.kind === 'absent') return;
        for (const fill of input.evidence.fills) this.#book.fill(fill);
        if (input.evidence.kind === 'ended') {
          this.#book.outcome(input.clientOrderId, input.evidence.end);
        }
        return;
      case 'funding.paid':
        this.#book.pay(input.payment);
        return;
      case 'transfer.made':
        this.#book.transfer(input.transfer);
        return;
      case 'position.liquidated':
        this.#book.liquidate(input.fill, record);
        return;
      case 'account.reported':
        this.#book.ledger.check(input.report, record);
        return;
      default:
        return;
    }
  }

  #judge(key: string, plan: TradePlan, { transitions, atMs }: StepRecord): void {
    const start = transitions.find(({ event }) => event === 'trade.start');
    const ordinal = Number(start?.actor.slice(1));
    if (start === undefined) this.#refuse(key, atMs, transitions);
    else this.#book.open(toTradeId(ordinal), plan, atMs);
  }

  #refuse(key: string, atMs: Ms, transitions: StepRecord['transitions']): void {
    for (const { changed } of transitions) {
      const refused = changed['lastRefusal'];
      if (isRefusal(refused)) this.#refusals.set(key, { ...refused, key, atMs });
    }
  }

  #follow(record: StepRecord): void {
    const state = stateAfter('engine', record.transitions) ?? this.#engineState;
    if (topState(state) !== topState(this.#engineState)) this.#engineSince = sinceOf(record);
    this.#engineState = state;
    for (const { actor, changed } of record.transitions) {
      if (actor === 'risk-guard') this.#noteWorst(changed);
    }
    this.#book.follow(record);
  }

  #noteWorst({ orphanMsWorst, unhedgedMsWorst }: Readonly<Record<string, unknown>>): void {
    if (typeof orphanMsWorst === 'number') this.#worst.orphanMs = orphanMsWorst;
    if (typeof unhedgedMsWorst === 'number') this.#worst.unhedgedMs = unhedgedMsWorst;
  }

  #see(effect: Effect, atMs: Ms): void {
    if (effect.type === 'alert.raise') this.#alerts.push({ atMs, alert: effect });
    if ('timer' in effect && effect.actor === 'engine') {
      if (effect.type === 'timer.clear') this.#engineTimers.delete(effect.timer);
      else this.#engineTimers.set(effect.timer, toMs(atMs + effect.delayMs));
    }
    if (effect.type === 'order.place') this.#book.place(effect.order, atMs);
  }
}

export type AlertEffect = Extract<Effect, { type: 'alert.raise' }>;

export interface EngineSince {
  readonly atMs: Ms;
  /** Empty where nobody gave one. */
  readonly reason: string;
}

function sinceOf({ atMs, transitions }: StepRecord): EngineSince {
  const reasons = transitions.map(({ actor, changed }) => actor === 'engine' && changed['reason']);
  const reason = reasons.findLast((each) => typeof each === 'string');
  return { atMs, reason: typeof reason === 'string' ? reason : '' };
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'gate' in value && 'limit' in value;
