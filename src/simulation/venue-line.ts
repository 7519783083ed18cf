// The wire between one life of the engine and one venue: requests and reports take their time, and
// some get lost, late, doubled or out of order on the way. A stream that was cut is caught up with
// when it is back, as an adapter does: what was missed is told then.
import type { ClientOrderId, Ms, OrderRef, OrderRequest } from '../domain/index.ts';
import type { VenueId, VenueReport } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, Venue } from '../ports/index.ts';
import type { SentMessage } from './evidence.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { FaultKind } from './fault-kind.ts';
import type { LifeClock } from './life-clock.ts';
import type { LineTrouble } from './line-trouble.ts';
import type { Message } from './message.ts';
import { toSent } from './message.ts';
import type { VenueSite } from './venue-site.ts';

export interface VenueLineParts {
  readonly life: number;
  readonly site: VenueSite;
  readonly clock: LifeClock;
  readonly world: Clock;
  readonly desk: FaultDesk;
  readonly trouble: LineTrouble;
  readonly onSent: (message: SentMessage) => void;
  /** Nobody can know until then what happened here: no venue is held to a deadline for it. */
  readonly onBlind: (untilAtMs: number) => void;
}

const WAY_MS = { low: 15, high: 41 } as const;
/** How long all that is said at once about a placement is lost with its answer. */
const MUTED_MS = 5;

export class VenueLine implements Venue {
  readonly venueId: VenueId;
  readonly #parts: VenueLineParts;
  #sink: ((report: VenueReport) => void) | undefined;
  #lastToVenueAtMs = 0;
  #lastFromVenueAtMs = 0;
  /** Orders whose first answer is lost, fills in it included. */
  readonly #muted = new Set<ClientOrderId>();
  #missed: (readonly VenueReport[])[] = [];
  readonly #listener = (reports: readonly VenueReport[]): void => {
    const [first] = reports;
    if (first !== undefined && reports.length === 1) this.#hear(first);
    else this.#hearTogether(reports);
  };

  constructor(parts: VenueLineParts) {
    this.venueId = parts.site.venueId;
    this.#parts = parts;
  }

  start(sink: (report: VenueReport) => void): void {
    this.#sink = sink;
    this.#parts.site.connect(this.#listener, this.#parts.life);
  }

  place(order: OrderRequest): void {
    const { desk, trouble } = this.#parts;
    const { clientOrderId } = order;
    this.#note({ kind: 'place', order });
    if (trouble.isDown) {
      this.#parts.site.impair(this.#parts.world.nowMs() + LOST_MS);
      this.#reply({ type: 'order.unknown', clientOrderId, cause: 'no connection' }, 2);
      return;
    }
    const isReset = this.#strikes('request-reset', 0.15);
    if (isReset) {
      const cause = 'connection reset';
      this.#reply({ type: 'order.unknown', clientOrderId, cause }, 2 + this.#draw(60));
    }
    // A reset may have come before or after the request got through.
    if (isReset && desk.random('request-reset', this.venueId).next() < 0.5) return;
    if (this.#strikes('ack-lost', 0.15)) this.#muted.add(clientOrderId);
    this.#send({ kind: 'place', order });
  }

  cancel(order: OrderRef): void {
    this.#ask({ kind: 'cancel', order });
  }

  query(order: OrderRef): void {
    this.#ask({ kind: 'query', order });
  }

  reportAccount(): void {
    const { trouble } = this.#parts;
    this.#ask({ kind: 'account', askedAtMs: this.#parts.clock.nowMs() });
    if (!trouble.isDown) return;
    this.#reply({ type: 'account.unavailable', venueId: this.venueId, cause: 'no connection' }, 2);
  }

  reportActivity(sinceAtMs: Ms): void {
    this.#ask({ kind: 'activity', sinceAtMs });
  }

  stop(): Promise<void> {
    this.#parts.site.disconnect(this.#listener);
    this.#sink = undefined;
    return Promise.resolve();
  }

  /** The connection is back: what was missed comes in order. */
  catchUp(): void {
    const missed = this.#missed;
    this.#missed = [];
    for (const reports of missed) this.#pass(reports, 0);
  }

  #ask(message: Message): void {
    this.#note(message);
    if (!this.#parts.trouble.isDown) this.#send(message);
  }

  #note(message: Message): void {
    const { life, world, onSent } = this.#parts;
    onSent(toSent(message, { life, venueId: this.venueId, atMs: world.nowMs() }));
  }

  #send(message: Message): void {
    const { world, site, desk, life } = this.#parts;
    const sentAtMs = world.nowMs();
    if (this.#strikes('request-lost', 0.1)) return;
    const isLate = this.#strikes('request-late', 0.2);
    const extraMs = isLate ? desk.drawMs('request-late', this.venueId, 20, 5_000) : 0;
    if (isLate) site.impair(sentAtMs + extraMs);
    const wayMs = this.#draw(WAY_MS.high - WAY_MS.low) + WAY_MS.low;
    // One connection keeps its order; what is held up does not hold up the rest.
    this.#lastToVenueAtMs = Math.max(sentAtMs + wayMs, this.#lastToVenueAtMs);
    world.schedule(toMs(this.#lastToVenueAtMs + extraMs), () =>
      site.receive(message, life, sentAtMs),
    );
  }

  #hear(report: VenueReport): void {
    const { trouble } = this.#parts;
    if ('clientOrderId' in report && this.#isMuted(report.clientOrderId)) return;
    if (report.type === 'order.filled' && this.#isMuted(report.fill.clientOrderId)) return;
    if (trouble.isDown) {
      if (report.type === 'position.liquidated') this.#parts.onBlind(trouble.untilAtMs);
      if (isStreamed(report)) this.#missed.push([report]);
      return;
    }
    if (!isStreamed(report) && this.#strikes('answer-lost', 0.15)) return;
    const delayMs = this.#delayMs(report);
    this.#pass([report], delayMs);
    if (report.type.startsWith('order.') && this.#strikes('report-duplicated', 0.3)) {
      this.#pass([report], delayMs + this.#draw(500));
    }
  }

  /** Everything that the venue says at the instant of the first answer shares its fate. */
  #isMuted(clientOrderId: ClientOrderId): boolean {
    if (!this.#muted.has(clientOrderId)) return false;
    const { world } = this.#parts;
    world.schedule(toMs(world.nowMs() + MUTED_MS), () => this.#muted.delete(clientOrderId));
    return true;
  }

  #delayMs(report: VenueReport): number {
    const { desk } = this.#parts;
    const place = this.venueId;
    let delayMs = 0;
    const isPushed = PUSHED.includes(report.type);
    if (!isPushed && this.#strikes('answer-late', 0.2)) {
      delayMs += desk.drawMs('answer-late', place, 20, 5_000);
    }
    if (report.type === 'order.filled' && this.#strikes('fill-late', 0.3)) {
      delayMs += desk.drawMs('fill-late', place, 20, 3_000);
    }
    if (report.type === 'order.accepted' && this.#strikes('fill-before-ack', 0.5)) {
      delayMs += desk.drawMs('fill-before-ack', place, 1, 200);
    }
    if (delayMs > 0) this.#parts.site.impair(this.#parts.world.nowMs() + delayMs);
    return delayMs;
  }

  /** One long answer, which is late or lost as a whole. */
  #hearTogether(reports: readonly VenueReport[]): void {
    const { trouble, desk, site, world } = this.#parts;
    if (trouble.isDown || this.#strikes('answer-lost', 0.15)) return;
    const isLate = this.#strikes('answer-late', 0.2);
    const delayMs = isLate ? desk.drawMs('answer-late', this.venueId, 20, 5_000) : 0;
    if (isLate) site.impair(world.nowMs() + delayMs);
    this.#pass(reports, delayMs);
  }

  #pass(reports: readonly VenueReport[], delayMs: number): void {
    const { world } = this.#parts;
    const wayMs = this.#draw(WAY_MS.high - WAY_MS.low) + WAY_MS.low;
    this.#lastFromVenueAtMs = Math.max(world.nowMs() + wayMs, this.#lastFromVenueAtMs);
    this.#arriveAt(reports, this.#lastFromVenueAtMs + delayMs);
  }

  /** What the line itself says, without the way. */
  #reply(report: VenueReport, delayMs: number): void {
    this.#arriveAt([report], this.#parts.world.nowMs() + delayMs);
  }

  #arriveAt(reports: readonly VenueReport[], atMs: number): void {
    const { world, clock } = this.#parts;
    world.schedule(toMs(atMs), () =>
      clock.run(() => {
        for (const report of reports) this.#sink?.(report);
      }),
    );
  }

  #strikes(kind: FaultKind, chanceMax: number): boolean {
    const { desk, world, site } = this.#parts;
    if (!desk.strikes(kind, this.venueId, chanceMax)) return false;
    desk.note(kind, world.nowMs(), this.venueId);
    if (LOSING.includes(kind)) site.impair(world.nowMs() + LOST_MS);
    return true;
  }

  #draw(belowMs: number): number {
    return this.#parts.trouble.way.below(belowMs);
  }
}

/** A request or an answer that is gone costs this long until it is asked about and found out. */
const LOST_MS = 2_500;
const LOSING: readonly FaultKind[] = ['request-lost', 'request-reset', 'answer-lost', 'ack-lost'];

/** What the venue says unasked: it comes as it happens, never later than what follows. */
const PUSHED: readonly VenueReport['type'][] = [
  'funding.paid',
  'position.liquidated',
  'transfer.made',
];

/** Told on the private stream, which is caught up with after a cut; the rest answers a request. */
function isStreamed({ type }: VenueReport): boolean {
  return (
    type === 'order.filled' ||
    type === 'order.ended' ||
    type === 'order.accepted' ||
    type === 'order.rejected' ||
    PUSHED.includes(type)
  );
}
