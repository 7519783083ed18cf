// Recorded sessions run through the mappers and books and end in the books that an independent
// implementation found.
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { InstrumentId, MarketEvent, Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { BookChecksum } from '../../src/market/checksum.ts';
import { ChecksumGuard, krakenChecksum, okxChecksum } from '../../src/market/checksum.ts';
import { CHECKSUM_ONLY } from '../../src/market/continuity.ts';
import { Market } from '../../src/market/market.ts';
import { readBinanceDepth, readBinanceFrame } from '../../src/venues/binance/binance-mapper.ts';
import {
  readBinanceusdmDepth,
  readBinanceusdmFrame,
} from '../../src/venues/binanceusdm/binanceusdm-mapper.ts';
import { readBybitFrame } from '../../src/venues/bybit/bybit-mapper.ts';
import type { FrameReading, SymbolTable } from '../../src/venues/frame-reading.ts';
import { readKrakenV1Frame } from '../../src/venues/kraken/kraken-v1-mapper.ts';
import { readOkxFrame } from '../../src/venues/okx/okx-mapper.ts';
import {
  digestOf,
  eventsOf,
  existing,
  firstInZip,
  goldenBooks,
  listed,
  receivedFrames,
  receivedReplies,
  sharedBytes,
  sharedText,
} from './recordings.ts';

type ReadFrame = (text: string, symbols: SymbolTable) => FrameReading;
type ReadDepth = (
  raw: unknown,
  instrumentId: InstrumentId,
  askedAtMs: Ms,
) => Extract<MarketEvent, { type: 'book.snapshot' }>;

const spotDepth: ReadDepth = (raw, instrumentId, askedAtMs) =>
  readBinanceDepth(raw, { instrumentId, askedAtMs });

describe('books from a snapshot by request and deltas by stream', () => {
  const sessions = [
    { start: 'cryptofeed/BINANCE (', name: 'BINANCE', venue: 'binance' },
    { start: 'cryptofeed/BINANCE_FUTURES', name: 'BINANCE_FUTURES', venue: 'binanceusdm' },
  ] as const;
  for (const { start, name, venue } of sessions) {
    const golden = goldenBooks(start);
    const read: ReadFrame = venue === 'binance' ? readBinanceFrame : readBinanceusdmFrame;
    const readDepth: ReadDepth = venue === 'binance' ? spotDepth : readBinanceusdmDepth;
    test.skipIf(golden === undefined)(`${venue}: first deltas wait for the snapshot`, () => {
      const books = existing(golden, start);
      const market = new Market();
      const symbols = listed(market, venue, Object.keys(books));
      const frames = [...receivedFrames(sharedText(`cryptofeed/${name}.ws.1.0`))];
      const replies = [...receivedReplies(sharedText(`cryptofeed/${name}.http.0.0`))];
      const steps = [
        ...frames.map(({ atMs, frame }) => ({
          atMs,
          events: () => eventsOf(read(frame, symbols)),
        })),
        ...replies.map(({ atMs, url, body }) => {
          const id = existing(symbols.get(url.searchParams.get('symbol') ?? ''), url.search);
          return { atMs, events: () => [readDepth(body, id, atMs)] };
        }),
      ].sort((left, right) => left.atMs - right.atMs);
      for (const { atMs, events } of steps) {
        for (const event of events()) {
          expect(market.apply(event, atMs).type).not.toBe('gap');
        }
      }
      for (const [symbol, { digest, applied, stale_dropped, lastU }] of Object.entries(books)) {
        const id = existing(symbols.get(symbol), symbol);
        const { book } = existing(market.get(id), id);
        expect({ symbol, digest: digestOf(book), lastU: book.sequence }).toEqual({
          symbol,
          digest,
          lastU,
        });
        expect(market.counts(id)).toMatchObject({
          appliedCount: applied,
          staleCount: stale_dropped,
          gapCount: 0,
        });
      }
    });
  }
});

describe('five minutes of one instrument', () => {
  const golden = goldenBooks('hftbacktest');
  const sessions = [
    { name: 'usdm_btcusdt_20240808', venue: 'binanceusdm' },
    { name: 'spot_btcusdt_20240808', venue: 'binance' },
  ] as const;
  for (const { name, venue } of sessions) {
    test.skipIf(golden === undefined)(`${venue}: no gap, and no data from the future`, () => {
      const expected = existing(existing(golden, 'hftbacktest')[name], name);
      const market = new Market();
      const symbols = listed(market, venue, ['BTCUSDT']);
      const id = existing(symbols.get('BTCUSDT'), 'BTCUSDT');
      const read: ReadFrame = venue === 'binance' ? readBinanceFrame : readBinanceusdmFrame;
      const readDepth: ReadDepth = venue === 'binance' ? spotDepth : readBinanceusdmDepth;
      let negativeAges = 0;
      for (const line of linesOf(gunzipSync(sharedBytes(`hftbacktest/${name}.gz`)))) {
        if (line.includes('@bookTicker') || line.includes('@trade')) continue;
        const space = line.indexOf(' ');
        const atMs = toMs(Math.trunc(Number(line.slice(0, space - 6))));
        const frame = line.slice(space + 1);
        const events = frame.startsWith('{"lastUpdateId"')
          ? [readDepth(JSON.parse(frame), id, atMs)]
          : eventsOf(read(frame, symbols));
        for (const event of events) {
          market.apply(event, atMs);
          if (existing(market.get(id), id).bookAtMs > atMs) negativeAges += 1;
        }
      }
      const { book } = existing(market.get(id), id);
      expect(digestOf(book)).toBe(expected.digest);
      expect(book.sequence).toBe(expected.lastU);
      expect(negativeAges).toBe(0);
      expect(market.counts(id)).toMatchObject({
        appliedCount: expected.applied,
        staleCount: expected.stale_dropped,
        gapCount: expected.gaps,
      });
    });
  }
});

describe('books with a checksum on every message', () => {
  const sessions = [
    {
      start: 'cryptofeed/OKX',
      file: 'OKX.ws.1.0.subset',
      venue: 'okx',
      read: readOkxFrame,
      checksum: okxChecksum,
      depthMax: 400,
      verified: 192,
    },
    {
      start: 'cryptofeed/KRAKEN',
      file: 'KRAKEN.ws.50.0.subset',
      venue: 'kraken',
      read: readKrakenV1Frame,
      checksum: krakenChecksum,
      depthMax: 1_000,
      verified: 1_019,
    },
  ] as const;
  for (const session of sessions) {
    const golden = goldenBooks(session.start);
    test.skipIf(golden === undefined)(`${session.venue}: all ${session.verified} agree`, () => {
      const books = existing(golden, session.start);
      const market = new Market({ rules: { [session.venue]: CHECKSUM_ONLY } });
      const symbols = listed(market, session.venue, Object.keys(books));
      const { verified, frames, updates } = replay(session, market, symbols);
      expect(verified).toBe(session.verified);
      for (const [symbol, expected] of Object.entries(books)) {
        const id = existing(symbols.get(symbol), symbol);
        const { book } = existing(market.get(id), id);
        expect({ symbol, digest: digestOf(book) }).toEqual({ symbol, digest: expected.digest });
        if (expected.frames !== undefined) expect(frames.get(id)).toBe(expected.frames);
        if (expected.updates !== undefined) expect(updates.get(id)).toBe(expected.updates);
      }
    });
  }
});

function replay(
  session: {
    readonly file: string;
    readonly read: ReadFrame;
    readonly checksum: BookChecksum;
    readonly depthMax: number;
  },
  market: Market,
  symbols: SymbolTable,
) {
  const guard = new ChecksumGuard(session.checksum, session.depthMax);
  const frames = new Map<InstrumentId, number>();
  const updates = new Map<InstrumentId, number>();
  let verified = 0;
  for (const { atMs, frame } of receivedFrames(sharedText(`cryptofeed/${session.file}`))) {
    const read = session.read(frame, symbols);
    for (const event of eventsOf(read)) expect(market.apply(event, atMs).type).toBe('applied');
    if (read.type !== 'events' || read.digits === undefined) continue;
    const { digits } = read;
    expect(guard.verify(digits)).toBeUndefined();
    if (digits.checksum !== undefined) verified += 1;
    frames.set(digits.instrumentId, (frames.get(digits.instrumentId) ?? 0) + 1);
    if (digits.isSnapshot) continue;
    updates.set(digits.instrumentId, (updates.get(digits.instrumentId) ?? 0) + 1);
  }
  return { verified, frames, updates };
}

describe('a book that starts with a snapshot on its own stream', () => {
  const golden = goldenBooks('nautilus/recordings/bybit');
  test.skipIf(golden === undefined)('bybit: every delta follows the one before', () => {
    const expected = existing(existing(golden, 'bybit')['XRPUSDT'], 'XRPUSDT');
    const market = new Market();
    const symbols = listed(market, 'bybit', ['XRPUSDT']);
    const id = existing(symbols.get('XRPUSDT'), 'XRPUSDT');
    const archive = sharedBytes('nautilus/recordings/bybit_xrpusdt-ob500.data.zip');
    for (const frame of firstInZip(archive).trim().split('\n')) {
      for (const event of eventsOf(readBybitFrame(frame, symbols))) {
        expect(
          market.apply(event, event.type === 'book.delta' ? event.eventAtMs : toMs(0)).type,
        ).toBe('applied');
      }
    }
    const { book } = existing(market.get(id), id);
    expect(digestOf(book)).toBe(expected.digest);
    expect(book.sequence).toBe(expected.lastU);
    expect(market.counts(id)).toMatchObject({ appliedCount: expected.deltas, staleCount: 0 });
  });
});

/** Line by line, because one string of the whole session is 28 MB. */
function* linesOf(bytes: Buffer): Generator<string> {
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}
