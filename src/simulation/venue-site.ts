// One venue at its own end of the wire: the exchange, which lives on when an engine dies, behind a
// door that may be shut for a while. Whoever is connected hears what it says; nobody else ever
// does.
import type { ClientOrderId, KnownRejectCode, Ms, OrderRef } from '../domain/index.ts';
import type { OrderRequest, VenueId, VenueReport } from '../domain/index.ts';
import type { Exchange } from '../exchange/index.ts';
import type { Clock } from '../ports/index.ts';
import type { VenueEvidence } from './evidence.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { Message } from './message.ts';
import { VenueRecord } from './venue-record.ts';

/** Venues take no request that was signed longer ago than this. */
const REQUEST_AGE_MS_MAX = 1_500;
/** A venue may deny an order that it has taken for so long after it was sent. */
const DENIED_MS_MAX = 1_900;
/** Said of everything that is asked of a venue while it bans us. */
export const BANNED = 'venue.banned' satisfies KnownRejectCode;

/** What is told together travels together. */
export type SiteListener = (reports: readonly VenueReport[]) => void;

export interface VenueSiteParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly desk: FaultDesk;
  readonly isOurs: (clientOrderId: ClientOrderId) => boolean;
}

export class VenueSite {
  readonly venueId: VenueId;
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #desk: FaultDesk;
  readonly #record: VenueRecord;
  readonly #sentAtMs = new Map<ClientOrderId, number>();
  #listener: SiteListener | undefined;
  #life = 0;
  /** What an answer about activity repeats travels with the word that ends it. */
  readonly #repeated: VenueReport[] = [];
  /** Questions about the account that the exchange has yet to answer; it does so in order. */
  readonly #accountQuestions: { readonly life: number; readonly askedAtMs: Ms }[] = [];
  #isMaintained = false;
  #isBanned = false;
  #isAccountAway = false;
  #refusingUntilAtMs = -Infinity;
  /** What the venue took away and tells nobody of, while it keeps silent about that. */
  #untold: (VenueReport & { readonly type: 'position.liquidated' })[] | undefined;

  constructor({ exchange, clock, desk, isOurs }: VenueSiteParts) {
    this.venueId = exchange.venueId;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#desk = desk;
    this.#record = new VenueRecord(clock, isOurs);
    exchange.start((report) => this.#told(report));
  }

  begin(): void {
    const about = { place: this.venueId, venueId: this.venueId };
    this.#desk.spells({
      ...{ ...about, kind: 'maintenance', lastsMs: [2_000, 60_000] },
      begin: (untilAtMs) => {
        this.#isMaintained = true;
        this.impair(untilAtMs);
      },
      end: () => (this.#isMaintained = false),
    });
    this.#desk.spells({
      ...{ ...about, kind: 'ban', lastsMs: [2_000, 120_000] },
      begin: (untilAtMs) => {
        this.#isBanned = true;
        this.impair(untilAtMs);
      },
      end: () => (this.#isBanned = false),
    });
    this.#desk.spells({
      ...{ ...about, kind: 'account-unavailable', lastsMs: [1_000, 30_000] },
      begin: () => (this.#isAccountAway = true),
      end: () => (this.#isAccountAway = false),
    });
  }

  get isBanned(): boolean {
    return this.#isBanned;
  }

  connect(listener: SiteListener, life: number): void {
    this.#listener = listener;
    this.#life = life;
  }

  disconnect(listener: SiteListener): void {
    if (this.#listener === listener) this.#listener = undefined;
  }

  /** Whatever it takes away from here on, only a report of the account shows. */
  keepSilent(): void {
    this.#untold ??= [];
  }

  /** What was kept back is told in order. */
  breakSilence(): void {
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    for (const report of untold) this.#listener?.([report]);
  }

  /** The checker holds nobody to a deadline while a venue was so. */
  impair(untilAtMs: number): void {
    this.#record.impair(untilAtMs);
  }

  restingOrders(): readonly OrderRef[] {
    return this.#record.restingOrders();
  }

  evidence(): VenueEvidence {
    const { venueId, ledger } = this.#exchange;
    return this.#record.evidence({ venueId, ledger, statement: this.#exchange.statement() });
  }

  /** A request arrives that left the engine at `sentAtMs`. */
  receive(message: Message, life: number, sentAtMs: number): void {
    const request = this.#record.request(message, life);
    // Orders of the dead are executed; nobody is there for an answer.
    if (life !== this.#life && message.kind !== 'place') return;
    if (this.#isBanned && message.kind !== 'place' && message.kind !== 'account') {
      request.outcome = `rejected:${BANNED}`;
      return;
    }
    switch (message.kind) {
      case 'place':
        this.#sentAtMs.set(message.order.clientOrderId, sentAtMs);
        this.#place(message.order, sentAtMs);
        return;
      case 'cancel':
        this.#exchange.cancel(message.order);
        return;
      case 'query':
        this.#query(message.order);
        return;
      case 'account':
        this.#account(message.askedAtMs);
        return;
      case 'activity':
        this.#exchange.reportActivity(message.sinceAtMs);
        return;
    }
  }

  /** A stranger's hand on the same account. */
  placeForeign(order: OrderRequest): void {
    this.#record.request({ kind: 'place', order }, 0);
    this.#exchange.place(order);
  }

  #place(order: OrderRequest, sentAtMs: number): void {
    const { clientOrderId, reduceOnly } = order;
    const ageMs = this.#clock.nowMs() - sentAtMs;
    const refuse = (code: KnownRejectCode, message: string): void =>
      this.#say({ type: 'order.rejected', clientOrderId, code, message });
    if (this.#isBanned) {
      refuse(BANNED, 'too many requests: banned for a while');
    } else if (ageMs > REQUEST_AGE_MS_MAX) {
      refuse('venue.request-expired', `the request is ${ageMs} ms old`);
    } else if (!reduceOnly && this.#isMaintained) {
      refuse('venue.maintenance', 'only reductions are taken');
    } else if (!reduceOnly && this.#isRefusing()) {
      refuse('venue.entries-refused', 'entry orders are not taken at the moment');
    } else this.#exchange.place(order);
  }

  #isRefusing(): boolean {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#refusingUntilAtMs && !this.#desk.isHealed) return true;
    if (!this.#desk.strikes('refusing', this.venueId, 0.3)) return false;
    this.#refusingUntilAtMs = nowMs + this.#desk.drawMs('refusing', this.venueId, 50, 4_000);
    this.#desk.note('refusing', this.#refusingUntilAtMs, this.venueId);
    this.impair(this.#refusingUntilAtMs);
    return true;
  }

  #query(order: OrderRef): void {
    const { clientOrderId } = order;
    const sentAtMs = this.#sentAtMs.get(clientOrderId) ?? -Infinity;
    const isYoung = this.#clock.nowMs() - sentAtMs < DENIED_MS_MAX;
    if (isYoung && this.#desk.strikes('denies-young', this.venueId, 0.7)) {
      this.#desk.note('denies-young', this.#clock.nowMs(), this.venueId);
      this.#say({ type: 'order.answered', clientOrderId, evidence: { kind: 'absent' } });
    } else this.#exchange.query(order);
  }

  #account(askedAtMs: Ms): void {
    if (this.#isBanned || this.#isAccountAway) {
      const cause = this.#isBanned ? 'banned' : 'service unavailable';
      this.#say({ type: 'account.unavailable', venueId: this.venueId, cause });
      return;
    }
    this.#accountQuestions.push({ life: this.#life, askedAtMs });
    this.#exchange.reportAccount();
  }

  /** What the exchange says. An answer goes to whoever asked; one that died hears none. */
  #told(told: VenueReport): void {
    if (told.type !== 'account.reported') {
      this.#say(told);
      return;
    }
    const question = this.#accountQuestions.shift();
    if (question?.life !== this.#life) return;
    const { askedAtMs } = question;
    this.#say({ ...told, report: { ...told.report, askedAtMs } });
  }

  /** Written down before the wire. */
  #say(report: VenueReport): void {
    const isNews = this.#record.hear(report);
    if (report.type === 'position.liquidated' && this.#isUntold(report, isNews)) return;
    if (!isNews) {
      this.#repeated.push(report);
      return;
    }
    const together =
      report.type === 'activity.reported' ? [...this.#repeated.splice(0), report] : [report];
    this.#listener?.(together);
  }

  /** Neither as it happens nor by whoever looks back. */
  #isUntold(
    report: VenueReport & { readonly type: 'position.liquidated' },
    isNews: boolean,
  ): boolean {
    if (isNews) this.#untold?.push(report);
    return this.#untold?.some(({ fill }) => fill.fillId === report.fill.fillId) ?? false;
  }
}
