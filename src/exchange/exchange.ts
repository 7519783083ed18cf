// An exchange of our own behind the Venue port: one cross-margined account, orders matched against
// the books of a MarketView. Fed with live books it is paper trading. Deterministic given the
// clock, the seed and the market events; `order.unknown` it never says, because it is the venue:
// what gets lost, gets lost silently.
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { Clock, Venue } from '../ports/index.ts';
import type {
  AccountStatement,
  InstrumentId,
  Ms,
  OrderRef,
  OrderRequest,
} from '../domain/index.ts';
import type { Rate, SeededRandom, Usd, VenueId, VenueReport } from '../domain/index.ts';
import type { AccountLog, AccountState } from './account-change.ts';
import { AccountRecords } from './account-records.ts';
import { accountStatement } from './account-statement.ts';
import type { FaultPlan } from './fault-plan.ts';
import { FundingDesk } from './funding-desk.ts';
import { Liquidator } from './liquidator.ts';
import type { Publication } from './publication.ts';
import { outgoing } from './publication.ts';
import type { ExchangeSettings } from './settings.ts';
import { TradingFloor } from './trading-floor.ts';
import { Treasury } from './treasury.ts';
import type { VenueLedger } from './venue-ledger.ts';
import { Agenda, Wire } from './wire.ts';

export interface ExchangeParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly faults: FaultPlan;
  /** Keeps the account over restarts; without one it starts fresh and lives in memory. */
  readonly log?: AccountLog;
}

export class Exchange implements Venue {
  readonly venueId: VenueId;
  readonly #parts: ExchangeParts;
  readonly #records: AccountRecords;
  readonly #floor: TradingFloor;
  readonly #funding: FundingDesk;
  readonly #treasury: Treasury;
  readonly #liquidator: Liquidator;
  readonly #agenda: Agenda;
  readonly #toVenue: Wire;
  readonly #fromVenue: Wire;
  #sink: ((report: VenueReport) => void) | undefined;

  constructor(parts: ExchangeParts) {
    const { settings, market, clock, random } = parts;
    const { venueId, latencyMs, forgetsClosedOrders } = settings;
    const publish = (publication: Publication): void => this.#publish(publication);
    const agenda = new Agenda(clock);
    const records = new AccountRecords({ venueId, forgetsClosedOrders, log: parts.log });
    const idPrefix = `${venueId}-${Math.trunc(openedAtMs(records, parts)).toString(36)}`;
    const rooms = { settings, market, clock, records, idPrefix, agenda, publish };
    const floor = new TradingFloor(rooms);
    const way = (name: string): Wire =>
      new Wire({ clock, agenda, latencyMs, random: random.fork(`exchange/${venueId}/${name}`) });
    this.venueId = venueId;
    this.#parts = parts;
    this.#records = records;
    this.#agenda = agenda;
    this.#floor = floor;
    this.#funding = new FundingDesk(rooms);
    this.#treasury = new Treasury(rooms);
    this.#liquidator = new Liquidator({ ...rooms, floor, treasury: this.#treasury });
    this.#toVenue = way('to-venue');
    this.#fromVenue = way('from-venue');
  }

  /** The venue's own truth about money, for checks; nothing that decides may read it. */
  get ledger(): VenueLedger {
    return this.#records.account.ledger;
  }

  /** The venue's own truth about the account at this instant, without the way to us. */
  statement(): AccountStatement {
    const { settings, market } = this.#parts;
    const { account, memory } = this.#records;
    return accountStatement({ settings, market, account, memory });
  }

  /** Everything that the venue remembers of the account, for checks and for whoever keeps it. */
  state(): AccountState {
    return this.#records.state();
  }

  start(sink: (report: VenueReport) => void): void {
    this.#sink = sink;
    for (const view of this.#parts.market.all()) this.marketChanged(view.instrument.instrumentId);
  }

  place(order: OrderRequest): void {
    this.#ask(order, () => this.#arrive(order));
  }

  cancel(order: OrderRef): void {
    this.#ask(order, () => {
      const open = this.#records.memory.open(order.clientOrderId);
      if (open === undefined) this.#answer(order);
      else this.#floor.cancel(open);
    });
  }

  query(order: OrderRef): void {
    this.#ask(order, () => this.#answer(order));
  }

  reportAccount(): void {
    const askedAtMs = this.#parts.clock.nowMs();
    this.#send(() => {
      this.#say({ type: 'account.reported', report: { ...this.statement(), askedAtMs } });
    });
  }

  /** One message, so that nothing of it overtakes the word that ends it. */
  reportActivity(sinceAtMs: Ms): void {
    this.#send(() => {
      const { venueId } = this;
      const reports = this.#records.account.activity.since(sinceAtMs);
      const told = [...reports, { type: 'activity.reported', venueId } as const];
      const place = this.#records.commit();
      this.#fromVenue.send([{ deliver: () => this.#tell(told, place), delayMs: 0 }]);
    });
  }

  /** The venue takes a share of a position away, as auto-deleveraging does. */
  deleverage(instrumentId: InstrumentId, share: Rate): void {
    this.#liquidator.deleverage(instrumentId, share);
    this.#records.commit();
  }

  /** A deposit, or a withdrawal where it is negative. Gives the cause when it is refused. */
  transfer(amountUsd: Usd): string | undefined {
    return this.#treasury.transfer(amountUsd);
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    this.#agenda.close();
    return this.#records.close();
  }

  /** Called after each market event of this venue has been applied to the view. */
  marketChanged(instrumentId: InstrumentId): void {
    const view = this.#ownView(instrumentId);
    if (view === undefined) return;
    this.#funding.marketChanged(view);
    this.#floor.bookChanged(view);
    this.#liquidator.marketChanged(view);
    this.#records.commit();
  }

  #arrive(order: OrderRequest): void {
    const faults = this.#parts.faults.faultsFor(order, this.#parts.clock.nowMs());
    if (faults.some(({ kind }) => kind === 'order-lost')) return;
    const view = this.#ownView(order.instrumentId);
    if (view !== undefined) this.#funding.marketChanged(view);
    this.#floor.arrive(order, faults);
  }

  /** One market may show several venues. */
  #ownView(instrumentId: InstrumentId): InstrumentView | undefined {
    const view = this.#parts.market.get(instrumentId);
    return view?.instrument.venueId === this.venueId ? view : undefined;
  }

  #answer({ clientOrderId }: OrderRef): void {
    const evidence = this.#records.memory.evidence(clientOrderId, this.#parts.clock.nowMs());
    this.#say({ type: 'order.answered', clientOrderId, evidence });
  }

  #ask(order: OrderRef, deliver: () => void): void {
    if (order.venueId !== this.venueId) {
      throw new RangeError(
        `order ${order.clientOrderId} is for ${order.venueId}, not ${this.venueId}`,
      );
    }
    this.#send(deliver);
  }

  #send(deliver: () => void): void {
    if (this.#sink === undefined) throw new Error(`exchange ${this.venueId} is not started`);
    this.#toVenue.send([{ deliver, delayMs: 0 }]);
  }

  #say(report: VenueReport): void {
    this.#publish({ reports: [report], faults: [], isFirstAnswer: false });
  }

  #publish(publication: Publication): void {
    const place = this.#records.commit();
    this.#fromVenue.send(
      outgoing(publication).map(({ report, delayMs }) => ({
        deliver: () => this.#tell([report], place),
        delayMs,
      })),
    );
  }

  /** What is told of the account is safe before it is told. */
  #tell(reports: readonly VenueReport[], place: number): void {
    this.#records.whenSafe(place, () => {
      for (const report of reports) this.#sink?.(report);
    });
  }
}

/** A new account is opened with its deposit; one that was kept goes on, by the clock here. */
function openedAtMs(records: AccountRecords, { settings, clock }: ExchangeParts): Ms {
  const known = records.openedAtMs;
  const atMs = clock.nowMs();
  if (known !== undefined) {
    // A run that begins now asks what happened since, and is told nothing of the runs before it.
    records.dateBefore(atMs);
    return known;
  }
  records.record({ type: 'account.opened', atMs, depositUsd: settings.depositUsd });
  records.commit();
  return atMs;
}
