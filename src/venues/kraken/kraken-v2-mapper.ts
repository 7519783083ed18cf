// What Kraken's second WebSocket protocol says about books: JSON numbers, so the digits that the
// checksum needs are taken from the text before it is parsed, and the zeros that JSON drops are
// put back from the pair's precision. It has no feed yet.
import type { InstrumentId, MarketEvent } from '../../domain/index.ts';
import type { DigitLevel } from '../../market/digit-book.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, PONG, reading } from '../frame-reading.ts';
import { readEach } from '../listing.ts';
import type { WireRecord } from '../wire-schema.ts';
import { parseWire, wireLevels, wireList, wireRecord, wireReply } from '../wire-schema.ts';
import { wireInstant, WireRefusal } from '../wire-value.ts';
import { assetPair, assetPairsReply } from './kraken-schema.ts';

/** Decimals of a pair's prices and sizes, as its checksum is made. */
export interface KrakenPrecision {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}
export type PrecisionTable = ReadonlyMap<string, KrakenPrecision>;

const NUMBER_FIELDS = /"(price|qty)"\s*:\s*(-?[0-9][0-9.eE+-]*)/g;

export function readKrakenV2Frame(
  text: string,
  symbols: SymbolTable,
  precisions: PrecisionTable,
): FrameReading {
  return reading('kraken', undefined, () => {
    const frame = wireRecord(parseWire(text.replace(NUMBER_FIELDS, '"$1":"$2"')), 'frame');
    if (frame['method'] === 'pong') return PONG;
    if (frame['success'] === false) {
      return { type: 'rejected', cause: `kraken: ${String(frame['error'])}` };
    }
    if (frame['method'] !== undefined) return ACK;
    if (frame['channel'] !== 'book') return IGNORED;
    const data = wireRecord(wireList(frame['data'], 'data')[0], 'data');
    const pair = String(data['symbol']);
    const [instrumentId, precision] = [symbols.get(pair), precisions.get(pair)];
    if (instrumentId === undefined || precision === undefined) return IGNORED;
    return reading('kraken', instrumentId, () =>
      readBook(data, { instrumentId, precision, isSnapshot: frame['type'] === 'snapshot' }),
    );
  });
}

function readBook(
  data: WireRecord,
  of: {
    readonly instrumentId: InstrumentId;
    readonly precision: KrakenPrecision;
    readonly isSnapshot: boolean;
  },
): FrameReading {
  const { instrumentId, precision, isSnapshot } = of;
  const levels = (side: string): readonly DigitLevel[] =>
    wireList(data[side], side).map((level) => toDigits(wireRecord(level, side), precision));
  const [bidDigits, askDigits] = [levels('bids'), levels('asks')];
  const eventAtMs = wireInstant(Date.parse(String(data['timestamp'])), 'timestamp');
  const { checksum } = data;
  if (typeof checksum !== 'number') throw new WireRefusal('checksum', checksum, 'a number');
  const at = {
    instrumentId,
    sequence: eventAtMs,
    bids: wireLevels(bidDigits, 'bids'),
    asks: wireLevels(askDigits, 'asks'),
    eventAtMs,
  };
  const event: MarketEvent = isSnapshot
    ? { type: 'book.snapshot', ...at }
    : { type: 'book.delta', firstSequence: eventAtMs, ...at };
  const digits = { instrumentId, isSnapshot, bids: bidDigits, asks: askDigits, checksum };
  return { type: 'events', events: [event], digits };
}

const toDigits = (level: WireRecord, precision: KrakenPrecision): DigitLevel => [
  padded(level['price'], precision.priceDecimals, 'price'),
  padded(level['qty'], precision.sizeDecimals, 'qty'),
];

function padded(raw: unknown, decimals: number, field: string): string {
  if (typeof raw !== 'string' || !/^\d+(\.\d+)?$/.test(raw)) {
    throw new WireRefusal(field, raw, 'a plain number');
  }
  const [whole = '', fraction = ''] = raw.split('.');
  const zeros = fraction.slice(decimals);
  if (/[^0]/.test(zeros)) throw new WireRefusal(field, raw, `at most ${decimals} decimals`);
  const kept = fraction.padEnd(decimals, '0').slice(0, decimals);
  return decimals === 0 ? whole : `${whole}.${kept}`;
}

/** The precision of every pair by its `wsname`, and why others could not be read. */
export function readKrakenPrecisions(raw: unknown): {
  readonly precisions: PrecisionTable;
  readonly refusals: readonly string[];
} {
  const { result } = wireReply(assetPairsReply, raw, 'AssetPairs');
  const { results, refusals } = readEach(Object.values(result), (entry) => {
    const pair = wireReply(assetPair, entry, 'AssetPairs.result');
    const digits = { priceDecimals: pair.pair_decimals, sizeDecimals: pair.lot_decimals };
    return [pair.wsname, digits] as const;
  });
  return { precisions: new Map(results), refusals };
}
