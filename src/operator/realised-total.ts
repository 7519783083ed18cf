// What a run has earned for good, as it goes: fees, funding and insurance at once, the result of
// prices when the position they belong to is flat. It values nothing that is still held.
import type { Fill, FundingPayment, InstrumentId, Qty, Transfer, Usd } from '../domain/index.ts';
import { isZero, minus, moved, notional, plus, ZERO_QTY, ZERO_USD } from '../domain/index.ts';

interface Held {
  readonly qty: Qty;
  /** Received less paid for it so far. */
  readonly cashUsd: Usd;
}

const NOTHING: Held = { qty: ZERO_QTY, cashUsd: ZERO_USD };

export class RealisedTotal {
  readonly #held = new Map<InstrumentId, Held>();
  readonly #fillsSeen = new Set<string>();
  readonly #paymentsSeen = new Set<string>();
  #usd = ZERO_USD;

  get usd(): Usd {
    return this.#usd;
  }

  /** Venues tell a fill more than once; it counts once. */
  addFill({ fillId, instrumentId, side, qty, price, feeUsd }: Fill): void {
    const key = `${instrumentId} ${fillId}`;
    if (this.#fillsSeen.has(key)) return;
    this.#fillsSeen.add(key);
    this.#usd = minus(this.#usd, feeUsd);
    const held = this.#held.get(instrumentId) ?? NOTHING;
    const worthUsd = notional(price, qty);
    const next = {
      qty: moved(held.qty, side, qty),
      cashUsd: side === 'sell' ? plus(held.cashUsd, worthUsd) : minus(held.cashUsd, worthUsd),
    };
    if (isZero(next.qty)) {
      this.#usd = plus(this.#usd, next.cashUsd);
      this.#held.delete(instrumentId);
    } else {
      this.#held.set(instrumentId, next);
    }
  }

  /** A settlement counts once, however often it is told. */
  addFunding({ instrumentId, fundingAtMs, amountUsd }: FundingPayment): void {
    const key = `${instrumentId} ${fundingAtMs}`;
    if (this.#paymentsSeen.has(key)) return;
    this.#paymentsSeen.add(key);
    this.#usd = plus(this.#usd, amountUsd);
  }

  /** Own money that comes or goes is not earned. */
  addTransfer({ venueId, transferId, kind, amountUsd }: Transfer): void {
    const key = `${venueId} ${transferId}`;
    if (kind !== 'insurance' || this.#paymentsSeen.has(key)) return;
    this.#paymentsSeen.add(key);
    this.#usd = plus(this.#usd, amountUsd);
  }
}
