// The orders that the venue knows: open ones, and closed ones for as long as it remembers. A venue
// that forgets closed orders takes their ids again at once and denies, after a while, those that
// never filled: what did fill is found among the executions.
import type { ClientOrderId, Fill, InstrumentId, Ms, Qty } from '../domain/index.ts';
import type { OrderEnd, OrderEvidence, OrderRequest, VenueOrderId } from '../domain/index.ts';
import { compare, minus, total } from '../domain/index.ts';
import type { Fault } from './fault-plan.ts';

/** How long a forgetful venue still answers about a closed order. */
const CLOSED_MEMORY_MS = 60_000;
/** No venue answers for ever: the oldest closed orders are let go beyond this count. */
const CLOSED_COUNT_MAX = 10_000;

export interface VenueOrder {
  readonly request: OrderRequest;
  readonly venueOrderId: VenueOrderId;
  readonly acceptedAtMs: Ms;
  /** What the fault plan does to what is said about this order. */
  readonly faults: readonly Fault[];
  readonly fills: readonly Fill[];
}

export interface ClosedOrder {
  readonly order: VenueOrder;
  readonly end: OrderEnd;
  readonly closedAtMs: Ms;
}

export class OrderMemory {
  readonly #open = new Map<ClientOrderId, VenueOrder>();
  readonly #closed = new Map<ClientOrderId, ClosedOrder>();
  readonly #forgetsClosedOrders: boolean;

  constructor(forgetsClosedOrders: boolean) {
    this.#forgetsClosedOrders = forgetsClosedOrders;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** In order of arrival. */
  allOpen(): readonly VenueOrder[] {
    return [...this.#open.values()];
  }

  /** In order of their ends. */
  allClosed(): readonly ClosedOrder[] {
    return [...this.#closed.values()];
  }

  /** The best price first, then in order of arrival. */
  openAt(instrumentId: InstrumentId): readonly VenueOrder[] {
    return this.allOpen()
      .filter(({ request }) => request.instrumentId === instrumentId)
      .sort(({ request: left }, { request: right }) => {
        if (left.side !== right.side) return left.side === 'buy' ? -1 : 1;
        const rising = compare(left.limitPrice, right.limitPrice);
        return left.side === 'buy' ? -rising : rising;
      });
  }

  open(clientOrderId: ClientOrderId): VenueOrder | undefined {
    return this.#open.get(clientOrderId);
  }

  isTaken(clientOrderId: ClientOrderId): boolean {
    if (this.#open.has(clientOrderId)) return true;
    return !this.#forgetsClosedOrders && this.#closed.has(clientOrderId);
  }

  keep(order: VenueOrder): void {
    this.#open.set(order.request.clientOrderId, order);
  }

  /** A fill of an order that is open; any other is not this memory's. */
  addFill(fill: Fill): void {
    const order = this.#open.get(fill.clientOrderId);
    if (order !== undefined) this.keep({ ...order, fills: [...order.fills, fill] });
  }

  close(clientOrderId: ClientOrderId, end: OrderEnd, closedAtMs: Ms): void {
    const order = this.#open.get(clientOrderId);
    if (order === undefined) throw new RangeError(`order ${clientOrderId} is not open`);
    this.#open.delete(clientOrderId);
    this.#closed.delete(clientOrderId);
    this.#closed.set(clientOrderId, { order, end, closedAtMs });
    this.#forgetOld(closedAtMs);
  }

  /** Of a memory that is empty. */
  restore(from: {
    readonly open: readonly VenueOrder[];
    readonly closed: readonly ClosedOrder[];
  }): void {
    for (const order of from.open) this.keep(order);
    for (const closed of from.closed) this.#closed.set(closed.order.request.clientOrderId, closed);
  }

  evidence(clientOrderId: ClientOrderId, nowMs: Ms): OrderEvidence {
    this.#forgetOld(nowMs);
    const open = this.#open.get(clientOrderId);
    if (open !== undefined) return { kind: 'open', fills: open.fills };
    const closed = this.#closed.get(clientOrderId);
    if (closed === undefined) return { kind: 'absent' };
    return { kind: 'ended', end: closed.end, fills: closed.order.fills };
  }

  #forgetOld(nowMs: Ms): void {
    for (const [clientOrderId, { order, closedAtMs }] of this.#closed) {
      const isOverfull = this.#closed.size > CLOSED_COUNT_MAX;
      const isOld = this.#forgetsClosedOrders && nowMs - closedAtMs >= CLOSED_MEMORY_MS;
      if (!isOld && !isOverfull) break;
      // Such a venue denies the order but not its executions, and whoever queries looks at both.
      if (!isOverfull && order.fills.length > 0) continue;
      this.#closed.delete(clientOrderId);
    }
  }
}

export const filledQty = (order: VenueOrder): Qty => total(order.fills.map(({ qty }) => qty));

export const remainingQty = (order: VenueOrder): Qty => minus(order.request.qty, filledQty(order));
