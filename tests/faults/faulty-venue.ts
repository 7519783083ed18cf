// The exchange of our own behind a road that a test can cut, slow down or tamper with, in either
// direction; and a feed that says what the test says.
import type {
  FeedNotice,
  Instrument,
  InstrumentId,
  MarketEvent,
  OrderRef,
  OrderRequest,
  VenueReport,
} from '../../src/domain/index.ts';
import { toMs, toPrice, toQty, toRate, toUsd } from '../../src/domain/index.ts';
import { Exchange } from '../../src/exchange/index.ts';
import type { Clock, Feed, FeedSink } from '../../src/ports/index.ts';
import { instrumentOf } from '../exchange/test-market.ts';

type Say = (report: VenueReport) => void;

export class FaultyVenue extends Exchange {
  /** What we asked for, in order: `okx place`. */
  calls: string[] = [];
  readonly placed: OrderRequest[] = [];
  /** Decides what becomes of a call on its way; `go` lets it through. */
  onCall: (kind: 'place' | 'query', go: () => void, order: OrderRef) => void = (_, go) => go();
  /** Decides what becomes of a report on its way. */
  onReport: (report: VenueReport, say: Say) => void = (report, say) => say(report);
  /** Says something that the exchange never said. */
  say: Say = () => undefined;

  override start(sink: Say): void {
    this.say = sink;
    super.start((report) => this.onReport(report, sink));
  }

  override place(order: OrderRequest): void {
    this.calls.push(`${this.venueId} place`);
    this.placed.push(order);
    this.onCall('place', () => super.place(order), order);
  }

  override query(order: OrderRef): void {
    this.calls.push(`${this.venueId} query`);
    this.onCall('query', () => super.query(order), order);
  }

  /** An order that is not ours, as a person would send it by hand. */
  placeByHand(order: OrderRequest): void {
    super.place(order);
  }
}

/** Numbers that fit the plan of the machine tests: one coin, a tick of 0.1. */
export const listing = (
  instrumentId: InstrumentId,
  changes: Partial<Instrument> = {},
): Instrument =>
  instrumentOf(instrumentId, {
    tickSize: toPrice('0.1'),
    contractSize: toQty('1'),
    qtyStep: toQty('0.01'),
    qtyMin: toQty('0.01'),
    notionalUsdMin: toUsd('5'),
    takerFeeRate: toRate('0.0005'),
    ...changes,
  });

export class HandFeed implements Feed {
  readonly venueId: Feed['venueId'];
  readonly resynced: InstrumentId[] = [];
  readonly #clock: Clock;
  readonly #instrumentId: InstrumentId;
  #sink: FeedSink | undefined;
  #sequence = 0;

  constructor(instrument: Instrument, clock: Clock) {
    this.venueId = instrument.venueId;
    this.#instrumentId = instrument.instrumentId;
    this.#clock = clock;
  }

  start(sink: FeedSink): void {
    this.#sink = sink;
  }

  resync(instrumentId: InstrumentId): void {
    this.resynced.push(instrumentId);
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    return Promise.resolve();
  }

  /** A whole book of this touch, made so long before or after now by the venue's clock. */
  quote(bid: number, ask: number, afterMs = 0, size = 100): void {
    this.#sequence += 1;
    this.tell({
      type: 'book.snapshot',
      instrumentId: this.#instrumentId,
      sequence: this.#sequence,
      bids: [bid, size],
      asks: [ask, size],
      eventAtMs: toMs(this.#clock.nowMs() + afterMs),
    });
  }

  tell(event: MarketEvent): void {
    this.#sink?.market(event, this.#clock.nowMs());
  }

  notice(notice: FeedNotice): void {
    this.#sink?.notice(notice);
  }
}
