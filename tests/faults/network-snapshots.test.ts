// Snapshots and lists by request: older than what they should start, for many books at once after a
// cut, and with a thousand names that nobody asked for.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Feed } from '../../src/ports/index.ts';
import { binanceusdmFeed } from '../../src/venues/binanceusdm/binanceusdm-feed.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import { LoopbackVenue, QuickClock } from '../venues/loopback-venue.ts';
import type { Response } from './loopback-books.ts';
import { Books, examples } from './loopback-books.ts';

let venue: LoopbackVenue;
let feed: Feed | undefined;
const options = () => ({
  restUrl: venue.restUrl,
  wsUrl: venue.wsUrl,
  symbols: ['BTC/USDT:USDT'],
  clock: new QuickClock(20),
});

beforeEach(async () => {
  venue = await new LoopbackVenue().open();
  feed = undefined;
});
afterEach(async () => {
  await feed?.stop();
  await venue.close();
});

describe('snapshots by request', () => {
  const serve = (symbols: readonly string[], depth: (symbol: string) => object): void => {
    const [first] = examples.binanceusdm.symbols;
    venue.answers.set('/fapi/v1/exchangeInfo', {
      symbols: symbols.map((base) => ({ ...first, symbol: `${base}USDT`, baseAsset: base })),
    });
    venue.answers.set('/fapi/v1/fundingInfo', []);
    venue.answers.set('/fapi/v1/depth', (request: { url: string }, response: Response) => {
      const symbol = new URL(request.url, venue.restUrl).searchParams.get('symbol') ?? '';
      response.end(JSON.stringify(depth(symbol)));
    });
  };
  const depthAt = (lastUpdateId: number): object => ({
    lastUpdateId,
    E: Date.now(),
    bids: [['100', '1']],
    asks: [['101', '1']],
  });
  const update = (symbol: string, first: number, last: number): string => {
    const nowMs = Date.now();
    const ids = { s: symbol, U: first, u: last, pu: first - 1 };
    const data = { e: 'depthUpdate', E: nowMs, T: nowMs, ...ids, b: [['99', '2']], a: [] };
    return JSON.stringify({ stream: `${symbol.toLowerCase()}@depth@100ms`, data });
  };

  const mark = (symbol: string): string => {
    const nowMs = Date.now();
    const rate = { p: '100', r: '0.0001', T: nowMs + 3_600_000 };
    return JSON.stringify({ data: { e: 'markPriceUpdate', E: nowMs, s: symbol, ...rate } });
  };

  test('that are older than what waits, as from a cache, are asked for again', async () => {
    let asked = 0;
    serve(['BTC'], () => depthAt((asked += 1) < 3 ? 5 : 25));
    venue.onConnection = (socket, path) => {
      if (!path.startsWith('/public')) return;
      for (const at of [10, 20, 30]) socket.send(update('BTCUSDT', at, at + 9));
    };
    const heard = new Books();
    feed = binanceusdmFeed(options());
    heard.hear(feed);
    await heard.until(() => heard.market.all()[0]?.book.sequence === 39);
    expect(asked).toBe(3);
    expect(heard.market.all()[0]?.book).toMatchObject({ isSynced: true, isCrossed: false });
  });

  test('for fifty books after a cut come once each, and all books are whole', async () => {
    const bases = Array.from({ length: 50 }, (_, at) => `C${at}`);
    serve(bases, () => depthAt(12));
    venue.onConnection = (socket, path) => {
      if (!path.startsWith('/public')) return;
      for (const base of bases) socket.send(update(`${base}USDT`, 10, 19));
    };
    const heard = new Books();
    const snapshotCount = (): number =>
      venue.requests.filter((path) => path.startsWith('/fapi/v1/depth')).length;
    const areWhole = (): boolean =>
      heard.market.all().length === 50 && heard.market.all().every(({ book }) => book.isSynced);
    const alive = setInterval(() => {
      for (const socket of venue.sockets) socket.send(mark('C0USDT'));
    }, 100);
    feed = binanceusdmFeed({ ...options(), symbols: bases.map((base) => `${base}/USDT:USDT`) });
    heard.hear(feed);
    await heard.until(areWhole);
    expect(snapshotCount()).toBe(50);
    for (const socket of venue.sockets) socket.terminate();
    await heard.until(() => heard.sink.count('feed.connected') === 2 && areWhole());
    clearInterval(alive);
    expect(snapshotCount()).toBe(100);
    expect(heard.sink.causes('feed.refused')).toEqual([]);
  });
});

test('a thousand new symbols at once disturb none of ours; others of its name are not mixed up', async () => {
  const [swap] = examples.okx.data;
  const others = Array.from({ length: 1_000 }, (_, at) => ({
    ...swap,
    instId: `N${at}-USDT-SWAP`,
    uly: `N${at}-USDT`,
  }));
  const twin = { ...swap, instId: 'BTC-USD-SWAP', uly: 'BTC-USD', ctType: 'inverse' };
  venue.answers.set('/api/v5/public/instruments', {
    ...examples.okx,
    data: [...others, twin, ...examples.okx.data],
  });
  const heard = new Books();
  feed = okxFeed(options());
  heard.hear(feed);
  await heard.until(() => heard.sink.count('feed.connected') === 1);
  expect(heard.market.all().map(({ instrument }) => instrument.venueSymbol)).toEqual([
    'BTC-USDT-SWAP',
  ]);
});
