// One venue of the exchange process: tells every connection what happens on the account, and who
// asked what was asked. What nobody listens to is lost.
import type { ClientOrderId, VenueReport } from '../domain/index.ts';
import type { Exchange } from '../exchange/index.ts';
import type { LocalReply, LocalRequest } from '../venues/local-exchange/local-exchange-schema.ts';

/** A connection as the desk needs it; one that is gone takes no notice. */
export interface DeskClient {
  send(reply: LocalReply): void;
  /** Says why what was asked is not done; the connection goes on. */
  decline(cause: string): void;
}

export class ExchangeDesk {
  readonly #exchange: Exchange;
  readonly #clients = new Set<DeskClient>();
  /** The exchange answers in order of asking. */
  readonly #accountAskers: DeskClient[] = [];
  readonly #activityAskers: DeskClient[] = [];
  readonly #queryAskers = new Map<ClientOrderId, DeskClient[]>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    exchange.start((report) => this.#tell(report));
  }

  join(client: DeskClient): void {
    this.#clients.add(client);
  }

  leave(client: DeskClient): void {
    this.#clients.delete(client);
  }

  /** Gives the cause when the client breaks the protocol, which ends its connection. */
  take(client: DeskClient, request: LocalRequest): string | undefined {
    const exchange = this.#exchange;
    if ('order' in request && request.order.venueId !== exchange.venueId) {
      return `order ${request.order.clientOrderId} is for ${request.order.venueId}`;
    }
    switch (request.type) {
      case 'hello':
        return 'greeted already';
      case 'place':
        exchange.place(request.order);
        return undefined;
      case 'cancel':
        exchange.cancel(request.order);
        return undefined;
      case 'query':
        this.#asksAbout(request.order.clientOrderId, client);
        exchange.query(request.order);
        return undefined;
      case 'account':
        this.#accountAskers.push(client);
        exchange.reportAccount();
        return undefined;
      case 'activity':
        this.#activityAskers.push(client);
        exchange.reportActivity(request.sinceAtMs);
        return undefined;
      case 'transfer': {
        const cause = exchange.transfer(request.amountUsd);
        if (cause !== undefined) client.decline(cause);
        return undefined;
      }
      case 'ping':
        client.send({ type: 'pong', count: request.count });
        return undefined;
      case 'ledger': {
        const account = { statement: exchange.statement(), state: exchange.state() };
        client.send({ type: 'ledger', account });
        return undefined;
      }
    }
  }

  #asksAbout(clientOrderId: ClientOrderId, client: DeskClient): void {
    const askers = this.#queryAskers.get(clientOrderId) ?? [];
    this.#queryAskers.set(clientOrderId, [...askers, client]);
  }

  #tell(report: VenueReport): void {
    const asker = this.#askerOf(report);
    const reply = { type: 'report', report } as const;
    if (asker !== undefined) asker.send(reply);
    else for (const client of this.#clients) client.send(reply);
  }

  #askerOf(report: VenueReport): DeskClient | undefined {
    switch (report.type) {
      case 'account.reported':
      case 'account.unavailable':
        return this.#accountAskers.shift();
      case 'activity.reported':
        return this.#activityAskers.shift();
      case 'order.answered':
        return this.#nextAsker(report.clientOrderId);
      case 'order.accepted':
      case 'order.rejected':
      case 'order.unknown':
      case 'order.filled':
      case 'order.ended':
      case 'funding.paid':
      case 'transfer.made':
      case 'position.liquidated':
        return undefined;
    }
  }

  #nextAsker(clientOrderId: ClientOrderId): DeskClient | undefined {
    const [asker, ...rest] = this.#queryAskers.get(clientOrderId) ?? [];
    if (rest.length === 0) this.#queryAskers.delete(clientOrderId);
    else this.#queryAskers.set(clientOrderId, rest);
    return asker;
  }
}
