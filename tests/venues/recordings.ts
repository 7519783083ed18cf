// Reads the recorded sessions and holds books against the reference results computed beside them.
// Only tests use it; nothing of the recordings is kept in the project.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Instrument, InstrumentId, MarketEvent, Ms } from '../../src/domain/index.ts';
import {
  toDecimal,
  toInstrumentId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toVenueId,
  ZERO_USD,
} from '../../src/domain/index.ts';
import type { Market } from '../../src/market/market.ts';
import type { BookView } from '../../src/market/view.ts';
import type { FrameReading } from '../../src/venues/frame-reading.ts';
import { sharedData } from '../shared-data.ts';

interface GoldenBook {
  readonly digest: string;
  readonly bid: readonly [string, string];
  readonly ask: readonly [string, string];
  readonly applied?: number;
  readonly stale_dropped?: number;
  readonly gaps?: number;
  readonly lastU?: number;
  readonly frames?: number;
  readonly updates?: number;
  readonly deltas?: number;
}
export type GoldenBooks = Readonly<Record<string, GoldenBook>>;

/** The reference results whose name starts so, or undefined where the data is absent. */
export function goldenBooks(start: string): GoldenBooks | undefined {
  const path = sharedData('GOLDEN.json');
  if (path === undefined) return undefined;
  const golden = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly orderbooks: Readonly<Record<string, GoldenBooks>>;
  };
  const found = Object.entries(golden.orderbooks).find(([name]) => name.startsWith(start));
  if (found === undefined) throw new Error(`no reference result starts with '${start}'`);
  return found[1];
}

export function sharedText(name: string): string {
  return sharedBytes(name).toString('utf8');
}

export function sharedBytes(name: string): Buffer {
  const path = sharedData(name);
  if (path === undefined) throw new Error(`recorded data '${name}' is absent`);
  return readFileSync(path);
}

/** Top ten of each side, best first, as the reference implementation wrote them. */
export function digestOf(book: BookView): string {
  const side = (view: BookView['bids']) =>
    Array.from({ length: Math.min(10, view.count) }, (_, depth) => {
      const price = toDecimal(view.priceAt(depth));
      return `${price}:${toDecimal(view.sizeAt(depth))}`;
    }).join('|');
  const text = `${side(book.bids)}||${side(book.asks)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** `<seconds>: <frame>` lines; addresses and what we sent are left out. */
export function* receivedFrames(text: string): Generator<{ atMs: Ms; frame: string }> {
  for (const line of text.split('\n')) {
    const match = /^(\d{10}(?:\.\d+)?): (.*)$/.exec(line);
    if (match === null) continue;
    yield { atMs: toMs(Math.trunc(Number(match[1]) * 1_000)), frame: match[2] ?? '' };
  }
}

/** `<address> -> <seconds>: <body>` lines. */
export function* receivedReplies(text: string): Generator<{ url: URL; atMs: Ms; body: unknown }> {
  for (const line of text.split('\n')) {
    const match = /^(https:\S+) -> (\d{10}(?:\.\d+)?): (.*)$/.exec(line);
    if (match === null) continue;
    const atMs = toMs(Math.trunc(Number(match[2]) * 1_000));
    yield { url: new URL(match[1] ?? ''), atMs, body: JSON.parse(match[3] ?? '') as unknown };
  }
}

/** The first file of a zip archive, which is all that the recording has. */
export function firstInZip(archive: Buffer): string {
  if (archive.readUInt32LE(0) !== 0x04034b50) throw new Error('not a zip archive');
  const method = archive.readUInt16LE(8);
  const size = archive.readUInt32LE(18);
  const start = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  const body = archive.subarray(start, start + size);
  return (method === 0 ? body : inflateRawSync(body)).toString('utf8');
}

/** An instrument whose steps do not matter to its book. */
export function anyInstrument(venue: string, symbol: string): Instrument {
  const venueId = toVenueId(venue);
  const [base = symbol, quote = 'USDT'] = symbol.split('/');
  return {
    instrumentId: toInstrumentId(venueId, symbol),
    venueId,
    venueSymbol: symbol,
    kind: 'perpetual',
    base,
    quote,
    tickSize: toPrice('0.1'),
    contractSize: toQty('1'),
    qtyStep: toQty('1'),
    qtyMin: toQty('1'),
    qtyMax: toQty('1000000'),
    notionalUsdMin: ZERO_USD,
    takerFeeRate: toRate('0.0005'),
    makerFeeRate: toRate('0.0002'),
    isTrading: true,
  };
}

/** Lists the symbols in a market and says by which ids it knows them. */
export function listed(
  market: Market,
  venue: string,
  symbols: readonly string[],
): ReadonlyMap<string, InstrumentId> {
  return new Map(
    symbols.map((symbol) => {
      const instrument = anyInstrument(venue, symbol);
      market.apply({ type: 'instrument.listed', instrument }, toMs(0));
      return [symbol, instrument.instrumentId];
    }),
  );
}

export function eventsOf(read: FrameReading): readonly MarketEvent[] {
  if (read.type === 'refused') throw new Error(read.cause);
  return read.type === 'events' ? read.events : [];
}

export function existing<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is absent`);
  return value;
}
