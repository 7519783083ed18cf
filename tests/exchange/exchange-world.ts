// A small world for the exchange: an in-memory market that a test writes, a virtual clock, and everything
// that the venue says, with the instant at which it arrived.
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
  toVenueId,
} from '../../src/domain/index.ts';
import type {
  ClientOrderId,
  Fill,
  Instrument,
  InstrumentId,
  Ms,
  OrderRequest,
  VenueReport,
} from '../../src/domain/index.ts';
import { Exchange, noFaults } from '../../src/exchange/index.ts';
import type { ExchangeSettings, FaultPlan } from '../../src/exchange/index.ts';
import type {
  BookSideView,
  FundingView,
  InstrumentView,
  MarketView,
} from '../../src/market/view.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';

export type Levels = readonly (readonly [price: number, size: number])[];

export const START_AT_MS = toMs(Date.UTC(2026, 0, 1, 0, 0, 0));
export const HOUR_MS = 3_600_000;
export const VENUE = toVenueId('okx');
export const BTC = toInstrumentId(VENUE, 'BTC/USDT:USDT');
export const ETH = toInstrumentId(VENUE, 'ETH/USDT:USDT');

/** Round numbers, so that a reader can check them; a contract is a tenth of a coin. */
export const instrumentOf = (
  instrumentId: InstrumentId,
  changes: Partial<Instrument> = {},
): Instrument => ({
  instrumentId,
  venueId: toVenueId(instrumentId.split(':')[0] ?? ''),
  venueSymbol: instrumentId,
  kind: 'perpetual',
  base: instrumentId.includes('BTC') ? 'BTC' : 'ETH',
  quote: 'USDT',
  tickSize: toPrice('0.5'),
  contractSize: toQty('0.1'),
  qtyStep: toQty('0.1'),
  qtyMin: toQty('0.1'),
  qtyMax: toQty('1000'),
  notionalUsdMin: toUsd('20'),
  takerFeeRate: toRate('0.0005'),
  makerFeeRate: toRate('0.0002'),
  isTrading: true,
  ...changes,
});

class TestSide implements BookSideView {
  levels: Levels = [];
  get count(): number {
    return this.levels.length;
  }
  priceAt(depth: number): number {
    return this.levels[depth]?.[0] ?? NaN;
  }
  sizeAt(depth: number): number {
    return this.levels[depth]?.[1] ?? NaN;
  }
}

class TestBook {
  sequence = 0;
  isSynced = true;
  readonly bids = new TestSide();
  readonly asks = new TestSide();
  get isCrossed(): boolean {
    return (
      this.bids.count > 0 && this.asks.count > 0 && this.bids.priceAt(0) >= this.asks.priceAt(0)
    );
  }
}

export class TestInstrument implements InstrumentView {
  instrument: Instrument;
  readonly book = new TestBook();
  bookAtMs: Ms = START_AT_MS;
  markPrice = NaN;
  funding: FundingView | undefined;
  readonly isHealthy = true;
  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }
}

export class TestMarket implements MarketView {
  readonly #views = new Map<InstrumentId, TestInstrument>();
  list(instrument: Instrument): TestInstrument {
    const view = new TestInstrument(instrument);
    this.#views.set(instrument.instrumentId, view);
    return view;
  }
  get(instrumentId: InstrumentId): TestInstrument | undefined {
    return this.#views.get(instrumentId);
  }
  withBase(base: string): readonly TestInstrument[] {
    return this.all().filter(({ instrument }) => instrument.base === base);
  }
  all(): readonly TestInstrument[] {
    return [...this.#views.values()];
  }
}

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
    } = {},
  ) {
    const settings = { ...SETTINGS, ...parts.settings };
    const { market } = this;
    this.clock = parts.clock ?? new VirtualClock(START_AT_MS);
    market.list(instrumentOf(toInstrumentId(settings.venueId, 'BTC/USDT:USDT')));
    market.list(instrumentOf(toInstrumentId(settings.venueId, 'ETH/USDT:USDT')));
    const random = seededRandom(parts.seed ?? 'exchange tests');
    const faults = parts.faults ?? noFaults();
    this.exchange = new Exchange({ settings, market, clock: this.clock, random, faults });
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

/** One line per report: what tests compare. */
export function line(report: VenueReport): string {
  switch (report.type) {
    case 'order.accepted':
      return 'accepted';
    case 'order.rejected':
      return `rejected ${report.code}`;
    case 'order.unknown':
      return 'unknown';
    case 'order.filled':
      return `filled ${fillLine(report.fill)}`;
    case 'order.ended':
      return `${report.end} with ${report.filledQty}`;
    case 'order.answered':
      return `answered ${evidenceLine(report.evidence)}`;
    case 'account.reported':
      return `account ${report.report.equityUsd}`;
    case 'account.unavailable':
      return 'account unavailable';
    case 'funding.paid':
      return `funding ${report.payment.amountUsd}`;
    case 'position.liquidated':
      return `liquidated ${fillLine(report.fill)}`;
  }
}

const fillLine = ({ side, qty, price, liquidity, feeUsd }: Fill): string =>
  `${side} ${qty} at ${price} ${liquidity} fee ${feeUsd}`;

function evidenceLine(
  evidence: Extract<VenueReport, { type: 'order.answered' }>['evidence'],
): string {
  switch (evidence.kind) {
    case 'absent':
      return 'absent';
    case 'open':
      return `open ${evidence.fills.length}`;
    case 'ended':
      return `${evidence.end} ${evidence.fills.length}`;
  }
}
