// The venues' own example messages and replies become the events and instruments that they
// describe.
import { describe, expect, test } from 'vitest';
import { readBinanceListing } from '../../src/venues/binance/binance-mapper.ts';
import {
  readBinanceusdmFrame,
  readBinanceusdmListing,
} from '../../src/venues/binanceusdm/binanceusdm-mapper.ts';
import {
  readBybitFrame,
  readBybitListing,
  readBybitPage,
} from '../../src/venues/bybit/bybit-mapper.ts';
import { ChecksumGuard, krakenChecksum } from '../../src/market/checksum.ts';
import {
  readKrakenPrecisions,
  readKrakenV2Frame,
} from '../../src/venues/kraken/kraken-v2-mapper.ts';
import { readOkxFrame, readOkxListing } from '../../src/venues/okx/okx-mapper.ts';
import { sharedData } from '../shared-data.ts';
import { anyInstrument, sharedText } from './recordings.ts';

const isAbsent = sharedData('README.md') === undefined;
const known = (venue: string, ...symbols: readonly string[]) =>
  new Map(symbols.map((symbol) => [symbol, anyInstrument(venue, symbol).instrumentId]));
const json = (name: string): unknown => JSON.parse(sharedText(name));
const response = (name: string): unknown => (json(name) as { readonly response: unknown }).response;
/** The example response of a documented endpoint: what follows its three lines of header. */
const documented = (name: string): unknown =>
  JSON.parse(sharedText(name).split('\n').slice(3).join('\n'));

describe.skipIf(isAbsent)('binanceusdm', () => {
  test('a mark price carries rate and settlement, and not the interval', () => {
    const frame = sharedText('nautilus/binance/futures_market_data_json_mark_price_stream.json');
    const [mark, funding] = eventsIn(readBinanceusdmFrame(frame, known('binanceusdm', 'BTCUSDT')));
    expect(mark).toMatchObject({ type: 'mark.updated', markPrice: 11794.15 });
    expect(funding).toEqual({
      type: 'funding.updated',
      instrumentId: 'binanceusdm:BTCUSDT',
      fundingRate: 0.00038167,
      fundingAtMs: 1_562_306_400_000,
      eventAtMs: 1_562_305_380_000,
    });
  });

  test('a depth frame with a placeholder for its time is refused', () => {
    const frame = sharedText('nautilus/binance/futures_market_data_json_depth_update_stream.json');
    expect(readBinanceusdmFrame(frame, known('binanceusdm', 'BTCUSDT'))).toMatchObject({
      type: 'refused',
      cause: 'binanceusdm: E must be milliseconds between 2015 and 2100, found 123456789',
    });
  });

  test('a symbol that the funding list leaves out settles every 8 hours', () => {
    const exchangeInfo = response('cryptofeed/BINANCE_FUTURES.exchangeInfo.subset.json');
    const fundingInfo = [{ symbol: 'CTKUSDT', fundingIntervalHours: 4 }];
    const wanted = new Set(['SUSHI/USDT:USDT', 'CTK/USDT:USDT']);
    const listing = readBinanceusdmListing({ exchangeInfo, fundingInfo }, wanted);
    expect(listing.refusals).toEqual([]);
    expect(
      listing.fundingIntervals.map((entry) => [entry.instrumentId, entry.fundingIntervalMs]),
    ).toEqual([
      ['binanceusdm:SUSHI/USDT:USDT', 28_800_000],
      ['binanceusdm:CTK/USDT:USDT', 14_400_000],
    ]);
    expect(listing.instruments[0]).toMatchObject({
      venueSymbol: 'SUSHIUSDT',
      base: 'SUSHI',
      tickSize: '0.001',
      contractSize: '1',
      qtyStep: '1',
      qtyMin: '1',
      qtyMax: '10000000',
      notionalUsdMin: '5',
      takerFeeRate: '0.0005',
      isTrading: true,
    });
  });

  test('the documented examples of both lists are read', () => {
    const folder = 'jkorf/Binance.Net/Endpoints/UsdFutures/ExchangeData';
    const exchangeInfo = documented(`${folder}/GetExchangeInfo.txt`);
    const fundingInfo = documented(`${folder}/GetFundingInfo.txt`);
    const wanted = new Set(['BLZ/USDT:USDT']);
    const listing = readBinanceusdmListing({ exchangeInfo, fundingInfo }, wanted);
    expect(listing).toMatchObject({ instruments: [{ base: 'BLZ' }], refusals: [] });
  });
});

describe.skipIf(isAbsent)('bybit', () => {
  test('a ticker carries mark price, rate, settlement and the interval in hours', () => {
    const read = readBybitFrame(
      sharedText('nautilus/bybit/ws_ticker_linear.json'),
      known('bybit', 'BTCUSDT'),
    );
    expect(eventsIn(read)).toMatchObject([
      { type: 'mark.updated', markPrice: 17217.33 },
      {
        fundingRate: -0.000212,
        fundingAtMs: 1_673_280_000_000,
        fundingIntervalMs: 28_800_000,
        eventAtMs: 1_673_272_861_686,
      },
    ]);
  });

  test('a tape of tickers: deltas carry only what changed, a cut time is refused', () => {
    const lines = sharedText('gocryptotrader/bybit/wsTicker.json').trim().split('\n');
    const symbols = known('bybit', 'BTCUSDT', 'BTCPERP');
    const types = lines.map((line) => {
      const read = readBybitFrame(line, symbols);
      return read.type === 'events' ? read.events.map(({ type }) => type).join('+') : read.type;
    });
    expect(types).toEqual([
      'ignored',
      'ignored',
      'mark.updated+funding.updated',
      'mark.updated',
      'mark.updated+funding.updated',
      'refused',
      'ignored',
      'ignored',
    ]);
  });

  test('books, acknowledgements and rejections are told apart', () => {
    const symbols = known('bybit', 'BTCUSDT');
    const read = (name: string) => readBybitFrame(sharedText(`nautilus/bybit/${name}`), symbols);
    expect(eventsIn(read('ws_orderbook_snapshot.json'))[0]).toMatchObject({
      type: 'book.snapshot',
      sequence: 123456789,
      bids: [27450, 0.5, 27449.5, 1],
    });
    expect(eventsIn(read('ws_orderbook_delta.json'))[0]).toMatchObject({ asks: [27451, 0] });
    expect(read('ws_subscription_ack.json')).toEqual({ type: 'ack' });
    expect(read('ws_subscription_failure.json')).toEqual({
      type: 'rejected',
      cause: 'bybit: Invalid topic: invalid.topic.BTCUSDT',
    });
  });

  test('an interval of 8 minutes is refused, and its instrument is listed all the same', () => {
    const page = readBybitPage(json('nautilus/bybit/http_get_instruments_linear.json'));
    const listing = readBybitListing(page.entries, new Set(['ETH/USDT:USDT']));
    expect(page.nextCursor).toBeUndefined();
    expect(listing.instruments).toMatchObject([
      { venueSymbol: 'ETHUSDT', tickSize: '0.05', qtyStep: '0.01', notionalUsdMin: '5' },
    ]);
    expect(listing.fundingIntervals).toEqual([]);
    expect(listing.refusals[0]).toContain('ETHUSDT.fundingInterval must be whole hours');
  });
});

describe.skipIf(isAbsent)('okx', () => {
  test('steps and limits of a swap are turned from contracts into base units', () => {
    const reply = json('nautilus/okx/http_get_instruments_swap.json');
    const wanted = new Set(['BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USD:BTC']);
    const { instruments } = readOkxListing(reply, wanted);
    expect(instruments.map(({ venueSymbol }) => venueSymbol)).toEqual([
      'ETH-USDT-SWAP',
      'BTC-USDT-SWAP',
    ]);
    expect(instruments[1]).toMatchObject({
      instrumentId: 'okx:BTC/USDT:USDT',
      contractSize: '0.01',
      qtyStep: '0.0001',
      qtyMin: '0.0001',
      qtyMax: '1000000',
      tickSize: '0.1',
    });
  });

  test('the interval is the distance between two settlements', () => {
    const frame = sharedText('nautilus/okx/ws_funding_rate.json');
    expect(eventsIn(readOkxFrame(frame, known('okx', 'BTC-USDT-SWAP')))).toMatchObject([
      { fundingRate: 0.0001, fundingAtMs: 1_744_590_349_506, fundingIntervalMs: 28_800_000 },
    ]);
  });

  test('books chain their ids, and a checksum of 0 is none', () => {
    const symbols = known('okx', 'BTC-USDT');
    const frame = sharedText('nautilus/okx/ws_books_update.json');
    const read = readOkxFrame(frame, symbols);
    expect(eventsIn(read)[0]).toMatchObject({ sequence: 123457, previousSequence: 123456 });
    expect(read).toMatchObject({ digits: { checksum: -855196043, isSnapshot: false } });
    const without = readOkxFrame(frame.replace('-855196043', '0'), symbols);
    expect(without).not.toHaveProperty('digits');
  });
});

describe.skipIf(isAbsent)('kraken', () => {
  test('digits that JSON drops are put back before the checksum is made', () => {
    const text = sharedText('jkorf/Kraken.Net/Subscriptions/Spot/AggBook.txt');
    const symbols = known('kraken', 'ETH/USDT');
    const precisions = new Map([['ETH/USDT', { priceDecimals: 4, sizeDecimals: 8 }]]);
    const frames = text.split(/^= *$/m).slice(1);
    const guard = new ChecksumGuard(krakenChecksum, 10);
    const seen = frames.map((frame) => {
      const stamped = frame.includes('"timestamp"')
        ? frame
        : frame.replace('"checksum"', '"timestamp": "2023-10-06T17:35:55.440295Z", "checksum"');
      const read = readKrakenV2Frame(stamped, symbols, precisions);
      if (read.type !== 'events' || read.digits === undefined) return read;
      return [read.events[0]?.type, guard.verify(read.digits)];
    });
    expect(seen[0]).toEqual(['book.snapshot', undefined]);
    expect(seen.slice(1).every((entry) => Array.isArray(entry) && entry[1] === undefined)).toBe(
      true,
    );
  });

  test('the precision of a pair is in its listing', () => {
    const { precisions } = readKrakenPrecisions(json('nautilus/kraken/http_asset_pairs.json'));
    expect(precisions.get('XBT/USDT')).toEqual({ priceDecimals: 1, sizeDecimals: 8 });
  });
});

test.skipIf(isAbsent)(
  'binance lists spot instruments, with a smallest notional only in dollars',
  () => {
    const reply = response('cryptofeed/BINANCE.exchangeInfo.subset.json');
    const { instruments } = readBinanceListing(reply, new Set(['LRC/BTC', 'NKN/USDT']));
    expect(instruments.map((entry) => [entry.venueSymbol, entry.notionalUsdMin])).toEqual(
      expect.arrayContaining([
        ['LRCBTC', '0'],
        ['NKNUSDT', '10'],
      ]),
    );
  },
);

function eventsIn(read: ReturnType<typeof readOkxFrame>) {
  if (read.type !== 'events') throw new Error(`no events but ${JSON.stringify(read)}`);
  return read.events;
}
