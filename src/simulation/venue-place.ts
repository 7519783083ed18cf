// One venue of the simulated world: the exchange at its own end, and what is wrong with both of its
// wires, whoever is at the other end of them.
import type { InstrumentId, Rate, VenueId } from '../domain/index.ts';
import { seededRandom, times, toInstrumentId, toMs, toRate } from '../domain/index.ts';
import type { FaultPlan } from '../exchange/index.ts';
import { Exchange } from '../exchange/index.ts';
import type { Clock } from '../ports/index.ts';
import { SANDBOX_BASES } from '../sandbox/index.ts';
import { runTagOf } from './engine-life.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { FeedLine } from './feed-line.ts';
import { FeedTrouble } from './feed-trouble.ts';
import { LineTrouble } from './line-trouble.ts';
import type { Scenario } from './scenario.ts';
import type { SimulationSettings } from './simulation-settings.ts';
import type { TrueMarket } from './true-market.ts';
import type { VenueLine } from './venue-line.ts';
import { VenueSite } from './venue-site.ts';

export interface VenuePlace {
  readonly venueId: VenueId;
  readonly exchange: Exchange;
  readonly site: VenueSite;
  readonly feedTrouble: FeedTrouble;
  readonly lineTrouble: LineTrouble;
  /** Of the life that listens, if any. */
  feedLine: FeedLine | undefined;
  venueLine: VenueLine | undefined;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly desk: FaultDesk;
  readonly truth: TrueMarket;
  readonly settings: SimulationSettings;
}

/** What a venue matches on is the truth: it is never older than this. */
const BOOK_AGE_MS_MAX = toMs(5_000);

export function venuePlace(
  venueId: VenueId,
  { seed, faults }: Scenario,
  { clock, desk, truth, settings }: Surroundings,
): VenuePlace {
  const { config } = settings;
  const exchange = new Exchange({
    settings: {
      venueId,
      depositUsd: config.paper.depositUsd,
      leverage: thinned(config.strategies.fundingCarry.leverage, faults['thin-margin']),
      maintenanceMarginRate: config.paper.maintenanceMarginRate,
      // The wires of the simulation take the time.
      latencyMs: { min: 0, max: 0 },
      bookAgeMsMax: BOOK_AGE_MS_MAX,
      forgetsClosedOrders: faults['forgets-closed'] !== undefined,
    },
    ...{ market: truth.view, clock, random: seededRandom(`${seed}`) },
    faults: partialFills(venueId, desk, clock),
  });
  const runTag = runTagOf(seed);
  const isOurs = (clientOrderId: string): boolean => clientOrderId.startsWith(runTag);
  const site = new VenueSite({ exchange, clock, desk, isOurs });
  const place: VenuePlace = {
    ...{ venueId, exchange, site, feedLine: undefined, venueLine: undefined },
    feedTrouble: new FeedTrouble(venueId, () => place.feedLine),
    lineTrouble: new LineTrouble({
      ...{ venueId, random: seededRandom(`way/${seed}/${venueId}`) },
      onUp: () => place.venueLine?.catchUp(),
      impair: (untilAtMs) => site.impair(untilAtMs),
    }),
  };
  return place;
}

/** A venue that lends less than the plans reckon with. */
const thinned = (leverage: Rate, strength: number | undefined): Rate =>
  strength === undefined ? leverage : times(leverage, toRate((1 - 0.6 * strength).toFixed(3)));

function partialFills(venueId: VenueId, desk: FaultDesk, clock: Clock): FaultPlan {
  return {
    faultsFor: (order) => {
      if (order.timeInForce !== 'IOC' || !desk.strikes('partial', venueId, 0.6)) return [];
      desk.note('partial', clock.nowMs(), venueId);
      const share = Math.floor(desk.random('partial', venueId).next() * 100) / 100;
      return [{ kind: 'partial', fillShare: toRate(share) }];
    },
  };
}

export const instrumentsOf = (venueId: VenueId): readonly InstrumentId[] =>
  SANDBOX_BASES.map((base) => toInstrumentId(venueId, `${base}/USDT:USDT`));
