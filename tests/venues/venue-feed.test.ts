// The feeds against a venue on loopback that drops, freezes and talks nonsense on command.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { MarketEvent } from '../../src/domain/index.ts';
import { toInstrumentId, toVenueId } from '../../src/domain/index.ts';
import type { Feed } from '../../src/ports/index.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import type { ResponseLike } from './loopback-venue.ts';
import { LoopbackVenue, QuickClock, RecordingSink } from './loopback-venue.ts';

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
const examples = JSON.parse(
  readFileSync(new URL('./listing-examples.json', import.meta.url), 'utf8'),
) as { readonly okx: unknown };

let venue: LoopbackVenue;
let sink: RecordingSink;
let feed: Feed;

beforeEach(async () => {
  venue = await new LoopbackVenue().open();
  sink = new RecordingSink();
});
afterEach(async () => {
  await feed.stop();
  await venue.close();
});

const options = (speed = 1) => ({
  restUrl: venue.restUrl,
  wsUrl: venue.wsUrl,
  symbols: SYMBOLS,
  clock: new QuickClock(speed),
});

function startOkx(speed = 1): void {
  venue.answers.set('/api/v5/public/time', { code: '0', data: [{ ts: String(Date.now()) }] });
  venue.answers.set('/api/v5/public/instruments', examples.okx);
  feed = okxFeed(options(speed));
  feed.start(sink);
}

const okxBook = (action: 'snapshot' | 'update', seqId: number, instId = 'BTC-USDT-SWAP') =>
  JSON.stringify({
    arg: { channel: 'books', instId },
    action,
    data: [
      {
        asks: [['60001', '5', '0', '1']],
        bids: [['60000', '7', '0', '1']],
        ts: String(Date.now()),
        checksum: 0,
        prevSeqId: action === 'snapshot' ? -1 : seqId - 1,
        seqId,
      },
    ],
  });

const books = (): readonly MarketEvent[] =>
  sink.events.filter(({ type }) => type === 'book.snapshot' || type === 'book.delta');

describe('a feed', () => {
  test('lists its instruments before anything else and says how far the clock is', async () => {
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 1);
    expect(sink.events.map(({ type }) => type)).toEqual(['instrument.listed', 'instrument.listed']);
    expect(sink.notices[0]).toMatchObject({ type: 'feed.clock', venueId: 'okx' });
    await sink.until(() => venue.heard.length > 0);
    expect(JSON.parse(venue.heard[0] ?? '')).toMatchObject({
      op: 'subscribe',
      args: [
        { channel: 'books', instId: 'ETH-USDT-SWAP' },
        { channel: 'mark-price' },
        { channel: 'funding-rate' },
        { channel: 'books', instId: 'BTC-USDT-SWAP' },
        {},
        {},
      ],
    });
  });

  test('waits for a venue that is away and connects once it is there', async () => {
    venue.answers.set('/api/v5/public/instruments', (_request: unknown, response: ResponseLike) => {
      response.statusCode = 502;
      response.end('<html>bad gateway</html>');
    });
    feed = okxFeed(options(20));
    feed.start(sink);
    await sink.until(() => sink.count('feed.disconnected') >= 2);
    expect(sink.causes('feed.refused')[0]).toContain(
      '/api/v5/public/instruments?instType=SWAP answered 502',
    );
    venue.answers.set('/api/v5/public/instruments', examples.okx);
    await sink.until(() => sink.count('feed.connected') === 1);
  });

  test('reports wanted symbols that the venue does not list and goes on with the rest', async () => {
    venue.answers.set('/api/v5/public/instruments', examples.okx);
    feed = okxFeed({ ...options(), symbols: [...SYMBOLS, 'NIL/USDT:USDT'] });
    feed.start(sink);
    await sink.until(() => sink.count('feed.connected') === 1);
    expect(sink.causes('feed.refused')).toContain('NIL/USDT:USDT is not listed');
  });

  test('comes back after a cut and ignores what the old connection still delivers', async () => {
    const old: WebSocket[] = [];
    venue.onConnection = (socket) => void old.push(socket);
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 1);
    // Nothing that this socket says after the cut may be heard: it is read after the feed let go
    // of it.
    old[0]?.send('not json at all');
    old[0]?.send(okxBook('snapshot', 666));
    await sink.until(() => sink.count('feed.connected') === 2);
    old[1]?.send(okxBook('snapshot', 7));
    await sink.until(() => books().length > 0);
    expect(books()).toMatchObject([{ type: 'book.snapshot', sequence: 7 }]);
    expect(sink.causes('feed.disconnected')).toEqual([
      'a frame could not be read: okx: frame must be JSON, found "not json at all"',
    ]);
  });

  test('gives a silent connection up, though it never closed', async () => {
    startOkx(50);
    await sink.until(() => sink.count('feed.connected') === 2);
    expect(sink.causes('feed.disconnected')[0]).toMatch(/^no frame for \d+ ms, limit 5000 ms$/);
    expect(venue.heard.filter((text) => text === 'ping').length).toBeGreaterThan(0);
  });

  test('gives a connection up that answers pings and sends no data', async () => {
    venue.onMessage = (socket, text) => {
      if (text === 'ping') socket.send('pong');
    };
    startOkx(50);
    await sink.until(() => sink.count('feed.connected') === 2);
    expect(sink.causes('feed.disconnected')[0]).toMatch(/^no data for \d+ ms, limit 30000 ms$/);
  });

  test('resets a connection that sends a binary frame', async () => {
    venue.onConnection = (socket) => {
      if (venue.connectionCount === 1) socket.send(Buffer.from([1, 2, 3]), { binary: true });
    };
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 2);
    expect(sink.causes('feed.disconnected')[0]).toBe('a binary frame came where text was expected');
  });

  test('resets a connection that sends a frame beyond the limit', async () => {
    venue.onConnection = (socket) => {
      if (venue.connectionCount === 1) socket.send('x'.repeat(5 * 1024 * 1024));
    };
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 2);
    expect(sink.causes('feed.disconnected')[0]).toContain('Max payload size exceeded');
  });

  test('resynchronises only the stream whose frame could not be read', async () => {
    const broken = okxBook('update', 8).replace('"60000"', '"6e4"');
    venue.onConnection = (socket) => {
      socket.send(okxBook('snapshot', 7));
      socket.send(broken);
      socket.send(okxBook('snapshot', 3, 'ETH-USDT-SWAP'));
    };
    startOkx();
    const again = '"op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT-SWAP"}]';
    await sink.until(() => venue.heard.some((text) => text.includes(again)));
    expect(sink.notices).toContainEqual({
      type: 'feed.refused',
      venueId: 'okx',
      instrumentId: 'okx:BTC/USDT:USDT',
      cause: 'okx: bids must be a plain decimal above zero, found "6e4"',
    });
    expect(books().map(({ type }) => type)).toEqual(['book.snapshot', 'book.snapshot']);
    expect(sink.count('feed.disconnected')).toBe(0);
  });

  test('asks less and less often for a book that keeps failing', async () => {
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 1);
    const id = toInstrumentId(toVenueId('okx'), 'BTC/USDT:USDT');
    const asked = () => venue.heard.filter((text) => text.includes('"unsubscribe"')).length;
    const startedAtMs = Date.now();
    for (let round = 1; round <= 3; round += 1) {
      feed.resync(id);
      feed.resync(id);
      await sink.until(() => asked() === round);
    }
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(700);
  });

  test('refuses to resynchronise what it does not carry', async () => {
    startOkx();
    await sink.until(() => sink.count('feed.connected') === 1);
    const id = toInstrumentId(toVenueId('okx'), 'NIL/USDT:USDT');
    expect(() => feed.resync(id)).toThrow('no stream of this feed carries okx:NIL/USDT:USDT');
  });

  test('stops in the middle of an answer that never ends', async () => {
    venue.answers.set('/api/v5/public/instruments', (_request: unknown, response: ResponseLike) => {
      response.write('{"code":');
    });
    feed = okxFeed(options());
    feed.start(sink);
    await sink.until(() => venue.requests.some((path) => path.includes('instruments')));
    await feed.stop();
    expect(venue.sockets).toEqual([]);
  });
});
