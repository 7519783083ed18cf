// What each venue's protocol says over a world that the test moves: continuity, snapshots, refusals.
import { beforeEach, describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { SANDBOX_VENUES, World, createMarket } from '../../src/sandbox/index.ts';
import type { VenueProtocol, WireClient } from '../../src/sandbox/wire.ts';

type Json = Record<string, never>;
type Level = readonly [string, string];

const market = (seed: number) => {
  const world = new World({ seed });
  let now = world.startAtMs;
  const venues = createMarket(world, () => now);
  const run = (ms: number): void => {
    for (let step = 0; step < ms; step += 25) {
      now = toMs(now + 25);
      venues.advanceTo(now);
    }
  };
  return { world, ...venues, run };
};

/** A client that keeps its frames. */
function listener(protocol: VenueProtocol, address: string) {
  const url = new URL(address, 'http://127.0.0.1');
  const frames: string[] = [];
  const client: WireClient = {
    connectionId: 'c1',
    path: url.pathname,
    query: url.searchParams,
    send: (frame) => frames.push(frame),
  };
  protocol.opened(client);
  const ask = (request: unknown): void => {
    protocol.received(client, typeof request === 'string' ? request : JSON.stringify(request));
  };
  /** Frames so far, which are then forgotten. */
  const take = (): Json[] => frames.splice(0).map((frame) => JSON.parse(frame));
  return { ask, take, frames, client };
}

function get(protocol: VenueProtocol, address: string): Json {
  const url = new URL(address, 'http://127.0.0.1');
  const request = { method: 'GET', path: url.pathname, query: url.searchParams };
  return JSON.parse(JSON.stringify(protocol.answer(request).body));
}

/** A client's book: absolute sizes by price, 0 removes. */
class Ladder {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();

  apply(bids: readonly Level[], asks: readonly Level[]): void {
    for (const [side, levels] of [
      [this.bids, bids],
      [this.asks, asks],
    ] as const) {
      for (const [price, size] of levels) {
        if (Number(size) === 0) side.delete(price);
        else side.set(price, size);
      }
    }
  }

  /** Best first. */
  sorted(): { bids: Level[]; asks: Level[] } {
    const bids = [...this.bids].sort((left, right) => Number(right[0]) - Number(left[0]));
    const asks = [...this.asks].sort((left, right) => Number(left[0]) - Number(right[0]));
    return { bids, asks };
  }
}

const pairs = (levels: readonly (readonly string[])[]): Level[] =>
  levels.map(([price = '', size = '']) => [price, size]);

let stage: ReturnType<typeof market>;
beforeEach(() => {
  stage = market(7);
  stage.run(500);
});

test('one seed gives the same frames at every venue', () => {
  const record = (seed: number): string[] => {
    const { binanceusdm, bybit, okx, run } = market(seed);
    const clients = [
      listener(binanceusdm, '/public/stream?streams=btcusdt@depth@100ms/ethusdt@bookTicker'),
      listener(binanceusdm, '/market/ws/btcusdt@markPrice@1s'),
      listener(bybit, '/v5/public/linear'),
      listener(okx, '/ws/v5/public'),
    ];
    clients[2]?.ask({ op: 'subscribe', args: ['orderbook.50.BTCUSDT', 'tickers.DOGEUSDT'] });
    const channels = ['books', 'mark-price', 'funding-rate'];
    const args = channels.map((channel) => ({ channel, instId: 'BTC-USDT-SWAP' }));
    clients[3]?.ask({ op: 'subscribe', args });
    run(5000);
    return clients.flatMap((client) => client.frames);
  };
  expect(record(7).length).toBeGreaterThan(200);
  expect(record(7)).toEqual(record(7));
  expect(record(7)).not.toEqual(record(8));
});

describe('Binance', () => {
  test.each(['@100ms', '', '@500ms'])(
    'depth%s bridges from the snapshot and chains by pu',
    (suffix) => {
      const client = listener(stage.binanceusdm, '/public/ws');
      client.ask({ method: 'SUBSCRIBE', params: [`ethusdt@depth${suffix}`], id: 5 });
      expect(client.take()).toEqual([{ result: null, id: 5 }]);
      stage.run(700);
      const snapshot = get(stage.binanceusdm, '/fapi/v1/depth?symbol=ETHUSDT&limit=1000');
      stage.run(2000);
      const ladder = new Ladder();
      ladder.apply(snapshot['bids'] ?? [], snapshot['asks'] ?? []);
      const id = Number(snapshot['lastUpdateId']);
      const live = client.take().filter((frame) => Number(frame['u']) >= id);
      expect(live.length).toBeGreaterThanOrEqual(3);
      expect(Number(live[0]?.['U'])).toBeLessThanOrEqual(id);
      let previous: unknown;
      for (const frame of live) {
        if (previous !== undefined) expect(frame['pu']).toBe(previous);
        previous = frame['u'];
        ladder.apply(frame['b'] ?? [], frame['a'] ?? []);
      }
      if (suffix !== '@100ms') return;
      const { bids, asks } = get(stage.binanceusdm, '/fapi/v1/depth?symbol=ETHUSDT&limit=1000');
      expect(ladder.sorted()).toEqual({ bids, asks });
    },
  );

  test('wraps frames of combined connections and names the streams asked for', () => {
    const client = listener(stage.binanceusdm, '/stream?streams=btcusdt@depth20@100ms');
    stage.run(200);
    const [frame] = client.take();
    expect(frame?.['stream']).toBe('btcusdt@depth20@100ms');
    expect(frame?.['data']).toMatchObject({ e: 'depthUpdate', s: 'BTCUSDT' });
    client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(client.take()).toEqual([{ result: ['btcusdt@depth20@100ms'], id: 1 }]);
  });

  test('keeps mark prices off the public path and books off the market path', () => {
    const streams = 'btcusdt@markPrice@1s/btcusdt@bookTicker';
    const open = listener(stage.binanceusdm, `/public/ws/${streams}`);
    const marks = listener(stage.binanceusdm, `/market/ws/${streams}`);
    const both = listener(stage.binanceusdm, `/ws/${streams}`);
    stage.run(1500);
    const kinds = (client: typeof open) => new Set(client.take().map((frame) => frame['e']));
    expect(kinds(open)).toEqual(new Set(['bookTicker']));
    expect(kinds(marks)).toEqual(new Set(['markPriceUpdate']));
    expect(kinds(both).size).toBe(2);
  });

  test('stops a stream on request', () => {
    const client = listener(stage.binanceusdm, '/ws/btcusdt@bookTicker');
    client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 2 });
    stage.run(500);
    expect(client.take()).toEqual([{ result: null, id: 2 }]);
  });

  test('lists an interval only where it is not eight hours', () => {
    const rows: readonly Json[] = Object.values(get(stage.binanceusdm, '/fapi/v1/fundingInfo'));
    expect(rows).toMatchObject([{ symbol: 'XRPUSDT', fundingIntervalHours: 4 }]);
  });

  test('refuses unknown symbols, limits, paths and methods in its own words', () => {
    const refused = (address: string) => get(stage.binanceusdm, address);
    expect(refused('/fapi/v1/depth?symbol=NONE')).toEqual({ code: -1121, msg: 'Invalid symbol.' });
    expect(refused('/fapi/v1/depth')).toMatchObject({ code: -1102 });
    expect(refused('/fapi/v1/depth?symbol=BTCUSDT&limit=7')).toMatchObject({ code: -4021 });
    expect(refused('/fapi/v1/nothing')).toMatchObject({ code: -5000 });
    const client = listener(stage.binanceusdm, '/ws');
    client.ask('not json');
    expect(client.take()).toMatchObject([{ error: { code: 2 }, id: null }]);
  });
});

describe('Bybit', () => {
  test('sends a snapshot, then deltas whose ids follow, into the book that REST shows', () => {
    const client = listener(stage.bybit, '/v5/public/linear');
    client.ask({ req_id: 'a', op: 'subscribe', args: ['orderbook.50.SOLUSDT'] });
    stage.run(3000);
    const [answer, snapshot, ...deltas] = client.take();
    expect(answer).toMatchObject({ success: true, op: 'subscribe', req_id: 'a' });
    expect(snapshot?.['type']).toBe('snapshot');
    expect(deltas.length).toBeGreaterThanOrEqual(20);
    const ladder = new Ladder();
    let lastId = 0;
    for (const frame of [snapshot, ...deltas]) {
      const data: Json = frame?.['data'] ?? {};
      ladder.apply(data['b'] ?? [], data['a'] ?? []);
      if (lastId > 0) expect(data['u']).toBe(lastId + 1);
      lastId = Number(data['u']);
    }
    expect(new Set(deltas.map((frame) => frame['type']))).toEqual(new Set(['delta']));
    const reply = get(stage.bybit, '/v5/market/orderbook?category=linear&symbol=SOLUSDT&limit=200');
    const book: Json = reply['result'] ?? {};
    expect(book['u']).toBe(lastId);
    expect(ladder.sorted()).toEqual({ bids: book['b'], asks: book['a'] });
  });

  test('sends tickers whole first and then only what has changed', () => {
    const client = listener(stage.bybit, '/v5/public/linear');
    client.ask({ op: 'subscribe', args: ['tickers.BTCUSDT'] });
    stage.run(30_000);
    const [, snapshot, ...deltas] = client.take();
    const held: Record<string, unknown> = Object.assign({}, snapshot?.['data']);
    expect(held).toMatchObject({ symbol: 'BTCUSDT', fundingIntervalHour: '8' });
    for (const delta of deltas) {
      const data: Json = delta['data'] ?? {};
      for (const [field, value] of Object.entries(data)) {
        if (field !== 'symbol') expect(value).not.toBe(held[field]);
      }
      Object.assign(held, data);
    }
    const reply = get(stage.bybit, '/v5/market/tickers?category=linear&symbol=BTCUSDT');
    const result: { list?: Json[] } = reply['result'] ?? {};
    // Marks move on between two books; REST shows the newest.
    Reflect.deleteProperty(held, 'markPrice');
    Reflect.deleteProperty(held, 'indexPrice');
    expect(result.list?.[0]).toMatchObject(held);
  });

  test('sends depth 1 as snapshots only', () => {
    const client = listener(stage.bybit, '/v5/public/linear');
    client.ask({ op: 'subscribe', args: ['orderbook.1.BTCUSDT'] });
    stage.run(1000);
    const [, ...frames] = client.take();
    expect(new Set(frames.map((frame) => frame['type']))).toEqual(new Set(['snapshot']));
  });

  test('answers a ping and refuses what it does not know', () => {
    const client = listener(stage.bybit, '/v5/public/linear');
    client.ask({ op: 'ping', req_id: 'p' });
    client.ask({ op: 'subscribe', args: ['orderbook.50.NONE'] });
    expect(client.take()).toMatchObject([
      { success: true, ret_msg: 'pong', op: 'ping', req_id: 'p' },
      { success: false, ret_msg: 'error:handler not found,topic:orderbook.50.NONE' },
    ]);
    const refused = get(stage.bybit, '/v5/market/orderbook?category=linear&symbol=NONE');
    expect(refused).toMatchObject({ retCode: 10001, retMsg: 'params error: Symbol Invalid' });
    const other = get(stage.bybit, '/v5/market/instruments-info?category=spot');
    expect(other).toMatchObject({ retCode: 0, result: { category: 'spot', list: [] } });
  });
});

describe('OKX', () => {
  const books = { channel: 'books', instId: 'DOGE-USDT-SWAP' };

  test('chains seqId from the snapshot into the book that REST shows', () => {
    const client = listener(stage.okx, '/ws/v5/public');
    client.ask({ op: 'subscribe', args: [books] });
    stage.run(3000);
    const [answer, ...frames] = client.take();
    expect(answer).toMatchObject({ event: 'subscribe', arg: books });
    expect(frames.map((frame) => frame['action'])).toEqual([
      'snapshot',
      ...frames.slice(1).map(() => 'update'),
    ]);
    const ladder = new Ladder();
    let lastId = -1;
    for (const frame of frames) {
      const [data]: Json[] = frame['data'] ?? [];
      expect(data?.['prevSeqId']).toBe(lastId);
      expect(data?.['checksum']).toBe(0);
      lastId = Number(data?.['seqId']);
      ladder.apply(pairs(data?.['bids'] ?? []), pairs(data?.['asks'] ?? []));
    }
    const reply = get(stage.okx, '/api/v5/market/books?instId=DOGE-USDT-SWAP&sz=400');
    const [book]: Json[] = reply['data'] ?? [];
    expect(book?.['seqId']).toBe(lastId);
    const { bids, asks } = ladder.sorted();
    expect(bids).toEqual(pairs(book?.['bids'] ?? []));
    expect(asks).toEqual(pairs(book?.['asks'] ?? []));
  });

  test('gives a second client its own snapshot that the next update fits', () => {
    const early = listener(stage.okx, '/ws/v5/public');
    early.ask({ op: 'subscribe', args: [books] });
    stage.run(1000);
    const late = listener(stage.okx, '/ws/v5/public');
    late.ask({ op: 'subscribe', args: [books] });
    early.take();
    stage.run(200);
    const [, snapshot, update] = late.take();
    const [held]: Json[] = snapshot?.['data'] ?? [];
    const [next]: Json[] = update?.['data'] ?? [];
    expect(next?.['prevSeqId']).toBe(held?.['seqId']);
    expect(early.take()[0]).toEqual(update);
  });

  test('tells funding when it changes, with the settlement ahead and the one after', () => {
    const client = listener(stage.okx, '/ws/v5/public');
    client.ask({ op: 'subscribe', args: [{ channel: 'funding-rate', instId: 'BTC-USDT-SWAP' }] });
    stage.run(46_000);
    const rows = client.take().flatMap((frame): Json[] => frame['data'] ?? []);
    const [first, last] = [rows[0], rows.at(-1)];
    expect(Number(first?.['fundingTime'])).toBe(stage.world.startAtMs + 45_000);
    expect(last?.['fundingTime']).toBe(first?.['nextFundingTime']);
    expect(Number(last?.['prevFundingTime'])).toBe(stage.world.startAtMs + 45_000);
  });

  test('answers the text ping and refuses what it does not know', () => {
    const client = listener(stage.okx, '/ws/v5/public');
    client.ask('ping');
    expect(client.frames.splice(0)).toEqual(['pong']);
    client.ask({ op: 'subscribe', args: [{ channel: 'books', instId: 'NONE' }] });
    client.ask({ op: 'dance' });
    expect(client.take()).toMatchObject([
      { event: 'error', code: '60018' },
      { event: 'error', code: '60012' },
    ]);
    expect(get(stage.okx, '/api/v5/market/books?instId=NONE')).toMatchObject({ code: '51001' });
    expect(get(stage.okx, '/api/v5/public/funding-rate')).toMatchObject({ code: '50014' });
    expect(get(stage.okx, '/api/v5/nothing')).toMatchObject({ code: '404' });
  });
});

test.each(SANDBOX_VENUES)('%s tells of past settlements what was settled', (venue) => {
  stage.run(46_000);
  const settlementAtMs = stage.world.startAtMs + 45_000;
  const addresses = {
    binanceusdm: '/fapi/v1/fundingRate?symbol=BTCUSDT&limit=1',
    bybit: '/v5/market/funding/history?category=linear&symbol=BTCUSDT&limit=1',
    okx: '/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&limit=1',
  };
  const instrument = stage.world.instruments.find(
    (one) => one.venue === venue && one.base === 'BTC',
  );
  if (instrument === undefined) throw new Error(`no BTC at ${venue}`);
  const text = JSON.stringify(get(stage[venue], addresses[venue]));
  const rate = stage.world.rateAt(instrument, toMs(settlementAtMs));
  expect(text).toContain(String(settlementAtMs));
  expect(text).toContain(rate.toFixed(8));
});
