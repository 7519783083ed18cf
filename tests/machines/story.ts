// One run told input by input through a real kernel, in time that the test moves: timers that fall
// due are stepped at their own instants. Venues speak only when the test makes them.
import type {
  EngineLimits,
  Fill,
  Input,
  LegId,
  Ms,
  OrderEnd,
  OrderEvidence,
  OrderRequest,
  Quote,
  StepRecord,
  TradeId,
  TradePlan,
} from '../../src/domain/index.ts';
import {
  toFillId,
  toLegId,
  toMs,
  toPrice,
  toQty,
  toRejectCode,
  toTradeId,
  toUsd,
  toVenueOrderId,
} from '../../src/domain/index.ts';
import type { TradeContext } from '../../src/kernel/index.ts';
import { Kernel } from '../../src/kernel/index.ts';
import {
  account,
  BYBIT,
  carryPlan,
  OKX,
  perpetual,
  proposal,
  runStarted,
  START_AT_MS,
} from './carry-plan.ts';
import { ladder } from './ladder.ts';

export class Story {
  kernel: Kernel;
  readonly records: StepRecord[] = [];
  #atMs: Ms = START_AT_MS;
  #fillCount = 0;

  constructor(kernel: Kernel = new Kernel()) {
    this.kernel = kernel;
  }

  /** An engine that runs: accounts are known, all four streams are healthy. */
  static running(limits: Partial<EngineLimits> = {}): Story {
    const story = new Story();
    story.tell(runStarted(limits));
    for (const venueId of [OKX, BYBIT]) {
      for (const base of ['BTC', 'ETH']) {
        const stream = { instrumentId: perpetual(venueId, base), venueId };
        story.tell({ type: 'stream.connected', ...stream });
        story.tell({ type: 'stream.synced', ...stream });
      }
      story.tell(account(venueId, { askedAtMs: story.atMs }));
    }
    return story;
  }

  /** A run whose first trade has both entry orders out. */
  static opening(limits: Partial<EngineLimits> = {}): Story {
    const story = Story.running(limits);
    story.propose(carryPlan());
    return story;
  }

  /** A run whose first trade holds both legs whole. */
  static open(limits: Partial<EngineLimits> = {}): Story {
    const story = Story.opening(limits);
    story.fillWhole('a');
    story.fillWhole('b');
    return story;
  }

  get atMs(): Ms {
    return this.#atMs;
  }

  /** What everything since the first proposal came to. */
  get ladder(): string {
    const first = this.records.findIndex(({ input }) => input.type === 'opportunity.found');
    return ladder(this.records.slice(first));
  }

  get trade(): TradeContext {
    const trade = this.kernel.trade(toTradeId(1));
    if (trade === undefined) throw new Error('trade t1 must live');
    return trade;
  }

  get alerts(): readonly string[] {
    return this.records.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.type === 'alert.raise' ? [effect.code] : [])),
    );
  }

  get placed(): readonly OrderRequest[] {
    return this.records.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.type === 'order.place' ? [effect.order] : [])),
    );
  }

  /** The newest order of a leg. */
  order(leg: string, tradeId: TradeId = toTradeId(1)): OrderRequest {
    const order = this.placed.findLast((each) => each.legId === leg && each.tradeId === tradeId);
    if (order === undefined) throw new Error(`leg ${tradeId}.${leg} must have sent an order`);
    return order;
  }

  /** The process dies and another takes the run up after a while; timers wait for it. */
  restart(afterMs = 100, limits: Partial<EngineLimits> = {}): StepRecord {
    const { atMs: lastAtMs } = this.kernel.head;
    this.kernel = Kernel.restore(JSON.parse(JSON.stringify(this.kernel.snapshot())));
    this.#atMs = toMs(this.#atMs + afterMs);
    const started = runStarted(limits);
    const { configHash } = started;
    return this.#step({ type: 'run.resumed', lastAtMs, configHash, limits: started.limits });
  }

  tell(input: Input, afterMs = 1): StepRecord {
    this.wait(afterMs);
    return this.#step(input);
  }

  wait(forMs: number): void {
    const untilAtMs = toMs(this.#atMs + forMs);
    for (;;) {
      const dueAtMs = this.kernel.nextTimerAtMs();
      if (dueAtMs === undefined || dueAtMs > untilAtMs) break;
      this.#atMs = toMs(Math.max(this.#atMs, dueAtMs));
      const timer = this.kernel.takeDueTimer(this.#atMs);
      if (timer !== undefined) this.#step(timer);
    }
    this.#atMs = untilAtMs;
  }

  propose(plan: TradePlan): StepRecord {
    return this.tell(proposal(plan, this.#atMs));
  }

  accept(leg: string): void {
    const { clientOrderId } = this.order(leg);
    const venueOrderId = toVenueOrderId(`v-${clientOrderId}`);
    this.tell({ type: 'order.accepted', clientOrderId, venueOrderId });
  }

  /**
   * Fills a part of the newest order, and tells the fill, at its limit price unless said otherwise.
   */
  fill(leg: string, qty: string, order: OrderRequest = this.order(leg)): Fill {
    const fill = this.fillOf(order, qty);
    this.tell({ type: 'order.filled', fill });
    return fill;
  }

  fillOf({ clientOrderId, venueId, instrumentId, side, limitPrice }: OrderRequest, qty: string) {
    this.#fillCount += 1;
    return {
      fillId: toFillId(`f${this.#fillCount}`),
      clientOrderId,
      venueId,
      instrumentId,
      side,
      qty: toQty(qty),
      price: limitPrice,
      feeUsd: toUsd('5'),
      liquidity: 'taker' as const,
      filledAtMs: this.#atMs,
    };
  }

  fillWhole(leg: string): Fill {
    return this.fill(leg, this.order(leg).qty);
  }

  end(leg: string, end: OrderEnd, filledQty: string): void {
    const { clientOrderId } = this.order(leg);
    this.tell({ type: 'order.ended', clientOrderId, end, filledQty: toQty(filledQty) });
  }

  reject(leg: string, text = 'venue.price-band'): void {
    const { clientOrderId } = this.order(leg);
    const code = toRejectCode(text);
    this.tell({ type: 'order.rejected', clientOrderId, code, message: 'no' });
  }

  unknown(leg: string): void {
    const { clientOrderId } = this.order(leg);
    this.tell({ type: 'order.unknown', clientOrderId, cause: 'timeout' });
  }

  answer(leg: string, evidence: OrderEvidence): void {
    const { clientOrderId } = this.order(leg);
    this.tell({ type: 'order.answered', clientOrderId, evidence });
  }

  quote(leg: string, prices: readonly [bid: string, ask: string] | null): void {
    const quote: Quote | null = prices && {
      bidPrice: toPrice(prices[0]),
      askPrice: toPrice(prices[1]),
      ageMs: toMs(5),
    };
    this.tell({ type: 'quote.answered', tradeId: toTradeId(1), legId: toLegId(leg), quote });
  }

  signalExit(): void {
    const expectedBps = this.trade.plan.leave.exitBelowBps;
    const reason = 'funding turned';
    this.tell({ type: 'exit.signalled', tradeId: toTradeId(1), reason, expectedBps });
  }

  /** Position of a leg, as the trade counts it. */
  position(leg: LegId | string): string | undefined {
    return this.trade.legs[toLegId(leg)]?.positionQty;
  }

  #step(input: Input): StepRecord {
    const record = this.kernel.step(input, this.#atMs);
    this.records.push(record);
    return record;
  }
}
