// An in-memory market that a test writes: two instruments with round numbers at any venue.
import {
  toInstrumentId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toUsd,
  toVenueId,
} from '../../src/domain/index.ts';
import type { Instrument, InstrumentId, Ms } from '../../src/domain/index.ts';
import type {
  BookSideView,
  FundingView,
  InstrumentView,
  MarketView,
} from '../../src/market/view.ts';

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
