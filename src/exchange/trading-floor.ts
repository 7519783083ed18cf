// Where orders meet books: takes what the book offers when an order arrives, lets the rest of a GTC
// order wait and fills it as maker once the book comes to its price. Knows nothing of wires, and
// says everything through `publish`.
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { Clock } from '../ports/index.ts';
import type { ClientOrderId, Fill, InstrumentId, OrderEnd } from '../domain/index.ts';
import type { OrderReport, OrderRequest, Qty, Side } from '../domain/index.ts';
import { isPositive, least, times, toStep, total, toVenueOrderId } from '../domain/index.ts';
import type { AccountRecords } from './account-records.ts';
import { admissionRefusal } from './admission.ts';
import { Executions } from './executions.ts';
import type { Fault } from './fault-plan.ts';
import { reducibleQty } from './margin-refusal.ts';
import type { Take } from './matching.ts';
import { unmatchableCause } from './matching.ts';
import type { VenueOrder } from './order-memory.ts';
import { filledQty, remainingQty } from './order-memory.ts';
import { refusal } from './order-refusal.ts';
import type { Publication } from './publication.ts';
import type { ExchangeSettings } from './settings.ts';

export interface FloorParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly clock: Clock;
  readonly records: AccountRecords;
  /** Makes the ids of this account differ from those of any other. */
  readonly idPrefix: string;
  readonly publish: (publication: Publication) => void;
}

export class TradingFloor {
  readonly #parts: FloorParts;
  readonly #executions: Executions;

  constructor(parts: FloorParts) {
    this.#parts = parts;
    this.#executions = new Executions(parts);
  }

  arrive(request: OrderRequest, faults: readonly Fault[]): void {
    const { market, clock, records, idPrefix, publish } = this.#parts;
    const { clientOrderId, instrumentId } = request;
    const { account, memory } = records;
    const atMs = clock.nowMs();
    const view = market.get(instrumentId);
    const refused =
      view === undefined
        ? refusal('venue.unknown-instrument', `${instrumentId} is not traded here`)
        : admissionRefusal(request, view, {
            ...this.#parts,
            ...{ account, memory, faults, nowMs: atMs },
          });
    if (refused !== undefined) {
      const reports = [{ type: 'order.rejected', clientOrderId, ...refused } as const];
      publish({ reports, faults, isFirstAnswer: true });
    } else if (view !== undefined) {
      const venueOrderId = toVenueOrderId(`${idPrefix}-o${records.orderCount + 1}`);
      records.record({ type: 'order.accepted', atMs, request, venueOrderId, faults });
      const accepted = { type: 'order.accepted', clientOrderId, venueOrderId } as const;
      const order = { request, venueOrderId, acceptedAtMs: atMs, faults, fills: [] };
      const reports = [accepted, ...this.#match(order, view, 'taker')];
      publish({ reports, faults, isFirstAnswer: true });
      this.#endIdleReductions(instrumentId);
    }
  }

  /** Called when the book of this instrument may have changed. */
  bookChanged(view: InstrumentView): void {
    const { records, publish } = this.#parts;
    const { memory } = records;
    const { instrumentId } = view.instrument;
    this.#executions.bookChanged(view);
    if (memory.openCount === 0 || !this.#canMatch(view)) return;
    for (const order of memory.openAt(instrumentId)) {
      const reports = this.#match(order, view, 'maker');
      if (reports.length === 0) continue;
      publish({ reports, faults: order.faults, isFirstAnswer: false });
    }
    this.#endIdleReductions(instrumentId);
  }

  /** Ends what is still open of an order and says so. */
  cancel(order: VenueOrder): void {
    const { publish } = this.#parts;
    this.#end(order, 'cancelled');
    const reports = [ended(order, 'cancelled')];
    publish({ reports, faults: order.faults, isFirstAnswer: false });
  }

  /** The venue's own order at any price: what the book has of it. */
  closeOut(
    view: InstrumentView,
    order: { readonly clientOrderId: ClientOrderId; readonly side: Side; readonly qty: Qty },
  ): readonly Fill[] {
    if (!this.#canMatch(view)) return [];
    const takes = this.#executions.reachable(view, { ...order, limitPrice: undefined });
    return this.#executions.execute(view, takes, {
      ...order,
      makerPrice: undefined,
      toldAs: 'position.liquidated',
    });
  }

  #canMatch(view: InstrumentView): boolean {
    const { clock, settings } = this.#parts;
    const { bookAgeMsMax } = settings;
    return unmatchableCause(view, { nowMs: clock.nowMs(), bookAgeMsMax }) === undefined;
  }

  #match(order: VenueOrder, view: InstrumentView, role: 'maker' | 'taker'): readonly OrderReport[] {
    const { clientOrderId, side, limitPrice } = order.request;
    const makerPrice = role === 'maker' ? limitPrice : undefined;
    const takes = this.#takes(order, view);
    const fills = this.#executions.execute(view, takes, {
      ...{ clientOrderId, side, makerPrice },
      toldAs: 'order.filled',
    });
    const after = { ...order, fills: [...order.fills, ...fills] };
    const end = this.#endOf(after);
    if (end !== undefined) this.#end(order, end);
    const filled = fills.map((fill) => ({ type: 'order.filled', fill }) as const);
    return end === undefined ? filled : [...filled, ended(after, end)];
  }

  #takes(order: VenueOrder, view: InstrumentView): readonly Take[] {
    const { side, limitPrice, timeInForce } = order.request;
    const wanted = { side, limitPrice, qty: this.#matchableQty(order) };
    const takes = this.#executions.reachable(view, wanted);
    const partial = order.faults.find((fault) => fault.kind === 'partial');
    if (partial === undefined || timeInForce !== 'IOC') return takes;
    const couldQty = total(takes.map(({ qty }) => qty));
    const qty = toStep(times(couldQty, partial.fillShare), view.instrument.qtyStep, 'down');
    return this.#executions.reachable(view, { ...wanted, qty });
  }

  /** What is left of the order; of a reduction, at most the position. */
  #matchableQty(order: VenueOrder): Qty {
    const { request } = order;
    if (!request.reduceOnly) return remainingQty(order);
    const positionQty = this.#parts.records.account.positionQty(request.instrumentId);
    return least(remainingQty(order), reducibleQty(request, positionQty));
  }

  #end({ request: { clientOrderId } }: VenueOrder, end: OrderEnd): void {
    const { records, clock } = this.#parts;
    records.record({ type: 'order.ended', atMs: clock.nowMs(), clientOrderId, end });
  }

  #endOf(order: VenueOrder): OrderEnd | undefined {
    if (!isPositive(remainingQty(order))) return 'filled';
    if (order.request.timeInForce === 'IOC') return 'expired';
    return isPositive(this.#matchableQty(order)) ? undefined : 'cancelled';
  }

  /** A resting reduction without a position to reduce is ended by the venue. */
  #endIdleReductions(instrumentId: InstrumentId): void {
    for (const order of this.#parts.records.memory.openAt(instrumentId)) {
      if (!isPositive(this.#matchableQty(order))) this.cancel(order);
    }
  }
}

const ended = (order: VenueOrder, end: OrderEnd): OrderReport => ({
  type: 'order.ended',
  clientOrderId: order.request.clientOrderId,
  end,
  filledQty: filledQty(order),
});
