// What is particular to a venue's connection: its paths, its words, and the road that its
// snapshots take.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { toInstrumentId, toMs, toVenueId } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import type { Feed } from '../../src/ports/index.ts';
import {
  BINANCEUSDM_REST_URL,
  BINANCEUSDM_WS_URL,
  binanceusdmFeed,
} from '../../src/venues/binanceusdm/binanceusdm-feed.ts';
import { BYBIT_REST_URL, BYBIT_WS_URL, bybitFeed } from '../../src/venues/bybit/bybit-feed.ts';
import { OKX_REST_URL, OKX_WS_URL } from '../../src/venues/okx/okx-feed.ts';
import type { ResponseLike } from './loopback-venue.ts';
import { LoopbackVenue, QuickClock, RecordingSink } from './loopback-venue.ts';

const examples = JSON.parse(
  readFileSync(new URL('./listing-examples.json', import.meta.url), 'utf8'),
) as { readonly binanceusdm: unknown; readonly bybit: unknown };

test('production addresses are encrypted and leave the path to the feed', () => {
  const origin = /^(https|wss):\/\/[a-z.]+(:\d+)?$/;
  for (const url of [BINANCEUSDM_REST_URL, BYBIT_REST_URL, OKX_REST_URL]) {
    expect(url).toMatch(origin);
    expect(new URL(url).protocol).toBe('https:');
  }
  for (const url of [BINANCEUSDM_WS_URL, BYBIT_WS_URL, OKX_WS_URL]) {
    expect(url).toMatch(origin);
    expect(new URL(url).protocol).toBe('wss:');
  }
});

let venue: LoopbackVenue;
let sink: RecordingSink;
let feed: Feed | undefined;

beforeEach(async () => {
  venue = await new LoopbackVenue().open();
  sink = new RecordingSink();
});
afterEach(async () => {
  await feed?.stop();
  await venue.close();
});

const options = () => ({
  restUrl: venue.restUrl,
  wsUrl: venue.wsUrl,
  symbols: ['BTC/USDT:USDT', 'ETH/USDT:USDT'],
  clock: new QuickClock(1),
});

describe('binanceusdm', () => {
  const depth = (sequence: number) =>
    JSON.stringify({
      stream: 'btcusdt@depth@100ms',
      data: {
        e: 'depthUpdate',
        E: Date.now(),
        T: Date.now(),
        s: 'BTCUSDT',
        U: sequence * 10,
        u: sequence * 10 + 9,
        pu: sequence * 10 - 1,
        b: [['60000.0', String(sequence)]],
        a: [['60001.0', '1']],
      },
    });

  test('needs both sockets and bridges its snapshot by request with waiting deltas', async () => {
    venue.answers.set('/fapi/v1/time', { serverTime: Date.now() });
    venue.answers.set('/fapi/v1/exchangeInfo', examples.binanceusdm);
    venue.answers.set('/fapi/v1/fundingInfo', [{ symbol: 'ETHUSDT', fundingIntervalHours: 4 }]);
    const bids = [['59999.0', '2']];
    const asks = [['60001.0', '3']];
    venue.answers.set('/fapi/v1/depth', { lastUpdateId: 25, E: Date.now(), bids, asks });
    const paths: string[] = [];
    venue.onConnection = (socket, path) => {
      paths.push(path);
      if (!path.startsWith('/public')) return;
      for (const sequence of [1, 2, 3]) socket.send(depth(sequence));
    };
    feed = binanceusdmFeed(options());
    const market = new Market();
    feed.start({
      market: (event, atMs) => {
        sink.market(event);
        market.apply(event, atMs);
      },
      notice: (notice) => sink.notice(notice),
    });
    await sink.until(() => sink.count('book.snapshot') === 1);
    expect(paths.sort()).toEqual([
      '/market/stream?streams=btcusdt@markPrice@1s/ethusdt@markPrice@1s',
      '/public/stream?streams=btcusdt@depth@100ms/ethusdt@depth@100ms',
    ]);
    const id = toInstrumentId(toVenueId('binanceusdm'), 'BTC/USDT:USDT');
    const view = market.get(id);
    expect(view?.book).toMatchObject({ sequence: 39, isSynced: true });
    expect(view?.book.bids.sizeAt(0)).toBe(3);
    expect(market.counts(id)).toMatchObject({ appliedCount: 2, staleCount: 1, gapCount: 0 });
    expect(venue.requests.filter((path) => path.startsWith('/fapi/v1/depth'))).toEqual([
      '/fapi/v1/depth?symbol=BTCUSDT&limit=1000',
    ]);
    const intervals = sink.events.flatMap((event) =>
      event.type === 'funding.updated' ? [event.fundingIntervalMs] : [],
    );
    expect(intervals).toEqual([toMs(8 * 3_600_000), toMs(4 * 3_600_000)]);
  });

  test('is lost as a whole when one of its sockets is', async () => {
    venue.answers.set('/fapi/v1/exchangeInfo', examples.binanceusdm);
    venue.answers.set('/fapi/v1/fundingInfo', []);
    let marketSocket: WebSocket | undefined;
    venue.onConnection = (socket, path) => {
      if (path.startsWith('/market')) marketSocket ??= socket;
    };
    feed = binanceusdmFeed(options());
    feed.start(sink);
    await sink.until(() => sink.count('feed.connected') === 1);
    marketSocket?.close(1001);
    await sink.until(() => sink.count('feed.connected') === 2);
    expect(venue.connectionCount).toBe(4);
    expect(sink.causes('feed.disconnected')).toEqual(['closed by the venue with code 1001']);
  });
});

describe('bybit', () => {
  test('reads every page of its list and subscribes to books and tickers', async () => {
    const [first, second] = examples.bybit as readonly [unknown, unknown];
    venue.answers.set('/v5/market/time', { retCode: 0, time: Date.now() });
    venue.answers.set(
      '/v5/market/instruments-info',
      (request: { url: string }, response: ResponseLike) => {
        response.end(JSON.stringify(request.url.includes('cursor=next') ? second : first));
      },
    );
    feed = bybitFeed(options());
    feed.start(sink);
    await sink.until(() => venue.heard.length > 0);
    expect(sink.count('instrument.listed')).toBe(2);
    expect(JSON.parse(venue.heard[0] ?? '')).toEqual({
      op: 'subscribe',
      args: ['orderbook.50.BTCUSDT', 'tickers.BTCUSDT', 'orderbook.50.ETHUSDT', 'tickers.ETHUSDT'],
    });
  });
});
