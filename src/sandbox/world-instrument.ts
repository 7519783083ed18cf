// The fifteen perpetuals of the generated market, with the steps and schedules that the real venues
// use. Prices are whole ticks and sizes whole lots everywhere in the sandbox; decimals appear only
// on the way out.
import type { Instrument, Ms } from '../domain/index.ts';
import {
  times,
  toInstrumentId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toUsd,
  toVenueId,
} from '../domain/index.ts';

export const SANDBOX_VENUES = ['binanceusdm', 'bybit', 'okx'] as const;
export type SandboxVenue = (typeof SANDBOX_VENUES)[number];
export const SANDBOX_BASES = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE'] as const;
export type SandboxBase = (typeof SANDBOX_BASES)[number];

export interface WorldInstrument {
  /** Position in the world's list; also its order in every loop. */
  readonly ordinal: number;
  readonly venue: SandboxVenue;
  readonly base: SandboxBase;
  readonly venueSymbol: string;
  /** A tick is one unit of this decimal place. */
  readonly priceDecimals: number;
  /** A lot is one unit of this decimal place of the venue's own size unit. */
  readonly sizeDecimals: number;
  /** Base units in one unit of size: 1, or the contract's value at OKX. */
  readonly contractSize: number;
  readonly lotsMin: number;
  readonly lotsMax: number;
  /** 0 where the venue names none. */
  readonly notionalUsdMin: number;
  readonly fundingIntervalMs: Ms;
}

const HOUR_MS = 3_600_000;
const PRICE_DECIMALS = { BTC: 1, ETH: 2, SOL: 2, XRP: 4, DOGE: 5 } as const;
const FEE_RATES = {
  binanceusdm: { taker: '0.0005', maker: '0.0002' },
  bybit: { taker: '0.00055', maker: '0.0002' },
  okx: { taker: '0.0005', maker: '0.0002' },
} as const;

/** Size decimals, funding hours, smallest notional, contract size: BTC, ETH, SOL, XRP, DOGE. */
type Row = readonly [number, number, number, number];
const ROWS: Readonly<Record<SandboxVenue, Readonly<Record<SandboxBase, Row>>>> = {
  binanceusdm: {
    BTC: [3, 8, 100, 1],
    ETH: [3, 8, 20, 1],
    SOL: [2, 8, 5, 1],
    XRP: [1, 4, 5, 1],
    DOGE: [0, 8, 5, 1],
  },
  bybit: {
    BTC: [3, 8, 5, 1],
    ETH: [2, 8, 5, 1],
    SOL: [1, 4, 5, 1],
    XRP: [1, 4, 5, 1],
    DOGE: [0, 1, 5, 1],
  },
  okx: {
    BTC: [2, 8, 0, 0.01],
    ETH: [2, 8, 0, 0.1],
    SOL: [2, 4, 0, 1],
    XRP: [1, 8, 0, 100],
    DOGE: [1, 1, 0, 1000],
  },
};

export const WORLD_INSTRUMENTS: readonly WorldInstrument[] = SANDBOX_VENUES.flatMap((venue, rank) =>
  SANDBOX_BASES.map((base, place): WorldInstrument => {
    const [sizeDecimals, hours, notionalUsdMin, contractSize] = ROWS[venue][base];
    return {
      ordinal: rank * SANDBOX_BASES.length + place,
      venue,
      base,
      venueSymbol: venue === 'okx' ? `${base}-USDT-SWAP` : `${base}USDT`,
      priceDecimals: PRICE_DECIMALS[base],
      sizeDecimals,
      contractSize,
      lotsMin: 1,
      lotsMax: 10_000_000,
      notionalUsdMin,
      fundingIntervalMs: toMs(hours * HOUR_MS),
    };
  }),
);

/** Exact: a quotient of whole numbers is the float64 nearest to the decimal that it names. */
export const priceOf = (instrument: WorldInstrument, ticks: number): number =>
  ticks / 10 ** instrument.priceDecimals;
export const priceText = (instrument: WorldInstrument, ticks: number): string =>
  priceOf(instrument, ticks).toFixed(instrument.priceDecimals);
export const sizeOf = (instrument: WorldInstrument, lots: number): number =>
  lots / 10 ** instrument.sizeDecimals;
export const sizeText = (instrument: WorldInstrument, lots: number): string =>
  sizeOf(instrument, lots).toFixed(instrument.sizeDecimals);

/** The instrument as the engine's own words have it: sizes in base units. */
export function toInstrument(instrument: WorldInstrument): Instrument {
  const venueId = toVenueId(instrument.venue);
  const contractSize = toQty(instrument.contractSize);
  const inBase = (lots: number) => times(toQty(sizeText(instrument, lots)), contractSize);
  const tickSize = toPrice(priceText(instrument, 1));
  return {
    instrumentId: toInstrumentId(venueId, `${instrument.base}/USDT:USDT`),
    venueId,
    venueSymbol: instrument.venueSymbol,
    kind: 'perpetual',
    base: instrument.base,
    quote: 'USDT',
    tickSize,
    contractSize,
    qtyStep: inBase(1),
    qtyMin: inBase(instrument.lotsMin),
    qtyMax: inBase(instrument.lotsMax),
    notionalUsdMin: toUsd(instrument.notionalUsdMin),
    takerFeeRate: toRate(FEE_RATES[instrument.venue].taker),
    makerFeeRate: toRate(FEE_RATES[instrument.venue].maker),
    isTrading: true,
  };
}
