// OKX v5 swaps over a world that the test moves.
import { beforeEach, describe, expect, test } from 'vitest';
import { Ladder, Listener, createStage, get, toLevels, toRecord, toRecords } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage(7);
  stage.run(500);
});

describe('OKX', () => {
  const books = { channel: 'books', instId: 'DOGE-USDT-SWAP' };

  test('chains seqId from the snapshot into the book that REST shows', () => {
    const client = new Listener(stage.okx, '/ws/v5/public');
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
      const [data] = toRecords(frame['data']);
      expect(data?.['prevSeqId']).toBe(lastId);
      expect(data?.['checksum']).toBe(0);
      lastId = Number(data?.['seqId']);
      ladder.apply(toLevels(data?.['bids']), toLevels(data?.['asks']));
    }
    const reply = get(stage.okx, '/api/v5/market/books?instId=DOGE-USDT-SWAP&sz=400');
    const [book] = toRecords(toRecord(reply)['data']);
    expect(book?.['seqId']).toBe(lastId);
    const { bids, asks } = ladder.sorted();
    expect(bids).toEqual(toLevels(book?.['bids']));
    expect(asks).toEqual(toLevels(book?.['asks']));
  });

  test('gives a second client its own snapshot that the next update fits', () => {
    const early = new Listener(stage.okx, '/ws/v5/public');
    early.ask({ op: 'subscribe', args: [books] });
    stage.run(1000);
    const late = new Listener(stage.okx, '/ws/v5/public');
    late.ask({ op: 'subscribe', args: [books] });
    early.take();
    stage.run(200);
    const [, snapshot, update] = late.take();
    const [held] = toRecords(snapshot?.['data']);
    const [next] = toRecords(update?.['data']);
    expect(next?.['prevSeqId']).toBe(held?.['seqId']);
    expect(early.take()[0]).toEqual(update);
  });

  test('tells funding when it changes, with the settlement ahead and the one after', () => {
    const client = new Listener(stage.okx, '/ws/v5/public');
    client.ask({ op: 'subscribe', args: [{ channel: 'funding-rate', instId: 'BTC-USDT-SWAP' }] });
    stage.run(46_000);
    const [, ...frames] = client.take();
    const rows = frames.flatMap((frame) => toRecords(frame['data']));
    const [first, last] = [rows[0], rows.at(-1)];
    expect(Number(first?.['fundingTime'])).toBe(stage.world.startAtMs + 45_000);
    expect(last?.['fundingTime']).toBe(first?.['nextFundingTime']);
    expect(Number(last?.['prevFundingTime'])).toBe(stage.world.startAtMs + 45_000);
  });

  test('answers the text ping and refuses what it does not know', () => {
    const client = new Listener(stage.okx, '/ws/v5/public');
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
