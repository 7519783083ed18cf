// What Binance USDⓈ-M says, in our words: pure functions from frames and replies to market events
// and instruments. Sizes are base units here; reads public data only.
import type {
  BookSnapshot,
  Instrument,
  InstrumentId,
  MarketEvent,
  Ms,
} from '../../domain/index.ts';
import { toInstrumentId, toPrice, toQty, toRate, toUsd, toVenueId } from '../../domain/index.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, reading } from '../frame-reading.ts';
import type { Listing, WantedSymbols } from '../listing.ts';
import { readEach } from '../listing.ts';
import type { WireRecord } from '../wire-schema.ts';
import { isRecord, parseWire, wireLevels, wireRecord, wireReply } from '../wire-schema.ts';
import * as wire from '../wire-value.ts';
import type { ExchangeSymbol } from './binanceusdm-schema.ts';
import { depthReply, exchangeInfoReply, exchangeSymbol } from './binanceusdm-schema.ts';
import { fundingInfoReply, timeReply } from './binanceusdm-schema.ts';

export const BINANCEUSDM = toVenueId('binanceusdm');
/** https://www.binance.com/en/fee/futureFee, regular user. */
const TAKER_FEE_RATE = toRate('0.0005');
const MAKER_FEE_RATE = toRate('0.0002');
/** Symbols that `fundingInfo` does not list. */
const FUNDING_HOURS_DEFAULT = 8;

export function readBinanceusdmFrame(text: string, symbols: SymbolTable): FrameReading {
  return reading(BINANCEUSDM, undefined, () => {
    const frame = wireRecord(parseWire(text), 'frame');
    const event = isRecord(frame['data']) ? frame['data'] : frame;
    if (event['e'] === undefined) return readAnswer(frame);
    const instrumentId = symbols.get(String(event['s']));
    if (instrumentId === undefined) return IGNORED;
    return reading(BINANCEUSDM, instrumentId, () => readEvent(event, instrumentId));
  });
}

function readAnswer(frame: WireRecord): FrameReading {
  if ('error' in frame || 'code' in frame) {
    return { type: 'rejected', cause: `binanceusdm: ${JSON.stringify(frame)}` };
  }
  return 'result' in frame ? ACK : IGNORED;
}

function readEvent(event: WireRecord, instrumentId: InstrumentId): FrameReading {
  switch (event['e']) {
    case 'depthUpdate':
      return { type: 'events', events: [readDepth(event, instrumentId)] };
    case 'markPriceUpdate':
      return { type: 'events', events: readMark(event, instrumentId) };
    default:
      return IGNORED;
  }
}

const readDepth = (event: WireRecord, instrumentId: InstrumentId): MarketEvent => ({
  type: 'book.delta',
  instrumentId,
  firstSequence: wire.wireSequence(event['U'], 'U'),
  sequence: wire.wireSequence(event['u'], 'u'),
  previousSequence: wire.wireSequence(event['pu'], 'pu'),
  bids: wireLevels(event['b'], 'b'),
  asks: wireLevels(event['a'], 'a'),
  eventAtMs: wire.wireInstant(event['E'], 'E'),
});

function readMark(event: WireRecord, instrumentId: InstrumentId): readonly MarketEvent[] {
  const eventAtMs = wire.wireInstant(event['E'], 'E');
  const markPrice = wire.wirePrice(event['p'], 'p');
  const fundingRate = wire.wireFundingRate(event['r'], 'r');
  const fundingAtMs = wire.wireInstant(event['T'], 'T');
  return [
    { type: 'mark.updated', instrumentId, markPrice, eventAtMs },
    { type: 'funding.updated', instrumentId, fundingRate, fundingAtMs, eventAtMs },
  ];
}

export function readBinanceusdmDepth(raw: unknown, instrumentId: InstrumentId): BookSnapshot {
  const reply = wireReply(depthReply, raw, 'depth');
  return {
    type: 'book.snapshot',
    instrumentId,
    sequence: wire.wireSequence(reply.lastUpdateId, 'lastUpdateId'),
    bids: wireLevels(reply.bids, 'bids'),
    asks: wireLevels(reply.asks, 'asks'),
    eventAtMs: wire.wireInstant(reply.E, 'E'),
  };
}

export const readBinanceusdmTime = (raw: unknown): Ms =>
  wire.wireInstant(wireReply(timeReply, raw, 'time').serverTime, 'serverTime');

export function readBinanceusdmListing(
  replies: { readonly exchangeInfo: unknown; readonly fundingInfo: unknown },
  wanted: WantedSymbols,
): Listing {
  const { symbols } = wireReply(exchangeInfoReply, replies.exchangeInfo, 'exchangeInfo');
  const listed = readEach(symbols, (raw) =>
    readInstrument(wireReply(exchangeSymbol, raw, 'exchangeInfo.symbol'), wanted),
  );
  const adjusted = wireReply(fundingInfoReply, replies.fundingInfo, 'fundingInfo');
  const hours = new Map(adjusted.map((entry) => [entry.symbol, entry.fundingIntervalHours]));
  const intervals = readEach(listed.results, ({ instrumentId, venueSymbol }) => ({
    instrumentId,
    fundingIntervalMs: wire.wireHours(
      hours.get(venueSymbol) ?? FUNDING_HOURS_DEFAULT,
      `${venueSymbol}.fundingIntervalHours`,
    ),
  }));
  return {
    instruments: listed.results,
    fundingIntervals: intervals.results,
    refusals: [...listed.refusals, ...intervals.refusals],
  };
}

function readInstrument(entry: ExchangeSymbol, wanted: WantedSymbols): Instrument | undefined {
  const symbol = `${entry.baseAsset}/${entry.quoteAsset}:${entry.marginAsset}`;
  if (entry.contractType !== 'PERPETUAL' || !wanted.has(symbol)) return undefined;
  const filter = (type: string) => entry.filters.find(({ filterType }) => filterType === type);
  const field = (name: string) => `${entry.symbol}.${name}`;
  const lot = filter('LOT_SIZE');
  return {
    instrumentId: toInstrumentId(BINANCEUSDM, symbol),
    venueId: BINANCEUSDM,
    venueSymbol: entry.symbol,
    kind: 'perpetual',
    base: entry.baseAsset,
    quote: entry.quoteAsset,
    tickSize: toPrice(wire.wireStep(filter('PRICE_FILTER')?.tickSize, field('tickSize'))),
    contractSize: toQty('1'),
    qtyStep: toQty(wire.wireStep(lot?.stepSize, field('stepSize'))),
    qtyMin: toQty(wire.wireStep(lot?.minQty, field('minQty'))),
    qtyMax: toQty(wire.wireStep(lot?.maxQty, field('maxQty'))),
    notionalUsdMin: toUsd(wire.wireStep(filter('MIN_NOTIONAL')?.notional, field('notional'))),
    takerFeeRate: TAKER_FEE_RATE,
    makerFeeRate: MAKER_FEE_RATE,
    isTrading: entry.status === 'TRADING',
  };
}
