// What the engine's own mappers make of the sandbox: the world as it is.
import { describe, expect, test } from 'vitest';
import { toInstrumentId, toVenueId } from '../../src/domain/index.ts';
import type { MarketEvent } from '../../src/domain/index.ts';
import { SANDBOX_VENUES, toInstrument } from '../../src/sandbox/index.ts';
import type { SandboxVenue } from '../../src/sandbox/index.ts';
import { priceOf, sizeOf } from '../../src/sandbox/world-instrument.ts';
import {
  readBinanceusdmDepth,
  readBinanceusdmFrame,
  readBinanceusdmListing,
} from '../../src/venues/binanceusdm/binanceusdm-mapper.ts';
import {
  readBybitFrame,
  readBybitListing,
  readBybitPage,
} from '../../src/venues/bybit/bybit-mapper.ts';
import type { FrameReading } from '../../src/venues/frame-reading.ts';
import type { Listing } from '../../src/venues/listing.ts';
import { readOkxFrame, readOkxListing } from '../../src/venues/okx/okx-mapper.ts';
import { Listener, createStage, get } from './stage.ts';
import type { Stage } from './stage.ts';

const WANTED = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE'].map((base) => `${base}/USDT:USDT`));

function listing(stage: Stage, venue: SandboxVenue): Listing {
  switch (venue) {
    case 'binanceusdm': {
      const exchangeInfo = get(stage.binanceusdm, '/fapi/v1/exchangeInfo');
      const fundingInfo = get(stage.binanceusdm, '/fapi/v1/fundingInfo');
      return readBinanceusdmListing({ exchangeInfo, fundingInfo }, WANTED);
    }
    case 'bybit': {
      const page = get(stage.bybit, '/v5/market/instruments-info?category=linear&limit=1000');
      return readBybitListing(readBybitPage(page).entries, WANTED);
    }
    case 'okx':
      return readOkxListing(get(stage.okx, '/api/v5/public/instruments?instType=SWAP'), WANTED);
  }
}

/** Frames of SOL's book, mark and funding over five seconds, as the mapper reads them. */
function readings(stage: Stage, venue: SandboxVenue): FrameReading[] {
  const instrumentId = toInstrumentId(toVenueId(venue), 'SOL/USDT:USDT');
  const read = {
    binanceusdm: readBinanceusdmFrame,
    bybit: readBybitFrame,
    okx: readOkxFrame,
  }[venue];
  const listeners: Listener[] = [];
  switch (venue) {
    case 'binanceusdm':
      listeners.push(new Listener(stage.binanceusdm, '/public/stream?streams=solusdt@depth@100ms'));
      listeners.push(new Listener(stage.binanceusdm, '/market/ws/solusdt@markPrice@1s'));
      break;
    case 'bybit': {
      const client = new Listener(stage.bybit, '/v5/public/linear');
      client.ask({ op: 'subscribe', args: ['orderbook.50.SOLUSDT', 'tickers.SOLUSDT'] });
      listeners.push(client);
      break;
    }
    case 'okx': {
      const client = new Listener(stage.okx, '/ws/v5/public');
      const channels = ['books', 'mark-price', 'funding-rate'];
      const args = channels.map((channel) => ({ channel, instId: 'SOL-USDT-SWAP' }));
      client.ask({ op: 'subscribe', args });
      listeners.push(client);
      break;
    }
  }
  stage.run(5000);
  const symbols = new Map([[venue === 'okx' ? 'SOL-USDT-SWAP' : 'SOLUSDT', instrumentId]]);
  return listeners.flatMap(({ frames }) => frames.map((frame) => read(frame, symbols)));
}

/** One side after all events, best first: sizes by price. */
function side(events: readonly MarketEvent[], name: 'bids' | 'asks'): [number, number][] {
  const held = new Map<number, number>();
  for (const event of events) {
    if (event.type !== 'book.snapshot' && event.type !== 'book.delta') continue;
    if (event.type === 'book.snapshot') held.clear();
    const flat = event[name];
    for (let place = 0; place < flat.length; place += 2) {
      const [price = NaN, size = NaN] = flat.slice(place, place + 2);
      if (size === 0) held.delete(price);
      else held.set(price, size);
    }
  }
  const sign = name === 'bids' ? -1 : 1;
  return [...held].sort((left, right) => sign * (left[0] - right[0]));
}

describe.each(SANDBOX_VENUES)('%s', (venue) => {
  test('lists exactly the instruments of the world', () => {
    const stage = createStage(7);
    const mine = stage.world.instruments.filter((one) => one.venue === venue);
    const { instruments, fundingIntervals, refusals } = listing(stage, venue);
    expect(refusals).toEqual([]);
    expect(instruments).toEqual(mine.map(toInstrument));
    for (const { instrumentId, fundingIntervalMs } of fundingIntervals) {
      const one = mine.find((own) => toInstrument(own).instrumentId === instrumentId);
      expect(fundingIntervalMs).toBe(one?.fundingIntervalMs);
    }
  });

  test('sends frames that are all understood and lead to the book of the world', () => {
    const stage = createStage(7);
    stage.run(1000);
    const instrumentId = toInstrumentId(toVenueId(venue), 'SOL/USDT:USDT');
    const address = '/fapi/v1/depth?symbol=SOLUSDT&limit=1000';
    const start: MarketEvent[] =
      venue === 'binanceusdm'
        ? [readBinanceusdmDepth(get(stage.binanceusdm, address), instrumentId)]
        : [];
    const read = readings(stage, venue);
    const kinds = new Set(read.map((reading) => reading.type));
    kinds.delete('ack');
    expect([...kinds]).toEqual(['events']);
    const events = read.flatMap((reading) => (reading.type === 'events' ? reading.events : []));
    const instrument = stage.world.instruments.find(
      (one) => one.venue === venue && one.base === 'SOL',
    );
    if (instrument === undefined) throw new Error(`no SOL at ${venue}`);
    for (const name of ['bids', 'asks'] as const) {
      const { ticks, lots } = stage.world.book(instrument)[name];
      const expected = [...ticks].map((tick, depth) => [
        priceOf(instrument, tick),
        sizeOf(instrument, lots[depth] ?? 0),
      ]);
      expect(side([...start, ...events], name)).toEqual(expected);
    }
    const told = events.findLast(
      (event) => event.type === 'funding.updated' && event.fundingAtMs !== undefined,
    );
    expect(told).toMatchObject({ fundingAtMs: stage.world.funding(instrument).fundingAtMs });
    expect(events.some((event) => event.type === 'mark.updated')).toBe(true);
  });
});
