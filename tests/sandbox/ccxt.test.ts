// An unmodified ccxt pro client takes the sandbox for the real venues.
import ccxt from 'ccxt';
import type { Exchange } from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.ts';
import type { Sandbox, SandboxAddress, SandboxVenue } from '../../src/sandbox/index.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7 });
});
afterAll(async () => {
  await sandbox.stop();
});

/** Rewrites every address in ccxt's tree; the venue's own path stays. */
function point(urls: object, address: SandboxAddress): void {
  for (const [name, value] of Object.entries(urls)) {
    if (typeof value === 'object' && value !== null) point(value, address);
    if (typeof value !== 'string') continue;
    const host = /^(ws|http)s?:\/\/[^/]+/;
    const local = value.startsWith('ws') ? address.ws : address.rest;
    Reflect.set(urls, name, value.replace(host, local));
  }
}

function createClient(venue: SandboxVenue): Exchange {
  switch (venue) {
    case 'binanceusdm':
      return new ccxt.pro.binanceusdm({ enableRateLimit: false });
    case 'bybit':
      return new ccxt.pro.bybit({ enableRateLimit: false });
    case 'okx':
      return new ccxt.pro.okx({ enableRateLimit: false });
  }
}

async function connected(venue: SandboxVenue): Promise<Exchange> {
  const client = createClient(venue);
  const addresses: unknown = client.urls['api'];
  const root = typeof addresses === 'object' && addresses !== null ? addresses : client.urls;
  point(root, sandbox.venues[venue]);
  // Without this ccxt refuses ws:// addresses.
  await client.loadHttpProxyAgent();
  return client;
}

const SYMBOL = 'ETH/USDT:USDT';

describe.each(['binanceusdm', 'bybit', 'okx'] as const)(
  'ccxt pro at the sandbox as %s',
  (venue) => {
    let client: Exchange;
    beforeAll(async () => {
      client = await connected(venue);
    });
    afterAll(async () => {
      await client.close();
    });

    test('loads all five perpetuals with their steps and contract sizes', async () => {
      const markets = await client.loadMarkets();
      const expected = sandbox.world.instruments.filter((one) => one.venue === venue);
      expect(Object.keys(markets)).toHaveLength(expected.length);
      for (const instrument of expected) {
        const market = client.market(`${instrument.base}/USDT:USDT`);
        expect(market.id).toBe(instrument.venueSymbol);
        expect(market.active).toBe(true);
        expect(market.contractSize).toBe(instrument.contractSize);
        expect(market.precision.price).toBe(1 / 10 ** instrument.priceDecimals);
        expect(market.precision.amount).toBe(1 / 10 ** instrument.sizeDecimals);
      }
    });

    test('fetches the funding rate and the settlement ahead', async () => {
      const instrument = sandbox.world.instruments.find(
        (one) => one.venue === venue && one.base === 'ETH',
      );
      if (instrument === undefined) throw new Error(`no ETH at ${venue}`);
      const rate = await client.fetchFundingRate(SYMBOL);
      expect(rate.fundingTimestamp).toBe(sandbox.world.funding(instrument).fundingAtMs);
      expect(rate.fundingRate).toBeTypeOf('number');
      const rates = await client.fetchFundingRates();
      expect(Object.keys(rates).sort()).toEqual(
        ['BTC', 'DOGE', 'ETH', 'SOL', 'XRP'].map((base) => `${base}/USDT:USDT`),
      );
    });

    test('fetches the time of the venue, which is not the time of the machine', async () => {
      const time = await client.fetchTime();
      expect(Math.abs(Number(time) - sandbox.nowMs())).toBeLessThan(1000);
    });

    test('fetches an order book that does not cross', async () => {
      const book = await client.fetchOrderBook(SYMBOL, 20);
      expect(book.bids).toHaveLength(20);
      expect(book.asks).toHaveLength(20);
      expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    });

    test('watches an order book through snapshot and deltas', async () => {
      const seen = new Set<number>();
      for (let update = 0; update < 6; update += 1) {
        const book = await client.watchOrderBook(SYMBOL);
        expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
        expect(book.bids.length).toBeGreaterThanOrEqual(20);
        if (book.timestamp !== undefined) seen.add(book.timestamp);
      }
      expect(seen.size).toBeGreaterThanOrEqual(3);
    });
  },
);
