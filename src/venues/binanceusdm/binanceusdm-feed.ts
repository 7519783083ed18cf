// Binance USDⓈ-M perpetuals: books and mark prices come over two sockets, because the venue split
// its streams by path, and books start from a snapshot by request.
import { toMs } from '../../domain/index.ts';
import type { Feed } from '../../ports/index.ts';
import type { VenueFeedOptions } from '../venue-feed.ts';
import { VenueFeed } from '../venue-feed.ts';
import type { VenueProtocol } from '../venue-protocol.ts';
import * as mapper from './binanceusdm-mapper.ts';

export const BINANCEUSDM_REST_URL = 'https://fapi.binance.com';
export const BINANCEUSDM_WS_URL = 'wss://fstream.binance.com';

/** The venue cuts a connection after 24 hours. */
const LIFE_MS = toMs(23 * 3_600_000);

const combined = (path: string, streams: readonly string[]): string =>
  `${path}/stream?streams=${streams.join('/')}`;

const protocol: VenueProtocol = {
  venueId: mapper.BINANCEUSDM,
  timePath: '/fapi/v1/time',
  readTime: mapper.readBinanceusdmTime,
  list: async (get, wanted) => {
    const exchangeInfo = await get('/fapi/v1/exchangeInfo');
    const fundingInfo = await get('/fapi/v1/fundingInfo');
    return mapper.readBinanceusdmListing({ exchangeInfo, fundingInfo }, wanted);
  },
  lines: (wsUrl, venueSymbols) => {
    const streams = (name: string): readonly string[] =>
      venueSymbols.map((symbol) => `${symbol.toLowerCase()}@${name}`);
    return [
      { url: combined(`${wsUrl}/public`, streams('depth@100ms')), greetings: [] },
      { url: combined(`${wsUrl}/market`, streams('markPrice@1s')), greetings: [] },
    ];
  },
  pingText: undefined,
  lifeMs: LIFE_MS,
  read: mapper.readBinanceusdmFrame,
  snapshots: {
    type: 'request',
    path: (venueSymbol) => `/fapi/v1/depth?symbol=${encodeURIComponent(venueSymbol)}&limit=1000`,
    read: mapper.readBinanceusdmDepth,
  },
  checksum: undefined,
};

export const binanceusdmFeed = (options: VenueFeedOptions): Feed =>
  new VenueFeed(protocol, options);
