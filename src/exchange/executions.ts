// Turns what an order can reach of a book into fills: takes the liquidity, charges the exact fee,
// books the fill on the account. Each touched level is one fill.
import type { InstrumentView } from '../market/view.ts';
import type { Clock } from '../ports/index.ts';
import type { ClientOrderId, Fill, InstrumentId, Price, Side } from '../domain/index.ts';
import { notional, times, toFillId } from '../domain/index.ts';
import type { AccountRecords } from './account-records.ts';
import type { Appetite, Take } from './matching.ts';
import { reachable } from './matching.ts';
import { TakenLiquidity } from './taken-liquidity.ts';

/** Who gets the fills, and on which terms. */
export interface Party {
  readonly clientOrderId: ClientOrderId;
  readonly side: Side;
  /** A maker trades at its own price, a taker at the level's. */
  readonly makerPrice: Price | undefined;
  /** How the venue tells it: its own closing of a position is no fill of an order of ours. */
  readonly toldAs: 'order.filled' | 'position.liquidated';
}

export class Executions {
  readonly #clock: Clock;
  readonly #records: AccountRecords;
  readonly #idPrefix: string;
  readonly #taken = new Map<InstrumentId, TakenLiquidity>();

  constructor(parts: {
    readonly clock: Clock;
    readonly records: AccountRecords;
    readonly idPrefix: string;
  }) {
    this.#clock = parts.clock;
    this.#records = parts.records;
    this.#idPrefix = parts.idPrefix;
  }

  bookChanged({ instrument, book }: InstrumentView): void {
    this.#taken.get(instrument.instrumentId)?.forgetChanged(book);
  }

  reachable(view: InstrumentView, appetite: Appetite): readonly Take[] {
    return reachable(view, this.#takenAt(view.instrument.instrumentId), appetite);
  }

  execute(view: InstrumentView, takes: readonly Take[], party: Party): readonly Fill[] {
    return takes.map((take) => {
      const fill = this.#toFill(view, take, party);
      this.#takenAt(fill.instrumentId).take(take.bookSide, take.level, take.qty);
      this.#records.record({ type: party.toldAs, fill });
      return fill;
    });
  }

  #toFill({ instrument }: InstrumentView, { price: levelPrice, qty }: Take, party: Party): Fill {
    const { instrumentId, venueId, takerFeeRate, makerFeeRate } = instrument;
    const { clientOrderId, side, makerPrice } = party;
    const price = makerPrice ?? levelPrice;
    return {
      fillId: toFillId(`${this.#idPrefix}-f${this.#records.fillCount + 1}`),
      clientOrderId,
      venueId,
      instrumentId,
      side,
      qty,
      price,
      feeUsd: times(notional(price, qty), makerPrice === undefined ? takerFeeRate : makerFeeRate),
      liquidity: makerPrice === undefined ? 'taker' : 'maker',
      filledAtMs: this.#clock.nowMs(),
    };
  }

  #takenAt(instrumentId: InstrumentId): TakenLiquidity {
    const known = this.#taken.get(instrumentId);
    if (known !== undefined) return known;
    const fresh = new TakenLiquidity();
    this.#taken.set(instrumentId, fresh);
    return fresh;
  }
}
