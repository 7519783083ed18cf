// What OKX v5 says about swaps, in our words: pure functions from frames and replies to market
// events and instruments. Book sizes stay in contracts; steps and limits of an instrument are
// turned into base units.
import type { Instrument, InstrumentId, MarketEvent, Ms } from '../../domain/index.ts';
import * as domain from '../../domain/index.ts';
import type { DigitUpdate } from '../../market/checksum.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, PONG, reading } from '../frame-reading.ts';
import type { Listing, WantedSymbols } from '../listing.ts';
import { readEach } from '../listing.ts';
import type { WireRecord } from '../wire-schema.ts';
import * as shape from '../wire-schema.ts';
import * as wire from '../wire-value.ts';
import type { SwapInstrument } from './okx-schema.ts';
import { listReply, swapInstrument, timeReply } from './okx-schema.ts';

export const OKX_VENUE = domain.toVenueId('okx');
/** https://www.okx.com/fees, regular user; lower or higher by region. */
const TAKER_FEE_RATE = domain.toRate('0.0005');
const MAKER_FEE_RATE = domain.toRate('0.0002');

export function readOkxFrame(text: string, symbols: SymbolTable): FrameReading {
  if (text === 'pong') return PONG;
  return reading(OKX_VENUE, undefined, () => {
    const frame = shape.wireRecord(shape.parseWire(text), 'frame');
    const { event, arg } = frame;
    if (event === 'error') return { type: 'rejected', cause: `okx: ${String(frame['msg'])}` };
    if (event !== undefined) return ACK;
    const { channel, instId } = shape.wireRecord(arg, 'arg');
    const instrumentId = symbols.get(String(instId));
    if (instrumentId === undefined) return IGNORED;
    return reading(OKX_VENUE, instrumentId, () => readPush(frame, channel, instrumentId));
  });
}

function readPush(frame: WireRecord, channel: unknown, instrumentId: InstrumentId): FrameReading {
  const entries = shape
    .wireList(frame['data'], 'data')
    .map((entry) => shape.wireRecord(entry, 'data'));
  switch (channel) {
    case 'books':
      return readBooks(frame['action'], entries, instrumentId);
    case 'mark-price':
      return { type: 'events', events: entries.map((entry) => readMark(entry, instrumentId)) };
    case 'funding-rate':
      return { type: 'events', events: entries.map((entry) => readFunding(entry, instrumentId)) };
    default:
      return IGNORED;
  }
}

/** The venue sends one entry per frame; more could not be held against one checksum. */
function readBooks(
  action: unknown,
  entries: readonly WireRecord[],
  instrumentId: InstrumentId,
): FrameReading {
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw new wire.WireRefusal('data', entries.length, 'one book');
  }
  const event = readBook(action, entry, instrumentId);
  const digits = readDigits(event.type === 'book.snapshot', entry, instrumentId);
  return { type: 'events', events: [event], ...(digits !== undefined && { digits }) };
}

function readBook(action: unknown, entry: WireRecord, instrumentId: InstrumentId): MarketEvent {
  const eventAtMs = wire.wireInstant(entry['ts'], 'ts');
  const bids = shape.wireLevels(entry['bids'], 'bids');
  const asks = shape.wireLevels(entry['asks'], 'asks');
  // Frames of 2022 and before have no ids; nothing can follow them but a checksum.
  const { seqId, prevSeqId } = entry;
  const sequence = seqId === undefined ? eventAtMs : wire.wireSequence(seqId, 'seqId');
  if (action === 'snapshot') {
    return { type: 'book.snapshot', instrumentId, sequence, bids, asks, eventAtMs };
  }
  if (action !== 'update') throw new wire.WireRefusal('action', action, 'snapshot or update');
  return {
    type: 'book.delta',
    instrumentId,
    firstSequence: sequence,
    sequence,
    ...(prevSeqId !== undefined && {
      previousSequence: wire.wireSequence(prevSeqId, 'prevSeqId'),
    }),
    bids,
    asks,
    eventAtMs,
  };
}

/** Since 2026 the venue sends 0, which means that there is none. */
function readDigits(
  isSnapshot: boolean,
  entry: WireRecord,
  instrumentId: InstrumentId,
): DigitUpdate | undefined {
  const { checksum } = entry;
  if (checksum === undefined || checksum === 0) return undefined;
  if (typeof checksum !== 'number' || !Number.isInteger(checksum)) {
    throw new wire.WireRefusal('checksum', checksum, 'an integer');
  }
  const bids = shape.wireDigits(entry['bids'], 'bids');
  const asks = shape.wireDigits(entry['asks'], 'asks');
  return { instrumentId, isSnapshot, bids, asks, checksum };
}

const readMark = (entry: WireRecord, instrumentId: InstrumentId): MarketEvent => ({
  type: 'mark.updated',
  instrumentId,
  markPrice: wire.wirePrice(entry['markPx'], 'markPx'),
  eventAtMs: wire.wireInstant(entry['ts'], 'ts'),
});

/** The rate is settled at `fundingTime`; the interval is the time to the settlement after it. */
function readFunding(entry: WireRecord, instrumentId: InstrumentId): MarketEvent {
  const fundingAtMs = wire.wireInstant(entry['fundingTime'], 'fundingTime');
  const afterAtMs = wire.wireInstant(entry['nextFundingTime'], 'nextFundingTime');
  return {
    type: 'funding.updated',
    instrumentId,
    fundingRate: wire.wireFundingRate(entry['fundingRate'], 'fundingRate'),
    fundingAtMs,
    fundingIntervalMs: wire.wireFundingInterval(
      afterAtMs - fundingAtMs,
      'nextFundingTime - fundingTime',
    ),
    eventAtMs: wire.wireInstant(entry['ts'], 'ts'),
  };
}

export const readOkxTime = (raw: unknown): Ms =>
  wire.wireInstant(shape.wireReply(timeReply, raw, 'time').data[0].ts, 'ts');

/** The stream alone tells the interval, with the two settlements that it lies between. */
export function readOkxListing(raw: unknown, wanted: WantedSymbols): Listing {
  const { data } = shape.wireReply(listReply, raw, 'instruments');
  const { results, refusals } = readEach(data, (entry) =>
    readInstrument(shape.wireReply(swapInstrument, entry, 'instruments.data'), wanted),
  );
  return { instruments: results, fundingIntervals: [], refusals };
}

function readInstrument(entry: SwapInstrument, wanted: WantedSymbols): Instrument | undefined {
  const [base = '', quote = ''] = entry.uly.split('-');
  const symbol = `${base}/${quote}:${entry.settleCcy}`;
  if (entry.ctType !== 'linear' || !wanted.has(symbol)) return undefined;
  const field = (name: string) => `${entry.instId}.${name}`;
  const step = (name: 'ctVal' | 'ctMult' | 'lotSz' | 'minSz' | 'maxLmtSz') =>
    domain.toQty(wire.wireStep(entry[name], field(name)));
  const contractSize = domain.times(step('ctVal'), step('ctMult'));
  return {
    instrumentId: domain.toInstrumentId(OKX_VENUE, symbol),
    venueId: OKX_VENUE,
    venueSymbol: entry.instId,
    kind: 'perpetual',
    base,
    quote,
    tickSize: domain.toPrice(wire.wireStep(entry.tickSz, field('tickSz'))),
    contractSize,
    qtyStep: domain.times(step('lotSz'), contractSize),
    qtyMin: domain.times(step('minSz'), contractSize),
    qtyMax: domain.times(step('maxLmtSz'), contractSize),
    // The smallest order is one lot: the venue names no smallest value.
    notionalUsdMin: domain.ZERO_USD,
    takerFeeRate: TAKER_FEE_RATE,
    makerFeeRate: MAKER_FEE_RATE,
    isTrading: entry.state === 'live',
  };
}
