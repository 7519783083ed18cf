// Bybit v5 linear over a world that the test moves.
import { beforeEach, describe, expect, test } from 'vitest';
import { Ladder, Listener, createStage, get, toLevels, toRecord, toRecords } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage(7);
  stage.run(500);
});

describe('Bybit', () => {
  test('sends a snapshot, then deltas whose ids follow, into the book that REST shows', () => {
    const client = new Listener(stage.bybit, '/v5/public/linear');
    client.ask({ req_id: 'a', op: 'subscribe', args: ['orderbook.50.SOLUSDT'] });
    stage.run(3000);
    const [answer, snapshot, ...deltas] = client.take();
    expect(answer).toMatchObject({ success: true, op: 'subscribe', req_id: 'a' });
    expect(snapshot?.['type']).toBe('snapshot');
    expect(deltas.length).toBeGreaterThanOrEqual(20);
    const ladder = new Ladder();
    let lastId = 0;
    for (const frame of [snapshot, ...deltas]) {
      const data = toRecord(frame?.['data']);
      ladder.apply(toLevels(data['b']), toLevels(data['a']));
      if (lastId > 0) expect(data['u']).toBe(lastId + 1);
      lastId = Number(data['u']);
    }
    expect(new Set(deltas.map((frame) => frame['type']))).toEqual(new Set(['delta']));
    const reply = get(stage.bybit, '/v5/market/orderbook?category=linear&symbol=SOLUSDT&limit=200');
    const book = toRecord(toRecord(reply)['result']);
    expect(book['u']).toBe(lastId);
    expect(ladder.sorted()).toEqual({ bids: book['b'], asks: book['a'] });
  });

  test('sends tickers whole first and then only what has changed', () => {
    const client = new Listener(stage.bybit, '/v5/public/linear');
    client.ask({ op: 'subscribe', args: ['tickers.BTCUSDT'] });
    stage.run(30_000);
    const [, snapshot, ...deltas] = client.take();
    const held: Record<string, unknown> = { ...toRecord(snapshot?.['data']) };
    expect(held).toMatchObject({ symbol: 'BTCUSDT', fundingIntervalHour: '8' });
    for (const delta of deltas) {
      const data = toRecord(delta['data']);
      for (const [field, value] of Object.entries(data)) {
        if (field !== 'symbol') expect(value).not.toBe(held[field]);
      }
      Object.assign(held, data);
    }
    const reply = get(stage.bybit, '/v5/market/tickers?category=linear&symbol=BTCUSDT');
    const [row] = toRecords(toRecord(toRecord(reply)['result'])['list']);
    // Marks move on between two books; REST shows the newest.
    Reflect.deleteProperty(held, 'markPrice');
    Reflect.deleteProperty(held, 'indexPrice');
    expect(row).toMatchObject(held);
  });

  test('sends depth 1 as snapshots only', () => {
    const client = new Listener(stage.bybit, '/v5/public/linear');
    client.ask({ op: 'subscribe', args: ['orderbook.1.BTCUSDT'] });
    stage.run(1000);
    const [, ...frames] = client.take();
    expect(new Set(frames.map((frame) => frame['type']))).toEqual(new Set(['snapshot']));
  });

  test('answers a ping and refuses what it does not know', () => {
    const client = new Listener(stage.bybit, '/v5/public/linear');
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
