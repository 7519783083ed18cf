// The public REST of Binance USDⓈ-M futures under /fapi, as far as market data clients use it.
// Answers in the venue's own shapes, errors included; knows no accounts and no orders.
import { HOUR_MS } from './world.ts';
import { countOf } from './venue-quotes.ts';
import type { VenueQuotes } from './venue-quotes.ts';
import type { RestReply, RestRequest } from './wire.ts';
import { priceText, sizeText } from './world-instrument.ts';
import type { WorldInstrument } from './world-instrument.ts';

const DEFAULT_INTERVAL_HOURS = 8;
const DEPTH_LIMITS: ReadonlySet<number> = new Set([5, 10, 20, 50, 100, 500, 1000]);
const NEVER_DELIVERED_AT_MS = 4_133_404_800_000;
const ONBOARD_AT_MS = 1_569_398_400_000;

type Answer = (quotes: VenueQuotes, query: URLSearchParams) => RestReply;

export function answerBinance(quotes: VenueQuotes, request: RestRequest): RestReply {
  const answer = request.method === 'GET' ? ANSWERS[request.path] : undefined;
  if (answer !== undefined) return answer(quotes, request.query);
  const text = `Path ${request.path}, Method ${request.method} is invalid`;
  return refusal(404, -5000, text);
}

const ok = (body: unknown): RestReply => ({ status: 200, body });
const refusal = (status: number, code: number, msg: string): RestReply => ({
  status,
  body: { code, msg },
});
const badLimit = (): RestReply =>
  refusal(400, -1130, "Data sent for parameter 'limit' is not valid.");

/** With a symbol one object, without it a list of all. */
const oneOrAll =
  (row: (quotes: VenueQuotes, instrument: WorldInstrument) => unknown): Answer =>
  (quotes, query) => {
    if (query.has('symbol')) return forSymbol(quotes, query, (one) => ok(row(quotes, one)));
    return ok(quotes.instruments.map((one) => row(quotes, one)));
  };

function forSymbol(
  quotes: VenueQuotes,
  query: URLSearchParams,
  answer: (instrument: WorldInstrument) => RestReply,
): RestReply {
  const symbol = query.get('symbol') ?? '';
  if (symbol === '') {
    const text = "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.";
    return refusal(400, -1102, text);
  }
  const instrument = quotes.find(symbol);
  return instrument === undefined ? refusal(400, -1121, 'Invalid symbol.') : answer(instrument);
}

const depth: Answer = (quotes, query) =>
  forSymbol(quotes, query, (instrument) => {
    const limit = countOf(query, 'limit', 500);
    if (limit === undefined || !DEPTH_LIMITS.has(limit)) {
      return refusal(400, -4021, `${query.get('limit') ?? ''} is not valid depth limit.`);
    }
    const book = quotes.book(instrument);
    return ok({
      // The update that leaves no trace has already happened: the next frame covers this id.
      lastUpdateId: book.lastId + 1,
      E: quotes.nowMs(),
      T: quotes.bookAtMs(instrument),
      bids: quotes.levels(instrument, book.bids(limit)),
      asks: quotes.levels(instrument, book.asks(limit)),
    });
  });

const premiumIndex = oneOrAll((quotes, instrument) => ({
  symbol: instrument.venueSymbol,
  markPrice: quotes.markText(instrument, 4),
  indexPrice: quotes.indexText(instrument, 4),
  estimatedSettlePrice: quotes.indexText(instrument, 4),
  lastFundingRate: quotes.rateText(instrument),
  interestRate: '0.00010000',
  nextFundingTime: quotes.world.funding(instrument).fundingAtMs,
  time: quotes.nowMs(),
}));

/** Only symbols whose interval is not the usual 8 hours are listed: absent means 8. */
const fundingInfo: Answer = (quotes) =>
  ok(
    quotes.instruments
      .filter((one) => one.fundingIntervalMs !== DEFAULT_INTERVAL_HOURS * HOUR_MS)
      .map((one) => ({
        symbol: one.venueSymbol,
        adjustedFundingRateCap: '0.02000000',
        adjustedFundingRateFloor: '-0.02000000',
        fundingIntervalHours: one.fundingIntervalMs / HOUR_MS,
        disclaimer: false,
      })),
  );

const fundingRate: Answer = (quotes, query) => {
  const fromAtMs = countOf(query, 'startTime', quotes.nowMs() - 30 * 24 * HOUR_MS);
  const toAtMs = countOf(query, 'endTime', quotes.nowMs());
  const countMax = countOf(query, 'limit', 100);
  if (fromAtMs === undefined || toAtMs === undefined || countMax === undefined) return badLimit();
  const within = { fromAtMs, toAtMs, countMax: Math.min(countMax, 1000) };
  const rows = (one: WorldInstrument) =>
    quotes.settlements(one, within).map(({ fundingAtMs, rateText }) => ({
      symbol: one.venueSymbol,
      fundingTime: fundingAtMs,
      fundingRate: rateText,
      markPrice: quotes.markText(one, 4),
    }));
  const oldestFirst = (found: ReturnType<typeof rows>) =>
    found.sort((left, right) => left.fundingTime - right.fundingTime).slice(-within.countMax);
  if (!query.has('symbol')) return ok(oldestFirst(quotes.instruments.flatMap(rows)));
  return forSymbol(quotes, query, (one) => ok(oldestFirst(rows(one))));
};

const bookTicker = oneOrAll((quotes, instrument) => {
  const top = quotes.top(instrument);
  return {
    symbol: instrument.venueSymbol,
    bidPrice: top.bidPrice,
    bidQty: top.bidSize,
    askPrice: top.askPrice,
    askQty: top.askSize,
    time: quotes.bookAtMs(instrument),
    lastUpdateId: quotes.book(instrument).lastId,
  };
});

const priceTicker = oneOrAll((quotes, instrument) => ({
  symbol: instrument.venueSymbol,
  price: quotes.top(instrument).bidPrice,
  time: quotes.bookAtMs(instrument),
}));

/** Nobody trades in the generated market: volumes are 0 and the day opened at the anchor. */
const dayTicker = oneOrAll((quotes, instrument) => {
  const last = quotes.top(instrument).bidPrice;
  const open = quotes.anchorText(instrument);
  const change = Number(last) - Number(open);
  return {
    symbol: instrument.venueSymbol,
    priceChange: change.toFixed(instrument.priceDecimals),
    priceChangePercent: ((100 * change) / Number(open)).toFixed(3),
    weightedAvgPrice: last,
    lastPrice: last,
    lastQty: '0',
    openPrice: open,
    highPrice: Number(last) > Number(open) ? last : open,
    lowPrice: Number(last) < Number(open) ? last : open,
    volume: '0',
    quoteVolume: '0',
    openTime: quotes.nowMs() - 24 * HOUR_MS,
    closeTime: quotes.nowMs(),
    firstId: 0,
    lastId: 0,
    count: 0,
  };
});

const exchangeInfo: Answer = (quotes) =>
  ok({
    timezone: 'UTC',
    serverTime: quotes.nowMs(),
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '-10000' }],
    symbols: quotes.instruments.map(symbolInfo),
  });

function symbolInfo(instrument: WorldInstrument) {
  const quantities = {
    minQty: sizeText(instrument, instrument.lotsMin),
    maxQty: sizeText(instrument, instrument.lotsMax),
    stepSize: sizeText(instrument, 1),
  };
  return {
    symbol: instrument.venueSymbol,
    pair: instrument.venueSymbol,
    contractType: 'PERPETUAL',
    deliveryDate: NEVER_DELIVERED_AT_MS,
    onboardDate: ONBOARD_AT_MS,
    status: 'TRADING',
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: instrument.base,
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    pricePrecision: instrument.priceDecimals,
    quantityPrecision: instrument.sizeDecimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10000,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: priceText(instrument, 1),
        maxPrice: priceText(instrument, 100_000_000),
        tickSize: priceText(instrument, 1),
      },
      { filterType: 'LOT_SIZE', ...quantities },
      { filterType: 'MARKET_LOT_SIZE', ...quantities },
      { filterType: 'MAX_NUM_ORDERS', limit: 200 },
      { filterType: 'MIN_NOTIONAL', notional: String(instrument.notionalUsdMin) },
      {
        filterType: 'PERCENT_PRICE',
        multiplierUp: '1.0500',
        multiplierDown: '0.9500',
        multiplierDecimal: '4',
      },
    ],
    orderTypes: ['LIMIT', 'MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  };
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/fapi/v1/ping': () => ok({}),
  '/fapi/v1/time': (quotes) => ok({ serverTime: quotes.nowMs() }),
  '/fapi/v1/exchangeInfo': exchangeInfo,
  '/fapi/v1/fundingInfo': fundingInfo,
  '/fapi/v1/fundingRate': fundingRate,
  '/fapi/v1/premiumIndex': premiumIndex,
  '/fapi/v1/depth': depth,
  '/fapi/v1/ticker/bookTicker': bookTicker,
  '/fapi/v1/ticker/price': priceTicker,
  '/fapi/v2/ticker/price': priceTicker,
  '/fapi/v1/ticker/24hr': dayTicker,
};
