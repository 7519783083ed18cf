// What Bybit v5 linear says, in our words: pure functions from frames and replies to market
// events and instruments. Sizes are base units here; reads public data only.
import type { Instrument, InstrumentId, MarketEvent, Ms } from '../../domain/index.ts';
import { toInstrumentId, toPrice, toQty, toRate, toUsd, toVenueId } from '../../domain/index.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, PONG, reading } from '../frame-reading.ts';
import type { Listing, WantedSymbols } from '../listing.ts';
import { readEach } from '../listing.ts';
import type { WireRecord } from '../wire-schema.ts';
import { parseWire, wireLevels, wireRecord, wireReply } from '../wire-schema.ts';
import * as wire from '../wire-value.ts';
import type { LinearInstrument } from './bybit-schema.ts';
import { instrumentsReply, linearInstrument, timeReply } from './bybit-schema.ts';

export const BYBIT_VENUE = toVenueId('bybit');
/** https://www.bybit.com/en/help-center/article/Trading-Fee-Structure, non-VIP. */
const TAKER_FEE_RATE = toRate('0.00055');
const MAKER_FEE_RATE = toRate('0.0002');
const MINUTE_MS = 60_000;

export function readBybitFrame(text: string, symbols: SymbolTable): FrameReading {
  return reading(BYBIT_VENUE, undefined, () => {
    const frame = wireRecord(parseWire(text), 'frame');
    const { topic } = frame;
    if (typeof topic !== 'string') return readAnswer(frame);
    const instrumentId = symbols.get(topic.slice(topic.lastIndexOf('.') + 1));
    if (instrumentId === undefined) return IGNORED;
    return reading(BYBIT_VENUE, instrumentId, () => {
      if (topic.startsWith('orderbook.')) {
        return { type: 'events', events: [readBook(frame, instrumentId)] };
      }
      if (topic.startsWith('tickers.')) {
        return { type: 'events', events: readTicker(frame, instrumentId) };
      }
      return IGNORED;
    });
  });
}

/** The linear stream answers a ping with `op: "ping"` and `ret_msg: "pong"`. */
function readAnswer(frame: WireRecord): FrameReading {
  if (frame['op'] === 'pong' || frame['ret_msg'] === 'pong') return PONG;
  if (frame['success'] === false) {
    return { type: 'rejected', cause: `bybit: ${String(frame['ret_msg'])}` };
  }
  return frame['success'] === true ? ACK : IGNORED;
}

/** A service restart sends a snapshot with `u` 1; like every snapshot it overwrites. */
function readBook(frame: WireRecord, instrumentId: InstrumentId): MarketEvent {
  const data = wireRecord(frame['data'], 'data');
  const sequence = wire.wireSequence(data['u'], 'u');
  const bids = wireLevels(data['b'], 'b');
  const asks = wireLevels(data['a'], 'a');
  // `cts` is when the matching engine produced the data, `ts` when the system sent it.
  const eventAtMs = wire.wireInstant(frame['cts'] ?? frame['ts'], 'cts');
  switch (frame['type']) {
    case 'snapshot':
      return { type: 'book.snapshot', instrumentId, sequence, bids, asks, eventAtMs };
    case 'delta':
      return {
        type: 'book.delta',
        instrumentId,
        firstSequence: sequence,
        sequence,
        bids,
        asks,
        eventAtMs,
      };
    default:
      throw new wire.WireRefusal('type', frame['type'], 'snapshot or delta');
  }
}

/** A delta carries only what changed. */
function readTicker(frame: WireRecord, instrumentId: InstrumentId): readonly MarketEvent[] {
  const data = wireRecord(frame['data'], 'data');
  const eventAtMs = wire.wireInstant(frame['ts'], 'ts');
  const events: MarketEvent[] = [];
  const { markPrice, fundingRate, nextFundingTime, fundingIntervalHour } = data;
  if (markPrice !== undefined) {
    const price = wire.wirePrice(markPrice, 'markPrice');
    events.push({ type: 'mark.updated', instrumentId, markPrice: price, eventAtMs });
  }
  const funding = {
    ...(fundingRate !== undefined && {
      fundingRate: wire.wireFundingRate(fundingRate, 'fundingRate'),
    }),
    ...(nextFundingTime !== undefined && {
      fundingAtMs: wire.wireInstant(nextFundingTime, 'nextFundingTime'),
    }),
    ...(fundingIntervalHour !== undefined && {
      fundingIntervalMs: wire.wireHours(fundingIntervalHour, 'fundingIntervalHour'),
    }),
  };
  if (Object.keys(funding).length > 0) {
    events.push({ type: 'funding.updated', instrumentId, ...funding, eventAtMs });
  }
  return events;
}

export const readBybitTime = (raw: unknown): Ms =>
  wire.wireInstant(wireReply(timeReply, raw, 'time').time, 'time');

/** One page of instruments, and the cursor of the next where there is one. */
export function readBybitPage(raw: unknown): {
  readonly entries: readonly unknown[];
  readonly nextCursor: string | undefined;
} {
  const { result } = wireReply(instrumentsReply, raw, 'instruments-info');
  const cursor = result.nextPageCursor ?? '';
  return { entries: result.list, nextCursor: cursor === '' ? undefined : cursor };
}

export function readBybitListing(entries: readonly unknown[], wanted: WantedSymbols): Listing {
  const listed = readEach(entries, (raw) => {
    const entry = wireReply(linearInstrument, raw, 'instruments-info.list');
    const instrument = readInstrument(entry, wanted);
    return instrument && { entry, instrument };
  });
  const intervals = readEach(listed.results, ({ entry, instrument }) => ({
    instrumentId: instrument.instrumentId,
    fundingIntervalMs: wire.wireFundingInterval(
      entry.fundingInterval * MINUTE_MS,
      `${entry.symbol}.fundingInterval`,
    ),
  }));
  return {
    instruments: listed.results.map(({ instrument }) => instrument),
    fundingIntervals: intervals.results,
    refusals: [...listed.refusals, ...intervals.refusals],
  };
}

function readInstrument(entry: LinearInstrument, wanted: WantedSymbols): Instrument | undefined {
  const symbol = `${entry.baseCoin}/${entry.quoteCoin}:${entry.settleCoin}`;
  if (entry.contractType !== 'LinearPerpetual' || !wanted.has(symbol)) return undefined;
  const field = (name: string) => `${entry.symbol}.${name}`;
  const lot = entry.lotSizeFilter;
  return {
    instrumentId: toInstrumentId(BYBIT_VENUE, symbol),
    venueId: BYBIT_VENUE,
    venueSymbol: entry.symbol,
    kind: 'perpetual',
    base: entry.baseCoin,
    quote: entry.quoteCoin,
    tickSize: toPrice(wire.wireStep(entry.priceFilter.tickSize, field('tickSize'))),
    contractSize: toQty('1'),
    qtyStep: toQty(wire.wireStep(lot.qtyStep, field('qtyStep'))),
    qtyMin: toQty(wire.wireStep(lot.minOrderQty, field('minOrderQty'))),
    qtyMax: toQty(wire.wireStep(lot.maxOrderQty, field('maxOrderQty'))),
    notionalUsdMin: toUsd(wire.wireStep(lot.minNotionalValue, field('minNotionalValue'))),
    takerFeeRate: TAKER_FEE_RATE,
    makerFeeRate: MAKER_FEE_RATE,
    isTrading: entry.status === 'Trading',
  };
}
