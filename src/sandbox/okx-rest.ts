// The public REST of OKX v5 for USDT swaps. Other instrument types exist and are empty here. Sizes
// are in contracts; a contract is `ctVal` of the base.
import type { WireLevel } from './published-book.ts';
import { countOf } from './venue-quotes.ts';
import type { VenueQuotes } from './venue-quotes.ts';
import type { RestReply, RestRequest } from './wire.ts';
import { priceText, sizeText } from './world-instrument.ts';
import type { WorldInstrument } from './world-instrument.ts';

const LIST_AT_MS = 1_573_557_408_000;
const TYPES: ReadonlySet<string> = new Set(['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION']);

type Fields = Readonly<Record<string, string>>;
type Answer = (quotes: VenueQuotes, query: URLSearchParams) => RestReply;

export function answerOkx(quotes: VenueQuotes, request: RestRequest): RestReply {
  const answer = request.method === 'GET' ? ANSWERS[request.path] : undefined;
  if (answer !== undefined) return answer(quotes, request.query);
  return { status: 404, body: { code: '404', data: [], msg: 'Not Found' } };
}

const ok = (data: readonly unknown[]): RestReply => ({
  status: 200,
  body: { code: '0', data, msg: '' },
});
const refusal = (status: number, code: string, msg: string): RestReply => ({
  status,
  body: { code, data: [], msg },
});
const empty = (name: string): RestReply =>
  refusal(400, '50014', `Parameter ${name} can not be empty`);

function forInstrument(
  quotes: VenueQuotes,
  query: URLSearchParams,
  answer: (instrument: WorldInstrument) => RestReply,
): RestReply {
  const instId = query.get('instId') ?? '';
  if (instId === '') return empty('instId');
  const instrument = quotes.find(instId);
  if (instrument !== undefined) return answer(instrument);
  return refusal(200, '51001', `Instrument ID, ${instId} doesn't exist.`);
}

/** Lists by type: one with `instId`, all swaps without it, nothing of other types. */
const byType =
  (row: (quotes: VenueQuotes, instrument: WorldInstrument) => unknown): Answer =>
  (quotes, query) => {
    const type = query.get('instType') ?? '';
    if (type === '') return empty('instType');
    if (!TYPES.has(type)) return refusal(400, '51000', 'Parameter instType error');
    if (type !== 'SWAP') return ok([]);
    const { instruments } = quotes;
    if (query.has('instId')) return forInstrument(quotes, query, (one) => ok([row(quotes, one)]));
    const family = query.get('instFamily') ?? query.get('uly') ?? '';
    const chosen = instruments.filter((one) => family === '' || familyOf(one) === family);
    return ok(chosen.map((one) => row(quotes, one)));
  };

const familyOf = (instrument: WorldInstrument): string => `${instrument.base}-USDT`;

const instruments = byType((_, instrument) => {
  const largest = sizeText(instrument, instrument.lotsMax);
  return {
    alias: '',
    auctionEndTime: '',
    baseCcy: '',
    category: '1',
    contTdSwTime: String(LIST_AT_MS),
    ctMult: '1',
    ctType: 'linear',
    ctVal: String(instrument.contractSize),
    ctValCcy: instrument.base,
    expTime: '',
    futureSettlement: false,
    instFamily: familyOf(instrument),
    instId: instrument.venueSymbol,
    instIdCode: 10_000 + instrument.ordinal,
    instType: 'SWAP',
    lever: '50',
    listTime: String(LIST_AT_MS),
    lotSz: sizeText(instrument, 1),
    maxIcebergSz: largest,
    maxLmtAmt: '20000000',
    maxLmtSz: largest,
    maxMktAmt: '',
    maxMktSz: largest,
    maxStopSz: largest,
    maxTriggerSz: largest,
    maxTwapSz: largest,
    minSz: sizeText(instrument, instrument.lotsMin),
    openType: '',
    optType: '',
    quoteCcy: '',
    ruleType: 'normal',
    settleCcy: 'USDT',
    state: 'live',
    stk: '',
    tickSz: priceText(instrument, 1),
    uly: familyOf(instrument),
  };
});

/**
 * As in the channel of the same name: `fundingTime` is the settlement ahead, `nextFundingTime` the
 * one after.
 */
export function fundingFields(quotes: VenueQuotes, instrument: WorldInstrument): Fields {
  const { fundingAtMs, fundingIntervalMs } = quotes.world.funding(instrument);
  const [settled] = quotes.settlements(instrument, {
    fromAtMs: 0,
    toAtMs: quotes.nowMs(),
    countMax: 1,
  });
  return {
    formulaType: 'withRate',
    fundingRate: quotes.rateText(instrument),
    fundingTime: String(fundingAtMs),
    impactValue: '20000.0000000000000000',
    instId: instrument.venueSymbol,
    instType: 'SWAP',
    interestRate: '0.0001000000000000',
    maxFundingRate: '0.02',
    method: 'current_period',
    minFundingRate: '-0.02',
    nextFundingRate: '',
    nextFundingTime: String(fundingAtMs + fundingIntervalMs),
    premium: '0',
    prevFundingTime: String(fundingAtMs - fundingIntervalMs),
    settFundingRate: settled?.rateText ?? '',
    settState: 'settled',
    ts: String(quotes.nowMs()),
  };
}

const fundingRate: Answer = (quotes, query) =>
  query.get('instId') === 'ANY'
    ? ok(quotes.instruments.map((one) => fundingFields(quotes, one)))
    : forInstrument(quotes, query, (one) => ok([fundingFields(quotes, one)]));

/** `before` and `after` bound the times from below and above, as everywhere at OKX. */
const fundingRateHistory: Answer = (quotes, query) =>
  forInstrument(quotes, query, (instrument) => {
    const fromAtMs = countOf(query, 'before', 0);
    const toAtMs = countOf(query, 'after', quotes.nowMs());
    const limit = countOf(query, 'limit', 400);
    if (fromAtMs === undefined || toAtMs === undefined || limit === undefined) {
      return refusal(400, '51000', 'Parameter before, after or limit error');
    }
    const within = { fromAtMs, toAtMs, countMax: Math.min(limit, 400) };
    return ok(
      quotes.settlements(instrument, within).map(({ fundingAtMs, rateText }) => ({
        formulaType: 'withRate',
        fundingRate: rateText,
        fundingTime: String(fundingAtMs),
        instId: instrument.venueSymbol,
        instType: 'SWAP',
        method: 'current_period',
        realizedRate: rateText,
      })),
    );
  });

export const markFields = (quotes: VenueQuotes, instrument: WorldInstrument): Fields => ({
  instId: instrument.venueSymbol,
  instType: 'SWAP',
  markPx: quotes.markText(instrument, 1),
  ts: String(quotes.nowMs()),
});

/** Nobody trades in the generated market: volumes are 0 and the day opened at the anchor. */
export function tickerFields(quotes: VenueQuotes, instrument: WorldInstrument): Fields {
  const top = quotes.top(instrument);
  const open = quotes.anchorText(instrument);
  const isUp = Number(top.bidPrice) >= Number(open);
  return {
    instType: 'SWAP',
    instId: instrument.venueSymbol,
    last: top.bidPrice,
    lastSz: '0',
    askPx: top.askPrice,
    askSz: top.askSize,
    bidPx: top.bidPrice,
    bidSz: top.bidSize,
    open24h: open,
    high24h: isUp ? top.bidPrice : open,
    low24h: isUp ? open : top.bidPrice,
    volCcy24h: '0',
    vol24h: '0',
    sodUtc0: open,
    sodUtc8: open,
    ts: String(quotes.bookAtMs(instrument)),
  };
}

/** Price, size, a field that is always 0, and the number of orders. */
export const okxLevels = (
  quotes: VenueQuotes,
  instrument: WorldInstrument,
  levels: readonly WireLevel[],
): readonly (readonly string[])[] =>
  quotes.levels(instrument, levels).map(([price, size]) => [price, size, '0', '1']);

const books: Answer = (quotes, query) =>
  forInstrument(quotes, query, (instrument) => {
    const depth = countOf(query, 'sz', 1);
    if (depth === undefined || depth < 1 || depth > 400) {
      return refusal(400, '51000', 'Parameter sz error');
    }
    const book = quotes.book(instrument);
    return ok([
      {
        asks: okxLevels(quotes, instrument, book.asks(depth)),
        bids: okxLevels(quotes, instrument, book.bids(depth)),
        ts: String(quotes.bookAtMs(instrument)),
        seqId: book.lastId,
      },
    ]);
  });

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/api/v5/public/time': (quotes) => ok([{ ts: String(quotes.nowMs()) }]),
  '/api/v5/public/instruments': instruments,
  '/api/v5/public/funding-rate': fundingRate,
  '/api/v5/public/funding-rate-history': fundingRateHistory,
  '/api/v5/public/mark-price': byType(markFields),
  '/api/v5/market/books': books,
  '/api/v5/market/tickers': byType(tickerFields),
  '/api/v5/market/ticker': (quotes, query) =>
    forInstrument(quotes, query, (one) => ok([tickerFields(quotes, one)])),
};
