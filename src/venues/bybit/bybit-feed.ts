// Bybit v5 linear perpetuals: one socket, and a book starts with a snapshot whenever it is
// subscribed anew.
import type { Feed } from '../../ports/index.ts';
import { subscriptionRequests } from '../subscription-requests.ts';
import type { VenueFeedOptions } from '../venue-feed.ts';
import { VenueFeed } from '../venue-feed.ts';
import type { VenueProtocol } from '../venue-protocol.ts';
import * as mapper from './bybit-mapper.ts';

export const BYBIT_REST_URL = 'https://api.bybit.com';
export const BYBIT_WS_URL = 'wss://stream.bybit.com';

const INSTRUMENTS_PATH = '/v5/market/instruments-info?category=linear&limit=1000';
/** The venue lists about 700 instruments: more pages than this is a cursor that leads nowhere. */
const PAGES_MAX = 20;

const bookTopic = (venueSymbol: string): string => `orderbook.50.${venueSymbol}`;
const request = (op: 'subscribe' | 'unsubscribe', args: readonly string[]): string =>
  JSON.stringify({ op, args });

function subscriptions(venueSymbols: readonly string[]): readonly string[] {
  const topics = venueSymbols.flatMap((symbol) => [bookTopic(symbol), `tickers.${symbol}`]);
  return subscriptionRequests(topics, (some) => request('subscribe', some));
}

const protocol: VenueProtocol = {
  venueId: mapper.BYBIT_VENUE,
  timePath: '/v5/market/time',
  readTime: mapper.readBybitTime,
  list: async (get, wanted) => {
    const entries: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX && (page === 0 || cursor !== undefined); page += 1) {
      const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const read = mapper.readBybitPage(await get(`${INSTRUMENTS_PATH}${from}`));
      entries.push(...read.entries);
      cursor = read.nextCursor;
    }
    return mapper.readBybitListing(entries, wanted);
  },
  lines: (wsUrl, venueSymbols) => [
    { url: `${wsUrl}/v5/public/linear`, greetings: subscriptions(venueSymbols) },
  ],
  pingText: '{"op":"ping"}',
  lifeMs: undefined,
  read: mapper.readBybitFrame,
  snapshots: {
    type: 'stream',
    again: (venueSymbol) => [
      request('unsubscribe', [bookTopic(venueSymbol)]),
      request('subscribe', [bookTopic(venueSymbol)]),
    ],
  },
  checksum: undefined,
};

export const bybitFeed = (options: VenueFeedOptions): Feed => new VenueFeed(protocol, options);
