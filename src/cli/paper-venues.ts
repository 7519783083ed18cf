// The venues of a paper run: one exchange of our own per configured venue, matched against the live
// books, with mishaps on the sandbox so that a first run shows how they are handled. In real time
// their accounts are kept in the data folder.
import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import { seededRandom, toMs } from '../domain/index.ts';
import type { FaultObserver } from '../exchange/index.ts';
import type { ExchangeSettings } from '../exchange/index.ts';
import { demoFaults, Exchange, noFaults } from '../exchange/index.ts';
import type { MarketView } from '../market/view.ts';
import type { Clock } from '../ports/index.ts';
import type { AssembledVenue } from '../runtime/engine-assembly.ts';
import type { LineNews } from '../venues/local-exchange/exchange-line.ts';
import { LocalExchangeVenue } from '../venues/local-exchange/local-exchange-venue.ts';
import { exchangeAddress } from './exchange-address.ts';
import { openPaperAccount } from './paper-accounts.ts';

export interface PaperVenuesParts {
  readonly config: Config;
  readonly seed: number;
  readonly feed: 'live' | 'sandbox';
  readonly clock: Clock;
  readonly market: MarketView;
  readonly startedAtMs: Ms;
  /** The mishaps of the sandbox belong to the start of a run. */
  readonly isResumed: boolean;
  readonly onFault: FaultObserver;
  /** Of an exchange in a process of its own. */
  readonly onLine: (news: LineNews) => void;
  /** An account can no longer be kept. */
  readonly onFailure: (error: Error) => void;
}

/**
 * A venue matches on whatever book it has; ours is a copy, and one this old says nothing about it.
 * Far above the limit for entries, so that no exit fails for an age that only gates entries.
 */
const BOOK_AGE_MS_MAX = toMs(5_000);

/** Venues that take an id again once its order is closed, and later deny it. */
const FORGETFUL: readonly string[] = ['binanceusdm'];

export function paperVenues(parts: PaperVenuesParts): readonly AssembledVenue[] {
  const { config, feed, clock, market, startedAtMs, onFault, onLine, onFailure } = parts;
  const hasMishaps = feed === 'sandbox' && !parts.isResumed;
  const faults = hasMishaps ? demoFaults({ startedAtMs, onFault }) : noFaults();
  const random = seededRandom(`${parts.seed}`);
  const address = exchangeAddress(config);
  return enabledVenues(config).map(({ venueId }) => {
    if (address !== undefined) return new LocalExchangeVenue({ venueId, address, clock, onLine });
    const settings = exchangeSettings(config, venueId);
    const log = openPaperAccount({ config, feed, venueId }, onFailure);
    const kept = log === undefined ? {} : { log };
    return new Exchange({ settings, market, clock, random, faults, ...kept });
  });
}

/** The same for an exchange in the process of the engine and for one of its own. */
export function exchangeSettings(config: Config, venueId: VenueId): ExchangeSettings {
  const { paper, strategies } = config;
  return {
    venueId,
    depositUsd: paper.depositUsd,
    leverage: strategies.fundingCarry.leverage,
    maintenanceMarginRate: paper.maintenanceMarginRate,
    latencyMs: { min: paper.latencyMsMin, max: paper.latencyMsMax },
    bookAgeMsMax: BOOK_AGE_MS_MAX,
    forgetsClosedOrders: FORGETFUL.includes(venueId),
  };
}
