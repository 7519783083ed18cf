// The public REST of Bybit v5 for linear perpetuals. Other categories exist and are empty here.
// Every answer, refusals too, is HTTP 200 with a code of the venue's own, except for unknown paths.
import { countOf } from './venue-quotes.ts';
import type { VenueQuotes } from './venue-quotes.ts';
import type { RestReply, RestRequest } from './wire.ts';
import { HOUR_MS } from './world.ts';
import { priceText, sizeText } from './world-instrument.ts';
import type { WorldInstrument } from './world-instrument.ts';

const MINUTE_MS = 60_000;
const LAUNCH_AT_MS = 1_584_230_400_000;
const CATEGORIES: ReadonlySet<string> = new Set(['linear', 'inverse', 'spot', 'option']);

export type Fields = Readonly<Record<string, string>>;
type Answer = (quotes: VenueQuotes, query: URLSearchParams) => RestReply;

export function answerBybit(quotes: VenueQuotes, request: RestRequest): RestReply {
  const answer = request.method === 'GET' ? ANSWERS[request.path] : undefined;
  if (answer !== undefined) return answer(quotes, request.query);
  const retMsg = `no such path: ${request.method} ${request.path}`;
  return envelope(quotes, { status: 404, retCode: 10404, retMsg, result: {} });
}

function envelope(
  quotes: VenueQuotes,
  reply: {
    readonly status: number;
    readonly retCode: number;
    readonly retMsg: string;
    readonly result: unknown;
  },
): RestReply {
  const { status, retCode, retMsg, result } = reply;
  const body = { retCode, retMsg, result, retExtInfo: {}, time: quotes.nowMs() };
  return { status, body };
}

const ok = (quotes: VenueQuotes, result: unknown): RestReply =>
  envelope(quotes, { status: 200, retCode: 0, retMsg: 'OK', result });
const refusal = (quotes: VenueQuotes, retMsg: string): RestReply =>
  envelope(quotes, { status: 200, retCode: 10001, retMsg, result: {} });

/**
 * The instruments that a list request means: none outside `linear`, one with a symbol, else all.
 */
function listed(
  quotes: VenueQuotes,
  query: URLSearchParams,
  row: (instrument: WorldInstrument) => unknown,
): RestReply {
  const category = query.get('category') ?? '';
  if (!CATEGORIES.has(category)) return refusal(quotes, 'params error: Category Invalid');
  const symbol = query.get('symbol') ?? '';
  const answer = (instruments: readonly WorldInstrument[]) =>
    ok(quotes, { category, list: instruments.map(row), nextPageCursor: '' });
  if (category !== 'linear' || (query.get('status') ?? 'Trading') !== 'Trading') return answer([]);
  if (symbol === '') return answer(quotes.instruments);
  const instrument = quotes.find(symbol);
  if (instrument === undefined) return refusal(quotes, 'params error: Symbol Invalid');
  return answer([instrument]);
}

function forSymbol(
  quotes: VenueQuotes,
  query: URLSearchParams,
  answer: (instrument: WorldInstrument) => RestReply,
): RestReply {
  const instrument = quotes.find(query.get('symbol') ?? '');
  if (query.get('category') !== 'linear' || instrument === undefined) {
    return refusal(quotes, 'params error: Symbol Invalid');
  }
  return answer(instrument);
}

const time: Answer = (quotes) => {
  const nowMs = quotes.nowMs();
  return ok(quotes, {
    timeSecond: String(Math.floor(nowMs / 1000)),
    timeNano: `${Math.floor(nowMs)}000000`,
  });
};

const instrumentsInfo: Answer = (quotes, query) => listed(quotes, query, instrumentInfo);

function instrumentInfo(instrument: WorldInstrument) {
  const largest = sizeText(instrument, instrument.lotsMax);
  return {
    symbol: instrument.venueSymbol,
    contractType: 'LinearPerpetual',
    status: 'Trading',
    baseCoin: instrument.base,
    quoteCoin: 'USDT',
    launchTime: String(LAUNCH_AT_MS),
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(instrument.priceDecimals),
    leverageFilter: { minLeverage: '1', maxLeverage: '50.00', leverageStep: '0.01' },
    priceFilter: {
      minPrice: priceText(instrument, 1),
      maxPrice: priceText(instrument, 100_000_000),
      tickSize: priceText(instrument, 1),
    },
    lotSizeFilter: {
      maxOrderQty: largest,
      minOrderQty: sizeText(instrument, instrument.lotsMin),
      qtyStep: sizeText(instrument, 1),
      postOnlyMaxOrderQty: largest,
      maxMktOrderQty: largest,
      minNotionalValue: String(instrument.notionalUsdMin),
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMs / MINUTE_MS,
    settleCoin: 'USDT',
    copyTrading: 'both',
    upperFundingRate: '0.02',
    lowerFundingRate: '-0.02',
    isPreListing: false,
    preListingInfo: null,
  };
}

/** The fields that the ticker has in both worlds, REST and stream. Nobody trades: volumes are 0. */
export function tickerFields(quotes: VenueQuotes, instrument: WorldInstrument): Fields {
  const top = quotes.top(instrument);
  const open = quotes.anchorText(instrument);
  const isUp = Number(top.bidPrice) >= Number(open);
  return {
    symbol: instrument.venueSymbol,
    price24hPcnt: (Number(top.bidPrice) / Number(open) - 1).toFixed(6),
    lastPrice: top.bidPrice,
    prevPrice24h: open,
    highPrice24h: isUp ? top.bidPrice : open,
    lowPrice24h: isUp ? open : top.bidPrice,
    prevPrice1h: open,
    markPrice: quotes.markText(instrument, 1),
    indexPrice: quotes.indexText(instrument, 1),
    openInterest: '0',
    openInterestValue: '0',
    turnover24h: '0',
    volume24h: '0',
    fundingRate: quotes.rateText(instrument),
    nextFundingTime: String(quotes.world.funding(instrument).fundingAtMs),
    fundingIntervalHour: String(instrument.fundingIntervalMs / HOUR_MS),
    fundingCap: '0.02',
    bid1Price: top.bidPrice,
    bid1Size: top.bidSize,
    ask1Price: top.askPrice,
    ask1Size: top.askSize,
  };
}

const tickers: Answer = (quotes, query) =>
  listed(quotes, query, (instrument) => ({
    ...tickerFields(quotes, instrument),
    predictedDeliveryPrice: '',
    basisRate: '',
    basis: '',
    deliveryFeeRate: '',
    deliveryTime: '0',
  }));

const orderbook: Answer = (quotes, query) =>
  forSymbol(quotes, query, (instrument) => {
    const limit = countOf(query, 'limit', 25);
    if (limit === undefined || limit < 1 || limit > 1000) {
      return refusal(quotes, 'params error: Limit Invalid');
    }
    const book = quotes.book(instrument);
    return ok(quotes, {
      s: instrument.venueSymbol,
      b: quotes.levels(instrument, book.bids(limit)),
      a: quotes.levels(instrument, book.asks(limit)),
      ts: quotes.nowMs(),
      u: book.lastId,
      seq: crossSequence(book.lastId),
      cts: quotes.bookAtMs(instrument),
    });
  });

/** Bybit's cross sequence counts more than the books; it only orders them. */
export const crossSequence = (updateId: number): number => 7_000_000_000 + 10 * updateId;

const fundingHistory: Answer = (quotes, query) =>
  forSymbol(quotes, query, (instrument) => {
    const toAtMs = countOf(query, 'endTime', quotes.nowMs());
    const limit = countOf(query, 'limit', 200);
    const fromAtMs = countOf(query, 'startTime', 0);
    if (toAtMs === undefined || fromAtMs === undefined || limit === undefined) {
      return refusal(quotes, 'params error: Time Invalid');
    }
    const within = { fromAtMs, toAtMs, countMax: Math.min(limit, 200) };
    const list = quotes.settlements(instrument, within).map(({ fundingAtMs, rateText }) => ({
      symbol: instrument.venueSymbol,
      fundingRate: rateText,
      fundingRateTimestamp: String(fundingAtMs),
    }));
    return ok(quotes, { category: 'linear', list });
  });

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/v5/market/time': time,
  '/v5/market/instruments-info': instrumentsInfo,
  '/v5/market/tickers': tickers,
  '/v5/market/orderbook': orderbook,
  '/v5/market/funding/history': fundingHistory,
};
