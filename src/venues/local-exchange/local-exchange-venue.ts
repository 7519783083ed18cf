// Orders to an exchange process over the local protocol. A placement is sent once or not at all; an
// order whose answer does not come, or whose line breaks, is said to be unknown. Every wait has its
// end here, and after a break the venue is asked what it did meanwhile.
import type { ClientOrderId, Ms, OrderRef, OrderRequest } from '../../domain/index.ts';
import type { VenueId, VenueReport } from '../../domain/index.ts';
import { toMs } from '../../domain/index.ts';
import type { Clock, ScheduledTask, Venue } from '../../ports/index.ts';
import type { ExchangeAddress, LineNews } from './exchange-line.ts';
import { ExchangeLine } from './exchange-line.ts';

export interface LocalExchangeParts {
  readonly venueId: VenueId;
  readonly address: ExchangeAddress;
  readonly clock: Clock;
  readonly onLine?: (news: LineNews) => void;
}

const ANSWER_WITHIN_MS = 3_000;
/** What was reported shortly before a break may have been lost with it. */
const LOST_BEFORE_MS = 10_000;

interface ActivityQuestion {
  readonly sinceAtMs: Ms;
  /** Ours after a break; its end is nobody's business. */
  readonly isOwn: boolean;
}

export class LocalExchangeVenue implements Venue {
  readonly venueId: VenueId;
  readonly #clock: Clock;
  readonly #line: ExchangeLine;
  readonly #onLine: (news: LineNews) => void;
  /** Sent, and its end not heard: the wait for the first answer, as long as there is none. */
  readonly #orders = new Map<ClientOrderId, ScheduledTask | undefined>();
  readonly #queries = new Map<ClientOrderId, ScheduledTask>();
  #account: ScheduledTask | undefined;
  /** When each question about the account left on this line; answers come in order. */
  #accountAskedAtMs: Ms[] = [];
  #activity: ActivityQuestion[] = [];
  #brokenAtMs: Ms | undefined;
  /** What was before is no news: whoever goes on with a run asks for it. */
  #openedAtMs: Ms | undefined;
  #sink: ((report: VenueReport) => void) | undefined;

  constructor({ venueId, address, clock, onLine }: LocalExchangeParts) {
    this.venueId = venueId;
    this.#onLine = onLine ?? (() => undefined);
    this.#clock = clock;
    const listener = {
      opened: () => this.#opened(),
      report: (report: VenueReport) => this.#heard(report),
      broken: (cause: string) => this.#broken(cause),
    };
    this.#line = new ExchangeLine({ address, venueId, clock, listener });
  }

  start(sink: (report: VenueReport) => void): void {
    this.#sink = sink;
    this.#line.start();
  }

  place(order: OrderRequest): void {
    this.#check(order);
    const { clientOrderId } = order;
    if (!this.#line.send({ type: 'place', order })) {
      const message = `the exchange of ${this.venueId} is not connected; the order was not sent`;
      this.#sayNext({ type: 'order.rejected', clientOrderId, code: 'venue.unreachable', message });
      return;
    }
    const task = this.#within(() => {
      this.#orders.set(clientOrderId, undefined);
      this.#unknown(clientOrderId, `no answer within ${ANSWER_WITHIN_MS} ms`);
    });
    this.#orders.set(clientOrderId, task);
  }

  cancel(order: OrderRef): void {
    this.#check(order);
    this.#line.send({ type: 'cancel', order: refOf(order) });
  }

  query(order: OrderRef): void {
    this.#check(order);
    const { clientOrderId } = order;
    if (!this.#line.send({ type: 'query', order: refOf(order) })) {
      this.#unknown(clientOrderId, 'the exchange is not connected');
      return;
    }
    this.#queries.get(clientOrderId)?.cancel();
    const unanswered = (): void => {
      this.#queries.delete(clientOrderId);
      this.#unknown(clientOrderId, `no answer to a query within ${ANSWER_WITHIN_MS} ms`);
    };
    this.#queries.set(clientOrderId, this.#within(unanswered));
  }

  /** Before the first line is open it waits for it: whoever starts asks at once. */
  reportAccount(): void {
    if (!this.#askAccount() && this.#openedAtMs !== undefined) {
      this.#accountUnavailable('the exchange is not connected');
      return;
    }
    this.#account ??= this.#within(() =>
      this.#accountUnavailable(`no answer within ${ANSWER_WITHIN_MS} ms`),
    );
  }

  /** Asked again on the next line when this one breaks: asking twice does no harm. */
  reportActivity(sinceAtMs: Ms): void {
    this.#activity.push({ sinceAtMs, isOwn: false });
    this.#line.send({ type: 'activity', sinceAtMs });
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    this.#forgetWaits();
    return this.#line.stop();
  }

  #check({ clientOrderId, venueId }: OrderRef): void {
    if (this.#sink === undefined) throw new Error(`exchange ${this.venueId} is not started`);
    if (venueId === this.venueId) return;
    throw new RangeError(`order ${clientOrderId} is for ${venueId}, not ${this.venueId}`);
  }

  #opened(): void {
    const isFirst = this.#openedAtMs === undefined;
    if (isFirst && this.#account !== undefined) this.#askAccount();
    const openedAtMs = this.#openedAtMs ?? this.#clock.nowMs();
    this.#openedAtMs = openedAtMs;
    const lostAtMs = this.#brokenAtMs;
    this.#brokenAtMs = undefined;
    if (lostAtMs !== undefined) {
      const sinceAtMs = toMs(Math.max(lostAtMs - LOST_BEFORE_MS, openedAtMs));
      this.#activity.push({ sinceAtMs, isOwn: true });
      const awayMs = toMs(this.#clock.nowMs() - lostAtMs);
      this.#onLine({ type: 'back', venueId: this.venueId, awayMs });
    }
    for (const { sinceAtMs } of this.#activity) this.#line.send({ type: 'activity', sinceAtMs });
  }

  #heard(report: VenueReport): void {
    switch (report.type) {
      case 'order.accepted':
        this.#orders.get(report.clientOrderId)?.cancel();
        break;
      case 'order.rejected':
      case 'order.ended':
        this.#forgetOrder(report.clientOrderId);
        break;
      case 'order.answered':
        this.#queries.get(report.clientOrderId)?.cancel();
        this.#queries.delete(report.clientOrderId);
        if (report.evidence.kind !== 'open') this.#forgetOrder(report.clientOrderId);
        break;
      case 'account.reported':
        return this.#accountReported(report);
      case 'account.unavailable':
        this.#accountAnswered();
        break;
      case 'activity.reported':
        if (this.#activity.shift()?.isOwn !== false) return;
        break;
      case 'order.unknown':
      case 'order.filled':
      case 'funding.paid':
      case 'transfer.made':
      case 'position.liquidated':
    }
    this.#say(report);
  }

  #askAccount(): boolean {
    const hasLeft = this.#line.send({ type: 'account' });
    if (hasLeft) this.#accountAskedAtMs.push(this.#clock.nowMs());
    return hasLeft;
  }

  /** When the question left that this answers. */
  #accountAnswered(): Ms | undefined {
    this.#account?.cancel();
    this.#account = undefined;
    return this.#accountAskedAtMs.shift();
  }

  /** The exchange has a clock of its own: ours says when it was asked. */
  #accountReported({ type, report }: Extract<VenueReport, { type: 'account.reported' }>): void {
    const askedAtMs = this.#accountAnswered();
    if (askedAtMs !== undefined) this.#say({ type, report: { ...report, askedAtMs } });
  }

  /** Whatever had left and has no end may have reached the exchange, or have ended there since. */
  #broken(cause: string): void {
    this.#brokenAtMs = this.#clock.nowMs();
    this.#onLine({ type: 'lost', venueId: this.venueId, cause });
    const ids = new Set([...this.#orders.keys(), ...this.#queries.keys()]);
    const askedAccount = this.#account !== undefined;
    this.#forgetWaits();
    this.#activity = this.#activity.filter(({ isOwn }) => !isOwn);
    this.#accountAskedAtMs = [];
    for (const clientOrderId of ids) this.#unknown(clientOrderId, cause);
    if (askedAccount) this.#accountUnavailable(cause);
  }

  #forgetOrder(clientOrderId: ClientOrderId): void {
    this.#orders.get(clientOrderId)?.cancel();
    this.#orders.delete(clientOrderId);
  }

  #forgetWaits(): void {
    for (const task of [...this.#orders.values(), ...this.#queries.values()]) task?.cancel();
    this.#orders.clear();
    this.#queries.clear();
    this.#account?.cancel();
    this.#account = undefined;
  }

  #within(end: () => void): ScheduledTask {
    return this.#clock.schedule(toMs(this.#clock.nowMs() + ANSWER_WITHIN_MS), end);
  }

  #unknown(clientOrderId: ClientOrderId, cause: string): void {
    this.#sayNext({ type: 'order.unknown', clientOrderId, cause });
  }

  #accountUnavailable(cause: string): void {
    this.#account?.cancel();
    this.#account = undefined;
    this.#sayNext({ type: 'account.unavailable', venueId: this.venueId, cause });
  }

  /** Whoever asks is not told before the call is over. */
  #sayNext(report: VenueReport): void {
    this.#clock.schedule(this.#clock.nowMs(), () => this.#say(report));
  }

  #say(report: VenueReport): void {
    this.#sink?.(report);
  }
}

const refOf = ({ clientOrderId, venueId, instrumentId }: OrderRef): OrderRef => ({
  ...{ clientOrderId, venueId, instrumentId },
});
