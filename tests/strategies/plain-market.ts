// A market held in plain lists: what strategies see, set by hand. No feed, no deltas, no judgement.
import type { Instrument, InstrumentKind, Ms } from '../../src/domain/index.ts';
import {
  toInstrumentId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toUsd,
  toVenueId,
} from '../../src/domain/index.ts';
import type {
  BookSideView,
  FundingView,
  InstrumentView,
  MarketView,
} from '../../src/market/view.ts';

export type LevelList = readonly (readonly [price: number, size: number])[];

export interface Listing {
  readonly venue: string;
  readonly base?: string;
  readonly kind?: InstrumentKind;
  readonly bids: LevelList;
  readonly asks: LevelList;
  readonly markPrice?: number;
  readonly fundingRate?: number;
  readonly fundingAtMs?: number;
  readonly fundingHours?: number;
  readonly bookAtMs: number;
  readonly isHealthy?: boolean;
  readonly isTrading?: boolean;
  readonly takerFeeRate?: string;
  readonly contractSize?: string;
  readonly qtyStep?: string;
  readonly qtyMin?: string;
}

const HOUR_MS = 3_600_000;

export function listed(listing: Listing): InstrumentView {
  const bids = side(listing.bids);
  const asks = side(listing.asks);
  return {
    instrument: instrument(listing),
    book: {
      sequence: 7,
      isSynced: true,
      isCrossed: bids.priceAt(0) >= asks.priceAt(0),
      bids,
      asks,
    },
    bookAtMs: toMs(listing.bookAtMs),
    markPrice: listing.markPrice ?? (bids.priceAt(0) + asks.priceAt(0)) / 2,
    funding: funding(listing),
    isHealthy: listing.isHealthy ?? true,
  };
}

export const marketOf = (...views: readonly InstrumentView[]): MarketView => ({
  get: (instrumentId) => views.find((view) => view.instrument.instrumentId === instrumentId),
  withBase: (base) => views.filter((view) => view.instrument.base === base),
  all: () => views,
});

const side = (levels: LevelList): BookSideView => ({
  count: levels.length,
  priceAt: (depth) => levels[depth]?.[0] ?? NaN,
  sizeAt: (depth) => levels[depth]?.[1] ?? NaN,
});

function funding(listing: Listing): FundingView | undefined {
  const { fundingRate, fundingAtMs, fundingHours = 8 } = listing;
  if (fundingRate === undefined || fundingAtMs === undefined) return undefined;
  const fundingIntervalMs: Ms = toMs(fundingHours * HOUR_MS);
  return { fundingRate, fundingAtMs: toMs(fundingAtMs), fundingIntervalMs };
}

function instrument(listing: Listing): Instrument {
  const venueId = toVenueId(listing.venue);
  const base = listing.base ?? 'BTC';
  return {
    instrumentId: toInstrumentId(venueId, `${base}/USDT:USDT`),
    venueId,
    venueSymbol: `${base}USDT`,
    kind: listing.kind ?? 'perpetual',
    base,
    quote: 'USDT',
    tickSize: toPrice('0.1'),
    contractSize: toQty(listing.contractSize ?? '1'),
    qtyStep: toQty(listing.qtyStep ?? '0.001'),
    qtyMin: toQty(listing.qtyMin ?? '0.001'),
    qtyMax: toQty('1000'),
    notionalUsdMin: toUsd('5'),
    takerFeeRate: toRate(listing.takerFeeRate ?? '0.0005'),
    makerFeeRate: toRate('0.0002'),
    isTrading: listing.isTrading ?? true,
  };
}
