// Two venues in miniature that may misbehave in every way a test asks for: orders that never arrive
// or arrive late, words that are lost, doubled or out of order. What truly filled is known here and
// nowhere else.
import type {
  ClientOrderId,
  Fill,
  Input,
  OrderEvidence,
  OrderRequest,
  Qty,
  VenueId,
} from '../../src/domain/index.ts';
import type { Effect, StepRecord } from '../../src/domain/index.ts';
import {
  absolute,
  isNegative,
  isZero,
  least,
  minus,
  moved,
  times,
  toDecimal,
  toMs,
  toPrice,
  toRejectCode,
  toVenueOrderId,
  total,
  ZERO_QTY,
} from '../../src/domain/index.ts';
import { account, perpetual } from './carry-plan.ts';
import type { Deed, Manner } from './deed.ts';
import type { Story } from './story.ts';

interface Known {
  readonly order: OrderRequest;
  readonly fills: readonly Fill[];
  readonly isRejected: boolean;
  readonly sinceAtMs: number;
}
type Asked = Extract<Effect, { type: 'order.place' | 'order.query' | 'quote.ask' }>;

export class ModelVenue {
  readonly #story: Story;
  readonly #known = new Map<string, Known>();
  #seenCount = 0;
  readonly #asked: Asked[] = [];
  #words: Input[] = [];
  readonly #travelling: OrderRequest[] = [];
  /** Orders that arrived late: what is said of them is not lost, for nobody will ask again. */
  readonly #late = new Set<string>(['']);

  constructor(story: Story) {
    this.#story = story;
  }

  get isIdle(): boolean {
    return this.#asked.length + this.#words.length + this.#travelling.length === 0;
  }

  /** What is truly held, per instrument. */
  position(instrumentId: string): Qty {
    return [...this.#known.values()]
      .flatMap(({ fills }) => fills)
      .filter((fill) => fill.instrumentId === instrumentId)
      .reduce((sum, { side, qty }) => moved(sum, side, qty), ZERO_QTY);
  }

  /** Does one thing, and returns the records of what came of it. */
  do(deed: Deed): readonly StepRecord[] {
    const before = this.#story.records.length;
    this.#act(deed);
    this.#listen();
    return this.#story.records.slice(before);
  }

  #act(deed: Deed): void {
    switch (deed.kind) {
      case 'handle': {
        const [asked] = this.#asked.splice(deed.pick % (this.#asked.length || 1), 1);
        if (asked) this.#handle(asked, deed.manner);
        return;
      }
      case 'tell': {
        const at = deed.pick % (this.#words.length || 1);
        const word = this.#words[at];
        if (!deed.isTwice) this.#words.splice(at, 1);
        if (word) this.#story.tell(word);
        return;
      }
      case 'lose':
        this.#lose(deed.pick);
        return;
      case 'arrive': {
        const [order] = this.#travelling.splice(deed.pick % (this.#travelling.length || 1), 1);
        if (order) this.#arrive(order);
        return;
      }
      case 'leave':
        if (this.#story.kernel.trade('t1')) this.#story.signalExit();
        return;
      case 'liquidate':
        this.#liquidate(deed.pick);
        return;
      case 'report':
        for (let told = 0; told < deed.times; told += 1) this.#report(deed.venueId);
        return;
      case 'wait':
        this.#story.wait(deed.forMs);
        return;
    }
  }

  #arrive(order: OrderRequest): void {
    this.#late.add(order.clientOrderId);
    this.#execute(order, 'whole');
  }

  /** Words about orders only: nobody can ask about the others. */
  #lose(pick: number): void {
    const lossable = this.#words.filter((word) => !this.#late.has(orderIdOf(word)));
    const lost = lossable[pick % (lossable.length || 1)];
    this.#words = this.#words.filter((word) => word !== lost);
  }

  #listen(): void {
    for (const { effects } of this.#story.records.slice(this.#seenCount)) {
      for (const effect of effects) {
        if (effect.type === 'order.query' || effect.type === 'quote.ask') this.#asked.push(effect);
        if (effect.type === 'order.place') this.#asked.push(effect);
      }
    }
    this.#seenCount = this.#story.records.length;
  }

  #handle(asked: Asked, manner: Manner): void {
    switch (asked.type) {
      case 'quote.ask': {
        const { tradeId, legId } = asked;
        const prices = { bidPrice: toPrice('10020'), askPrice: toPrice('10021'), ageMs: toMs(5) };
        const quote = manner === 'nothing' ? null : prices;
        this.#words.push({ type: 'quote.answered', tradeId, legId, quote });
        return;
      }
      case 'order.query': {
        const { clientOrderId } = asked.order;
        if (manner === 'lost') return;
        const evidence: OrderEvidence =
          manner === 'late' && !this.#isOld(clientOrderId)
            ? { kind: 'absent' }
            : this.#evidence(clientOrderId);
        this.#words.push({ type: 'order.answered', clientOrderId, evidence });
        return;
      }
      case 'order.place':
        this.#place(asked.order, manner);
        return;
    }
  }

  #place(order: OrderRequest, manner: Manner): void {
    const { clientOrderId } = order;
    if (manner === 'late') this.#travelling.push(order);
    if (manner === 'late' || manner === 'lost') {
      this.#words.push({ type: 'order.unknown', clientOrderId, cause: 'timeout' });
      return;
    }
    this.#execute(order, manner);
  }

  #execute(order: OrderRequest, manner: Manner): void {
    const { clientOrderId } = order;
    const isRejected = manner === 'reject';
    const qty = isRejected || manner === 'nothing' ? ZERO_QTY : this.#fillable(order, manner);
    const fills = isZero(qty) ? [] : [this.#story.fillOf(order, qty)];
    const sinceAtMs = this.#story.atMs;
    this.#known.set(clientOrderId, { order, fills, isRejected, sinceAtMs });
    if (manner === 'mute') return;
    if (isRejected) {
      const code = toRejectCode('venue.no');
      this.#words.push({ type: 'order.rejected', clientOrderId, code, message: '' });
      return;
    }
    const venueOrderId = toVenueOrderId(`v-${clientOrderId}`);
    const end = qty === order.qty ? 'filled' : 'cancelled';
    this.#words.push(
      { type: 'order.accepted', clientOrderId, venueOrderId },
      ...fills.map((fill) => ({ type: 'order.filled', fill }) as const),
      { type: 'order.ended', clientOrderId, end, filledQty: qty },
    );
  }

  /** Takes all that is held of one instrument, once our side knows of it, and says so twice. */
  #liquidate(pick: number): void {
    const orders = [...this.#known.values()].map(({ order }) => order);
    const order = orders[pick % (orders.length || 1)];
    if (order === undefined) return;
    const held = this.position(order.instrumentId);
    const counted = this.#story.kernel.trade('t1')?.legs[order.legId]?.positionQty;
    if (isZero(held) || held !== counted) return;
    const clientOrderId = toLiquidationId(this.#known.size);
    const side = isNegative(held) ? 'buy' : 'sell';
    const fill = this.#story.fillOf({ ...order, clientOrderId, side }, absolute(held));
    this.#known.set(clientOrderId, { order, fills: [fill], isRejected: false, sinceAtMs: 0 });
    this.#words.push({ type: 'position.liquidated', fill }, { type: 'position.liquidated', fill });
  }

  /** What is truly held, asked for now: of fills that our side has yet to hear, too. */
  #report(venueId: VenueId): void {
    this.#story.wait(1);
    const instrumentId = perpetual(venueId);
    const qty = this.position(instrumentId);
    const prices = { entryPrice: toPrice('10010'), markPrice: toPrice('10000') };
    const positions = isZero(qty) ? [] : [{ instrumentId, qty, ...prices }];
    this.#story.tell(account(venueId, { positions, askedAtMs: this.#story.atMs }), 0);
  }

  /** Reduce-only orders fill no more than is truly held. */
  #fillable(order: OrderRequest, manner: Manner): Qty {
    const wanted = manner === 'part' ? times(order.qty, toDecimal('0.25')) : order.qty;
    if (!order.reduceOnly) return wanted;
    const held = this.position(order.instrumentId);
    const isReducing = isNegative(held) === (order.side === 'buy');
    return isReducing ? least(wanted, absolute(held)) : ZERO_QTY;
  }

  /** A venue knows its orders in the end: well before absence would be proof. */
  #isOld(clientOrderId: string): boolean {
    return this.#story.atMs - (this.#known.get(clientOrderId)?.sinceAtMs ?? 0) > 1000;
  }

  #evidence(clientOrderId: string): OrderEvidence {
    const known = this.#known.get(clientOrderId);
    if (known === undefined || known.isRejected) return { kind: 'absent' };
    const { fills, order } = known;
    const isWhole = isZero(minus(order.qty, total(fills.map(({ qty }) => qty))));
    return { kind: 'ended', end: isWhole ? 'filled' : 'cancelled', fills };
  }
}

/** The empty id, which nothing may lose, for words that are not about an order. */
function orderIdOf(word: Input): string {
  if ('clientOrderId' in word) return word.clientOrderId;
  return word.type === 'order.filled' ? word.fill.clientOrderId : '';
}

/** Not one of ours: venues name such orders themselves. */
const toLiquidationId = (count: number): ClientOrderId => `autoclose-${count}` as ClientOrderId;
