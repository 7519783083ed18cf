// Binance USDⓈ-M futures over a world that the test moves.
import { beforeEach, describe, expect, test } from 'vitest';
import { Ladder, Listener, createStage, get, toLevels, toRecord } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage(7);
  stage.run(500);
});

describe('Binance', () => {
  test.each(['@100ms', '', '@500ms'])(
    'depth%s bridges from the snapshot and chains by pu',
    (suffix) => {
      const client = new Listener(stage.binanceusdm, '/public/ws');
      client.ask({ method: 'SUBSCRIBE', params: [`ethusdt@depth${suffix}`], id: 5 });
      expect(client.take()).toEqual([{ result: null, id: 5 }]);
      stage.run(700);
      const address = '/fapi/v1/depth?symbol=ETHUSDT&limit=1000';
      const snapshot = toRecord(get(stage.binanceusdm, address));
      stage.run(2000);
      const ladder = new Ladder();
      ladder.apply(toLevels(snapshot['bids']), toLevels(snapshot['asks']));
      const id = Number(snapshot['lastUpdateId']);
      const live = client.take().filter((frame) => Number(frame['u']) >= id);
      expect(live.length).toBeGreaterThanOrEqual(3);
      expect(Number(live[0]?.['U'])).toBeLessThanOrEqual(id);
      let previous: unknown;
      for (const frame of live) {
        if (previous !== undefined) expect(frame['pu']).toBe(previous);
        previous = frame['u'];
        ladder.apply(toLevels(frame['b']), toLevels(frame['a']));
      }
      if (suffix !== '@100ms') return;
      expect(get(stage.binanceusdm, address)).toMatchObject(ladder.sorted());
    },
  );

  test('wraps frames of combined connections and names the streams asked for', () => {
    const client = new Listener(stage.binanceusdm, '/stream?streams=btcusdt@depth20@100ms');
    stage.run(200);
    const [frame] = client.take();
    expect(frame?.['stream']).toBe('btcusdt@depth20@100ms');
    expect(frame?.['data']).toMatchObject({ e: 'depthUpdate', s: 'BTCUSDT' });
    client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(client.take()).toEqual([{ result: ['btcusdt@depth20@100ms'], id: 1 }]);
  });

  test('keeps mark prices off the public path and books off the market path', () => {
    const streams = 'btcusdt@markPrice@1s/btcusdt@bookTicker';
    const open = new Listener(stage.binanceusdm, `/public/ws/${streams}`);
    const marks = new Listener(stage.binanceusdm, `/market/ws/${streams}`);
    const both = new Listener(stage.binanceusdm, `/ws/${streams}`);
    stage.run(1500);
    const kinds = (client: Listener) => new Set(client.take().map((frame) => frame['e']));
    expect(kinds(open)).toEqual(new Set(['bookTicker']));
    expect(kinds(marks)).toEqual(new Set(['markPriceUpdate']));
    expect(kinds(both).size).toBe(2);
  });

  test('stops a stream on request', () => {
    const client = new Listener(stage.binanceusdm, '/ws/btcusdt@bookTicker');
    client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 2 });
    stage.run(500);
    expect(client.take()).toEqual([{ result: null, id: 2 }]);
  });

  test('lists an interval only where it is not eight hours', () => {
    const rows = get(stage.binanceusdm, '/fapi/v1/fundingInfo');
    expect(rows).toMatchObject([{ symbol: 'XRPUSDT', fundingIntervalHours: 4 }]);
  });

  test('refuses unknown symbols, limits, paths and methods in its own words', () => {
    const refused = (address: string) => get(stage.binanceusdm, address);
    expect(refused('/fapi/v1/depth?symbol=NONE')).toEqual({ code: -1121, msg: 'Invalid symbol.' });
    expect(refused('/fapi/v1/depth')).toMatchObject({ code: -1102 });
    expect(refused('/fapi/v1/depth?symbol=BTCUSDT&limit=7')).toMatchObject({ code: -4021 });
    expect(refused('/fapi/v1/nothing')).toMatchObject({ code: -5000 });
    const client = new Listener(stage.binanceusdm, '/ws');
    client.ask('not json');
    expect(client.take()).toMatchObject([{ error: { code: 2 }, id: null }]);
  });
});
