// What Binance spot says, in our words: pure functions from frames and replies to market events and
// instruments. It has no feed yet; recordings and tests read through it.
import type {
  BookSnapshot,
  Instrument,
  InstrumentId,
  MarketEvent,
  Ms,
} from '../../domain/index.ts';
import * as domain from '../../domain/index.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, reading } from '../frame-reading.ts';
import type { Listing, WantedSymbols } from '../listing.ts';
import { readEach } from '../listing.ts';
import type { WireRecord } from '../wire-schema.ts';
import { isRecord, parseWire, wireLevels, wireRecord, wireReply } from '../wire-schema.ts';
import * as wire from '../wire-value.ts';
import type { SpotSymbol } from './binance-schema.ts';
import { depthReply, exchangeInfoReply, spotSymbol } from './binance-schema.ts';

export const BINANCE = domain.toVenueId('binance');
/** https://www.binance.com/en/fee/schedule, regular user without discounts. */
const FEE_RATE = domain.toRate('0.001');
/** Quotes in which a smallest notional counts as dollars. */
const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD']);

export function readBinanceFrame(text: string, symbols: SymbolTable): FrameReading {
  return reading(BINANCE, undefined, () => {
    const frame = wireRecord(parseWire(text), 'frame');
    const event = isRecord(frame['data']) ? frame['data'] : frame;
    if (event['e'] !== 'depthUpdate') return 'result' in frame ? ACK : IGNORED;
    const instrumentId = symbols.get(String(event['s']));
    if (instrumentId === undefined) return IGNORED;
    return reading(BINANCE, instrumentId, () => ({
      type: 'events',
      events: [readDepth(event, instrumentId)],
    }));
  });
}

const readDepth = (event: WireRecord, instrumentId: InstrumentId): MarketEvent => ({
  type: 'book.delta',
  instrumentId,
  firstSequence: wire.wireSequence(event['U'], 'U'),
  sequence: wire.wireSequence(event['u'], 'u'),
  bids: wireLevels(event['b'], 'b'),
  asks: wireLevels(event['a'], 'a'),
  eventAtMs: wire.wireInstant(event['E'], 'E'),
});

/** The reply has no time of its own; the instant of asking is the oldest that it can be. */
export function readBinanceDepth(
  raw: unknown,
  { instrumentId, askedAtMs }: { readonly instrumentId: InstrumentId; readonly askedAtMs: Ms },
): BookSnapshot {
  const reply = wireReply(depthReply, raw, 'depth');
  return {
    type: 'book.snapshot',
    instrumentId,
    sequence: wire.wireSequence(reply.lastUpdateId, 'lastUpdateId'),
    bids: wireLevels(reply.bids, 'bids'),
    asks: wireLevels(reply.asks, 'asks'),
    eventAtMs: askedAtMs,
  };
}

/** Wanted symbols are unified spot names: `BTC/USDT`. */
export function readBinanceListing(raw: unknown, wanted: WantedSymbols): Listing {
  const { symbols } = wireReply(exchangeInfoReply, raw, 'exchangeInfo');
  const { results, refusals } = readEach(symbols, (entry) =>
    readInstrument(wireReply(spotSymbol, entry, 'exchangeInfo.symbol'), wanted),
  );
  return { instruments: results, fundingIntervals: [], refusals };
}

function readInstrument(entry: SpotSymbol, wanted: WantedSymbols): Instrument | undefined {
  const symbol = `${entry.baseAsset}/${entry.quoteAsset}`;
  if (!wanted.has(symbol)) return undefined;
  const filter = (...types: readonly string[]) =>
    entry.filters.find(({ filterType }) => types.includes(filterType));
  const field = (name: string) => `${entry.symbol}.${name}`;
  const lot = filter('LOT_SIZE');
  const least = filter('NOTIONAL', 'MIN_NOTIONAL')?.minNotional;
  return {
    instrumentId: domain.toInstrumentId(BINANCE, symbol),
    venueId: BINANCE,
    venueSymbol: entry.symbol,
    kind: 'spot',
    base: entry.baseAsset,
    quote: entry.quoteAsset,
    tickSize: domain.toPrice(wire.wireStep(filter('PRICE_FILTER')?.tickSize, field('tickSize'))),
    contractSize: domain.toQty('1'),
    qtyStep: domain.toQty(wire.wireStep(lot?.stepSize, field('stepSize'))),
    qtyMin: domain.toQty(wire.wireStep(lot?.minQty, field('minQty'))),
    qtyMax: domain.toQty(wire.wireStep(lot?.maxQty, field('maxQty'))),
    // In the quote currency: for others than dollars the notional is not limited here.
    notionalUsdMin: DOLLARS.has(entry.quoteAsset)
      ? domain.toUsd(wire.wireStep(least, field('minNotional')))
      : domain.ZERO_USD,
    takerFeeRate: FEE_RATE,
    makerFeeRate: FEE_RATE,
    isTrading: entry.status === 'TRADING',
  };
}
