// Settles funding: who holds a position at the instant pays or receives quantity times mark times
// rate, once. Longs pay a positive rate. What is opened at that very instant or later owes nothing.
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { Clock } from '../ports/index.ts';
import type { FundingPayment, InstrumentId } from '../domain/index.ts';
import { negate, notional, times, toRate } from '../domain/index.ts';
import type { AccountRecords } from './account-records.ts';
import { valuedPositions } from './account-statement.ts';
import type { Settlement } from './funding-schedule.ts';
import { FundingSchedule } from './funding-schedule.ts';
import type { Publication } from './publication.ts';
import type { ExchangeSettings } from './settings.ts';
import type { Agenda } from './wire.ts';

export interface FundingDeskParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly clock: Clock;
  readonly records: AccountRecords;
  readonly agenda: Agenda;
  readonly publish: (publication: Publication) => void;
}

export class FundingDesk {
  readonly #parts: FundingDeskParts;
  readonly #schedules = new Map<InstrumentId, FundingSchedule>();

  constructor(parts: FundingDeskParts) {
    this.#parts = parts;
    // What came due while nobody was here is settled with what was known of it.
    for (const [instrumentId, { fundingAtMs, fundingRate }] of parts.records.expected) {
      if (!parts.records.account.positions.has(instrumentId)) continue;
      this.#schedules.set(instrumentId, new FundingSchedule({ fundingAtMs, fundingRate }));
    }
  }

  /** Called before anything else happens at an instrument, so that what is due comes first. */
  marketChanged({ instrument, funding }: InstrumentView): void {
    const { instrumentId } = instrument;
    const nowMs = this.#parts.clock.nowMs();
    const known = this.#schedules.get(instrumentId);
    if (known === undefined && funding === undefined) return;
    const schedule = known ?? new FundingSchedule();
    if (known === undefined) this.#schedules.set(instrumentId, schedule);
    const due = schedule.takeDue(nowMs);
    if (due !== undefined) this.#settle(instrumentId, due);
    if (funding === undefined) return;
    const wakeAtMs = schedule.note(funding, nowMs);
    this.#expect(instrumentId, schedule);
    if (wakeAtMs !== undefined) this.#parts.agenda.at(wakeAtMs, () => this.#wake(instrumentId));
  }

  /** Once per settlement; the rate may still move a little until then. */
  #expect(instrumentId: InstrumentId, { next }: FundingSchedule): void {
    const { records } = this.#parts;
    if (next === undefined || !records.account.positions.has(instrumentId)) return;
    if (records.expected.get(instrumentId)?.fundingAtMs === next.fundingAtMs) return;
    records.record({ type: 'settlement.expected', expected: { instrumentId, ...next } });
  }

  #wake(instrumentId: InstrumentId): void {
    const view = this.#parts.market.get(instrumentId);
    if (view !== undefined) this.marketChanged(view);
    // Nothing else may happen before the process dies.
    this.#parts.records.commit();
  }

  #settle(instrumentId: InstrumentId, { fundingAtMs, fundingRate }: Settlement): void {
    const { settings, market, records, clock, publish } = this.#parts;
    const { account } = records;
    const position = valuedPositions({ market, account }).find(
      (held) => held.instrumentId === instrumentId,
    );
    if (position === undefined) return;
    const { qty, markPrice } = position;
    const rate = toRate(fundingRate);
    const payment: FundingPayment = {
      venueId: settings.venueId,
      instrumentId,
      fundingAtMs,
      fundingRate: rate,
      positionQty: qty,
      markPrice,
      amountUsd: negate(times(notional(markPrice, qty), rate)),
    };
    records.record({ type: 'funding.paid', atMs: clock.nowMs(), payment });
    const reports = [{ type: 'funding.paid', payment } as const];
    publish({ reports, faults: [], isFirstAnswer: false });
  }
}
