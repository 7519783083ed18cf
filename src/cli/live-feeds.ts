// The venues' own feeds at configured or given addresses, and the question whether any venue
// answers at all.
import type { Config, EnabledVenue } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import { greatest, toMs, toVenueId } from '../domain/index.ts';
import type { Clock, Feed, FeedSink } from '../ports/index.ts';
import { binanceusdmFeed } from '../venues/binanceusdm/binanceusdm-feed.ts';
import { bybitFeed } from '../venues/bybit/bybit-feed.ts';
import { okxFeed } from '../venues/okx/okx-feed.ts';
import type { VenueFeedOptions } from '../venues/venue-feed.ts';
import type { VenueAddress } from './sandbox-process.ts';

type FeedOf = (options: VenueFeedOptions) => Feed;

interface VenueWiring {
  readonly feed: FeedOf;
  readonly timePath: string;
  /** The venue's clock in an answer of `timePath`. */
  readonly readTime: (reply: unknown) => number;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

const WIRING: Readonly<Record<string, VenueWiring>> = {
  binanceusdm: {
    feed: binanceusdmFeed,
    timePath: '/fapi/v1/time',
    readTime: (reply) => Number(field(reply, 'serverTime')),
  },
  bybit: {
    feed: bybitFeed,
    timePath: '/v5/market/time',
    readTime: (reply) => Number(field(reply, 'time')),
  },
  okx: {
    feed: okxFeed,
    timePath: '/api/v5/public/time',
    readTime: (reply) => Number(field(first(field(reply, 'data')), 'ts')),
  },
};

function wiringOf(venueId: VenueId): VenueWiring {
  const wiring = WIRING[venueId];
  if (wiring === undefined) throw new Error(`venue ${venueId} must have a feed`);
  return wiring;
}

export type Addresses = Readonly<Record<string, VenueAddress>>;

export const configuredAddresses = (config: Config): Addresses =>
  Object.fromEntries(
    enabledVenues(config).map(({ venueId, restUrl, wsUrl }) => [
      venueId,
      { rest: restUrl, ws: wsUrl },
    ]),
  );

export function liveFeeds(config: Config, addresses: Addresses, clock: Clock): readonly Feed[] {
  const symbols = config.strategies.fundingCarry.bases.map((base) => `${base}/USDT:USDT`);
  return enabledVenues(config).flatMap((venue) => {
    const address = addresses[venue.venueId];
    if (address === undefined) return [];
    const options = { restUrl: address.rest, wsUrl: address.ws, symbols, clock };
    return [withFees(wiringOf(venue.venueId).feed(options), venue)];
  });
}

/** What an operator configures as a fee holds when it is worse than what the venue's table says. */
export function withFees(feed: Feed, venue: EnabledVenue): Feed {
  const sinkOf = (sink: FeedSink): FeedSink => ({
    notice: (notice) => sink.notice(notice),
    market: (event, receivedAtMs) => {
      if (event.type !== 'instrument.listed') return sink.market(event, receivedAtMs);
      const takerFeeRate = greatest(event.instrument.takerFeeRate, venue.takerFeeRate);
      const makerFeeRate = greatest(event.instrument.makerFeeRate, venue.makerFeeRate);
      const instrument = { ...event.instrument, takerFeeRate, makerFeeRate };
      return sink.market({ ...event, instrument }, receivedAtMs);
    },
  });
  return {
    venueId: feed.venueId,
    start: (sink) => feed.start(sinkOf(sink)),
    resync: (instrumentId) => feed.resync(instrumentId),
    stop: () => feed.stop(),
  };
}

/** The clock of the first venue that answers in time, or undefined: none can be reached. */
export async function venueTimeMs(
  addresses: Addresses,
  timeoutMs: number,
): Promise<Ms | undefined> {
  const asked = Object.entries(addresses).map(async ([venue, { rest }]) => {
    const { timePath, readTime } = wiringOf(toVenueId(venue));
    const signal = AbortSignal.timeout(timeoutMs);
    const reply: unknown = await (await fetch(`${rest}${timePath}`, { signal })).json();
    return toMs(readTime(reply));
  });
  try {
    return await Promise.any(asked);
  } catch {
    // Every venue failed, each in its own way; that none answers is the whole answer.
    return undefined;
  }
}
