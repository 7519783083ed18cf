// OKX v5 perpetual swaps: one socket, and a book starts with a snapshot whenever it is subscribed
// anew.
import { okxChecksum } from '../../market/checksum.ts';
import type { Feed } from '../../ports/index.ts';
import { subscriptionRequests } from '../subscription-requests.ts';
import type { VenueFeedOptions } from '../venue-feed.ts';
import { VenueFeed } from '../venue-feed.ts';
import type { VenueProtocol } from '../venue-protocol.ts';
import * as mapper from './okx-mapper.ts';

export const OKX_REST_URL = 'https://www.okx.com';
export const OKX_WS_URL = 'wss://ws.okx.com:8443';

const CHANNELS = ['books', 'mark-price', 'funding-rate'] as const;

interface Subscription {
  readonly channel: (typeof CHANNELS)[number];
  readonly instId: string;
}

const request = (op: 'subscribe' | 'unsubscribe', args: readonly Subscription[]): string =>
  JSON.stringify({ op, args });

function subscriptions(venueSymbols: readonly string[]): readonly string[] {
  const args = venueSymbols.flatMap((instId) => CHANNELS.map((channel) => ({ channel, instId })));
  return subscriptionRequests(args, (some) => request('subscribe', some));
}

const protocol: VenueProtocol = {
  venueId: mapper.OKX_VENUE,
  timePath: '/api/v5/public/time',
  readTime: mapper.readOkxTime,
  list: async (get, wanted) =>
    mapper.readOkxListing(await get('/api/v5/public/instruments?instType=SWAP'), wanted),
  lines: (wsUrl, venueSymbols) => [
    { url: `${wsUrl}/ws/v5/public`, greetings: subscriptions(venueSymbols) },
  ],
  pingText: 'ping',
  lifeMs: undefined,
  read: mapper.readOkxFrame,
  snapshots: {
    type: 'stream',
    again: (instId) => [
      request('unsubscribe', [{ channel: 'books', instId }]),
      request('subscribe', [{ channel: 'books', instId }]),
    ],
  },
  checksum: okxChecksum,
};

export const okxFeed = (options: VenueFeedOptions): Feed => new VenueFeed(protocol, options);
