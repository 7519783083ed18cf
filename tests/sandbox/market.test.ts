// What holds for all venues over one world.
import { expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { SANDBOX_VENUES } from '../../src/sandbox/index.ts';
import { Listener, createStage, get } from './stage.ts';

test('one seed gives the same frames at every venue', () => {
  const record = (seed: number): string[] => {
    const { binanceusdm, bybit, okx, run } = createStage(seed);
    const bybitClient = new Listener(bybit, '/v5/public/linear');
    const okxClient = new Listener(okx, '/ws/v5/public');
    const clients = [
      new Listener(binanceusdm, '/public/stream?streams=btcusdt@depth@100ms/ethusdt@bookTicker'),
      new Listener(binanceusdm, '/market/ws/btcusdt@markPrice@1s'),
      bybitClient,
      okxClient,
    ];
    bybitClient.ask({ op: 'subscribe', args: ['orderbook.50.BTCUSDT', 'tickers.DOGEUSDT'] });
    const channels = ['books', 'mark-price', 'funding-rate'];
    const args = channels.map((channel) => ({ channel, instId: 'BTC-USDT-SWAP' }));
    okxClient.ask({ op: 'subscribe', args });
    run(5000);
    return clients.flatMap((client) => client.frames);
  };
  expect(record(7).length).toBeGreaterThan(200);
  expect(record(7)).toEqual(record(7));
  expect(record(7)).not.toEqual(record(8));
});

test.each(SANDBOX_VENUES)('%s tells of past settlements what was settled', (venue) => {
  const stage = createStage(7);
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

test('a client that has left gets nothing more', () => {
  const stage = createStage(7);
  const client = new Listener(stage.binanceusdm, '/ws/btcusdt@bookTicker');
  stage.run(500);
  expect(client.take().length).toBeGreaterThan(0);
  client.leave();
  stage.run(500);
  expect(client.take()).toEqual([]);
});
