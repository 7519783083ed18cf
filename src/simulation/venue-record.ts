// What happened at one venue, written down at the venue before the wire can lose any of it: the
// requests that came, and what the exchange did. The checker reads nothing else of a venue.
import type { ClientOrderId, Fill, FillId, FundingPayment } from '../domain/index.ts';
import type { OrderRef, Transfer, TransferId, VenueReport } from '../domain/index.ts';
import type { Exchange } from '../exchange/index.ts';
import type { Clock } from '../ports/index.ts';
import type { VenueEvidence, VenueOrderEvidence, VenueRequest, Window } from './evidence.ts';
import type { Message } from './message.ts';
import { toRequest } from './message.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Placed {
  readonly ref: OrderRef;
  readonly request: Mutable<VenueRequest>;
}

export class VenueRecord {
  readonly #clock: Clock;
  readonly #isOurs: (clientOrderId: ClientOrderId) => boolean;
  readonly #requests: Mutable<VenueRequest>[] = [];
  readonly #placed = new Map<ClientOrderId, Placed>();
  readonly #orders = new Map<ClientOrderId, Mutable<VenueOrderEvidence>>();
  readonly #fills = new Map<FillId, { readonly fill: Fill; readonly isLiquidation: boolean }>();
  readonly #fundings = new Map<string, { payment: FundingPayment; paidAtMs: number }>();
  readonly #transfers = new Map<TransferId, Transfer>();
  readonly #impaired: Window[] = [];

  constructor(clock: Clock, isOurs: (clientOrderId: ClientOrderId) => boolean) {
    this.#clock = clock;
    this.#isOurs = isOurs;
  }

  /** Gives the line of the log, whose outcome is filled in as it becomes known. */
  request(message: Message, life: number): Mutable<VenueRequest> {
    const outcome = message.kind === 'place' ? 'lost' : 'answered';
    const request = { ...toRequest(message, life, this.#clock.nowMs()), outcome };
    this.#requests.push(request);
    if (message.kind === 'place') {
      const { clientOrderId, venueId, instrumentId } = message.order;
      const ref = { clientOrderId, venueId, instrumentId };
      this.#placed.set(clientOrderId, { ref, request });
    }
    return request;
  }

  impair(untilAtMs: number): void {
    this.#impaired.push({ fromAtMs: this.#clock.nowMs(), toAtMs: untilAtMs });
  }

  restingOrders(): readonly OrderRef[] {
    return [...this.#orders.entries()].flatMap(([clientOrderId, { fate }]) => {
      const placed = this.#placed.get(clientOrderId);
      return fate === 'open' && placed !== undefined ? [placed.ref] : [];
    });
  }

  /** False for what was heard before. */
  hear(report: VenueReport): boolean {
    const nowMs = this.#clock.nowMs();
    switch (report.type) {
      case 'order.accepted':
        this.#accepted(report.clientOrderId, report.venueOrderId);
        return true;
      case 'order.rejected':
        this.#settle(report.clientOrderId, `rejected:${report.code}`);
        return true;
      case 'order.ended': {
        const order = this.#orders.get(report.clientOrderId);
        if (order === undefined) return true;
        order.fate = report.end;
        order.endedAtMs = nowMs;
        order.filledQty = report.filledQty;
        return true;
      }
      case 'order.filled':
      case 'position.liquidated': {
        const { fill } = report;
        const isLiquidation = report.type === 'position.liquidated';
        if (this.#fills.has(fill.fillId)) return false;
        this.#fills.set(fill.fillId, { fill, isLiquidation });
        return true;
      }
      case 'funding.paid': {
        const { payment } = report;
        const name = `${payment.instrumentId} ${payment.fundingAtMs}`;
        if (this.#fundings.has(name)) return false;
        this.#fundings.set(name, { payment, paidAtMs: nowMs });
        return true;
      }
      case 'transfer.made': {
        const { transfer } = report;
        if (this.#transfers.has(transfer.transferId)) return false;
        this.#transfers.set(transfer.transferId, transfer);
        return true;
      }
      case 'order.unknown':
      case 'order.answered':
      case 'account.reported':
      case 'account.unavailable':
      case 'activity.reported':
        return true;
    }
  }

  evidence({
    venueId,
    ledger,
    statement,
  }: Pick<Exchange, 'venueId' | 'ledger'> & {
    readonly statement: ReturnType<Exchange['statement']>;
  }): VenueEvidence {
    return {
      venueId,
      requests: this.#requests,
      orders: [...this.#orders.values()],
      executions: [...this.#fills.values()].map(({ fill, isLiquidation }) => ({
        ...fill,
        kind: isLiquidation ? 'liquidation' : this.#isOurs(fill.clientOrderId) ? 'own' : 'foreign',
      })),
      fundings: [...this.#fundings.values()].map(({ payment, paidAtMs }) => ({
        ...payment,
        paidAtMs,
      })),
      transfers: [...this.#transfers.values()],
      ledger: ledger.entries.map((entry) => ({
        ...entry,
        instrumentId: entry.instrumentId ?? '',
        fillId: entry.fillId ?? '',
      })),
      positions: statement.positions.map(({ instrumentId, qty }) => ({ instrumentId, qty })),
      balanceUsd: ledger.balanceUsd,
      impaired: this.#impaired,
    };
  }

  #accepted(clientOrderId: ClientOrderId, venueOrderId: string): void {
    this.#settle(clientOrderId, 'accepted');
    const request = this.#placed.get(clientOrderId)?.request;
    if (request === undefined) return;
    const { instrumentId, side, qty, limitPrice, reduceOnly } = request;
    this.#orders.set(clientOrderId, {
      ...{ clientOrderId, venueOrderId, instrumentId, side, qty, limitPrice, reduceOnly },
      ...{ isForeign: !this.#isOurs(clientOrderId), acceptedAtMs: this.#clock.nowMs() },
      ...{ fate: 'open', endedAtMs: null, filledQty: '0' },
    });
  }

  #settle(clientOrderId: ClientOrderId, outcome: string): void {
    const placed = this.#placed.get(clientOrderId);
    if (placed !== undefined) placed.request.outcome = outcome;
  }
}
