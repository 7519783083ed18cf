// The last thing that an order passes on its way to a venue: is the lease still ours? A certain yes
// lets it go at once; a doubt is asked first, and all that was to leave waits behind it, in order.
// While nobody answers, only what takes exposure away goes on; once superseded, nothing does.
import type { KnownRejectCode, LeaseHolder, OrderRequest } from '../domain/index.ts';
import { holderText, isNegative, isZero, total } from '../domain/index.ts';
import type { TradeContext } from '../kernel/index.ts';
import type { Lease } from '../ports/index.ts';

export interface Outgoing {
  /** Absent for what moves no money: questions and wishes for reports. */
  readonly order: OrderRequest | undefined;
  readonly go: () => void;
}

export interface OrderGateParts {
  readonly lease: Lease;
  readonly trade: (tradeId: string) => TradeContext | undefined;
  /** Nothing was sent: certain, like a venue's own refusal. */
  readonly refuse: (order: OrderRequest, code: KnownRejectCode, message: string) => void;
  readonly isClosed: () => boolean;
}

export class OrderGate {
  readonly #parts: OrderGateParts;
  readonly #waiting: Outgoing[] = [];
  /** An answer is awaited, or nothing leaves any more. */
  #isHeldUp = false;
  #isPassing = false;

  constructor(parts: OrderGateParts) {
    this.#parts = parts;
  }

  pass(outgoing: Outgoing): void {
    this.#waiting.push(outgoing);
    if (!this.#isHeldUp && !this.#isPassing) this.#passAll();
  }

  #passAll(): void {
    this.#isPassing = true;
    try {
      while (!this.#isHeldUp && !this.#parts.isClosed()) {
        const next = this.#waiting[0];
        if (next === undefined) return;
        if (this.#isLetThrough(next)) this.#waiting.shift();
      }
    } finally {
      this.#isPassing = false;
    }
  }

  /** False when it has to wait for an answer, or for ever. */
  #isLetThrough({ order, go }: Outgoing): boolean {
    const standing = this.#parts.lease.standing();
    switch (standing.kind) {
      case 'held':
        go();
        return true;
      case 'doubtful':
        if (order === undefined) go();
        else this.#ask();
        return order === undefined;
      case 'unreachable':
        if (order === undefined || takesExposureAway(order, this.#parts.trade(order.tradeId))) go();
        else this.#parts.refuse(order, 'lease.unreachable', standing.cause);
        return true;
      case 'superseded':
        this.#isHeldUp = true;
        return false;
    }
  }

  #ask(): void {
    this.#isHeldUp = true;
    this.#parts.lease.ask(() => {
      this.#isHeldUp = false;
      if (!this.#isPassing) this.#passAll();
    });
  }
}

/** It reduces its leg, or works against what the legs of its trade hold together. */
export function takesExposureAway(
  { side, reduceOnly }: OrderRequest,
  trade: TradeContext | undefined,
): boolean {
  if (reduceOnly || trade === undefined) return reduceOnly;
  const delta = total(Object.values(trade.legs).map(({ positionQty }) => positionQty));
  return !isZero(delta) && isNegative(delta) === (side === 'buy');
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(holder: LeaseHolder) {
    super(
      `${holderText(holder)} has the lease now: nothing is placed from here any more; ` +
        'see to it that only one engine is started on these accounts',
    );
  }
}
