// A small world for the exchange: a market that a test writes, a virtual clock, and everything that
// the venue says, with the instant at which it arrived.
import {
  clientOrderId,
  seededRandom,
  toInstrumentId,
  toLegId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toTradeId,
  toUsd,
} from '../../src/domain/index.ts';
import type {
  ClientOrderId,
  Fill,
  InstrumentId,
  OrderRequest,
  VenueReport,
} from '../../src/domain/index.ts';
import { Exchange, noFaults } from '../../src/exchange/index.ts';
import type { AccountLog, ExchangeSettings, FaultPlan } from '../../src/exchange/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { BTC, HOUR_MS, instrumentOf, START_AT_MS, TestMarket, VENUE } from './test-market.ts';
import type { Levels, TestInstrument } from './test-market.ts';

const SETTINGS: ExchangeSettings = {
  venueId: VENUE,
  depositUsd: toUsd('10000'),
  leverage: toRate('5'),
  maintenanceMarginRate: toRate('0.01'),
  latencyMs: { min: 10, max: 10 },
  bookAgeMsMax: toMs(1_000),
  forgetsClosedOrders: false,
};

export interface Heard {
  readonly atMs: number;
  readonly report: VenueReport;
}

export class ExchangeWorld {
  readonly clock: VirtualClock;
  readonly market = new TestMarket();
  readonly exchange: Exchange;
  readonly heard: Heard[] = [];
  #orderCount = 0;

  constructor(
    parts: {
      readonly settings?: Partial<ExchangeSettings>;
      readonly faults?: FaultPlan;
      readonly seed?: string;
      readonly clock?: VirtualClock;
      readonly log?: AccountLog;
    } = {},
  ) {
    const settings = { ...SETTINGS, ...parts.settings };
    const { market } = this;
    this.clock = parts.clock ?? new VirtualClock(START_AT_MS);
    market.list(instrumentOf(toInstrumentId(settings.venueId, 'BTC/USDT:USDT')));
    market.list(instrumentOf(toInstrumentId(settings.venueId, 'ETH/USDT:USDT')));
    const random = seededRandom(parts.seed ?? 'exchange tests');
    const faults = parts.faults ?? noFaults();
    const kept = parts.log === undefined ? {} : { log: parts.log };
    this.exchange = new Exchange({ settings, market, clock: this.clock, random, faults, ...kept });
    this.exchange.start((report) => {
      this.heard.push({ atMs: this.clock.nowMs() - START_AT_MS, report });
    });
  }

  view(instrumentId: InstrumentId): TestInstrument {
    const view = this.market.get(instrumentId);
    if (view === undefined) throw new Error(`${instrumentId} is not listed`);
    return view;
  }

  /** Replaces the book and tells the venue. */
  book(instrumentId: InstrumentId, sides: { readonly bids: Levels; readonly asks: Levels }): void {
    const view = this.view(instrumentId);
    view.book.sequence += 1;
    view.book.bids.levels = sides.bids;
    view.book.asks.levels = sides.asks;
    view.bookAtMs = this.clock.nowMs();
    this.exchange.marketChanged(instrumentId);
  }

  mark(instrumentId: InstrumentId, markPrice: number): void {
    this.view(instrumentId).markPrice = markPrice;
    this.exchange.marketChanged(instrumentId);
  }

  /** Both instants in hours since the start. */
  funding(
    instrumentId: InstrumentId,
    next: { readonly rate: number; readonly atHour: number; readonly everyHours: number },
  ): void {
    this.view(instrumentId).funding = {
      fundingRate: next.rate,
      fundingAtMs: toMs(START_AT_MS + next.atHour * HOUR_MS),
      fundingIntervalMs: toMs(next.everyHours * HOUR_MS),
    };
    this.exchange.marketChanged(instrumentId);
  }

  pass(durationMs: number): void {
    this.clock.advanceTo(toMs(this.clock.nowMs() + durationMs));
  }

  /** To an instant in milliseconds since the start. */
  passTo(sinceStartMs: number): void {
    this.clock.advanceTo(toMs(START_AT_MS + sinceStartMs));
  }

  order(changes: OrderChanges): OrderRequest {
    this.#orderCount += 1;
    return orderOf(this.exchange.venueId, this.#orderCount, changes);
  }

  /** Places and waits until the answer is here. */
  trade(changes: OrderChanges): readonly VenueReport[] {
    const order = this.order(changes);
    this.exchange.place(order);
    this.pass(20);
    return this.about(order.clientOrderId);
  }

  about(id: ClientOrderId): readonly VenueReport[] {
    return this.heard
      .map(({ report }) => report)
      .filter((report) =>
        report.type === 'order.filled'
          ? report.fill.clientOrderId === id
          : 'clientOrderId' in report && report.clientOrderId === id,
      );
  }

  get reports(): readonly VenueReport[] {
    return this.heard.map(({ report }) => report);
  }

  /** Every fill once, liquidations too. */
  get fills(): readonly Fill[] {
    const fills = new Map<string, Fill>();
    for (const { report } of this.heard) {
      if (report.type === 'order.filled' || report.type === 'position.liquidated') {
        fills.set(report.fill.fillId, report.fill);
      }
    }
    return [...fills.values()];
  }
}

export interface OrderChanges {
  readonly instrumentId?: InstrumentId;
  readonly side: 'buy' | 'sell';
  readonly qty: string;
  readonly limitPrice: string;
  readonly timeInForce?: 'IOC' | 'GTC';
  readonly reduceOnly?: boolean;
  readonly trade?: number;
}

export function orderOf(
  venueId: Exchange['venueId'],
  ordinal: number,
  changes: OrderChanges,
): OrderRequest {
  const { instrumentId, side, qty, limitPrice, timeInForce, reduceOnly, trade } = changes;
  const tradeId = toTradeId(trade ?? 1);
  const legId = toLegId('a');
  return {
    clientOrderId: clientOrderId({ runTag: 'tests0', tradeId, legId, attempt: ordinal }),
    tradeId,
    legId,
    venueId,
    instrumentId: instrumentId ?? toInstrumentId(venueId, 'BTC/USDT:USDT'),
    side,
    qty: toQty(qty),
    limitPrice: toPrice(limitPrice),
    referencePrice: toPrice(limitPrice),
    timeInForce: timeInForce ?? 'IOC',
    reduceOnly: reduceOnly ?? false,
  };
}

/** Some levels to eat through, with round numbers. */
export const DEEP_BOOK = {
  bids: [
    [99, 10],
    [98, 20],
  ],
  asks: [
    [100, 10],
    [101, 20],
    [103, 30],
  ],
} as const;

export function worldWithBook(
  settings: ConstructorParameters<typeof ExchangeWorld>[0] = {},
): ExchangeWorld {
  const world = new ExchangeWorld(settings);
  world.book(BTC, DEEP_BOOK);
  return world;
}
