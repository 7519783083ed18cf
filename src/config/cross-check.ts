// What must hold between keys that are each right by themselves. A check names the keys it looks
// at, and is left out when one of them is already refused.
import { isLess, isMore } from '../domain/index.ts';
import type { Config } from './config-schema.ts';
import { venueIds } from './enabled-venues.ts';
import type { VenueKey } from './enabled-venues.ts';

export interface CrossCheck {
  readonly keys: readonly string[];
  readonly isGood: (config: Config) => boolean;
  readonly allowed: string;
}

const VENUES_MIN = 2;
/** Under which names the venues' own hosts are found. */
const VENUE_DOMAINS: Readonly<Record<VenueKey, readonly string[]>> = {
  binanceusdm: ['binance.com'],
  bybit: ['bybit.com', 'bytick.com'],
  okx: ['okx.com'],
};

const tradeChecks: readonly CrossCheck[] = [
  ...(['entry', 'exit'] as const).map((phase) => ({
    keys: [`trade.${phase}.panicAfterMs`, 'engine.orphanMsMax'],
    isGood: (config: Config) => config.trade[phase].panicAfterMs < config.engine.orphanMsMax,
    allowed: 'less than engine.orphanMsMax: a trade gives up before its orphan is overdue',
  })),
  ...(['entry', 'exit'] as const).map((phase) => ({
    keys: ['trade.order.ackTimeoutMs', `trade.${phase}.timeoutMs`],
    isGood: ({ trade }: Config) => trade.order.ackTimeoutMs < trade[phase].timeoutMs,
    allowed: `less than trade.${phase}.timeoutMs: an answer is missed before the phase is over`,
  })),
  {
    keys: ['trade.panic.slippageBps', 'trade.panic.slippageBpsCap'],
    isGood: ({ trade }) => !isMore(trade.panic.slippageBps, trade.panic.slippageBpsCap),
    allowed: 'at most trade.panic.slippageBpsCap',
  },
];

const dataChecks: readonly CrossCheck[] = [
  {
    keys: ['market.watchEveryMs', 'market.staleAfterMs'],
    isGood: ({ market }) => market.watchEveryMs <= market.staleAfterMs,
    allowed: 'at most market.staleAfterMs: staleness is seen in time',
  },
  {
    keys: ['strategies.fundingCarry.bookAgeMsMax', 'market.staleAfterMs'],
    isGood: ({ strategies, market }) => strategies.fundingCarry.bookAgeMsMax <= market.staleAfterMs,
    allowed: 'at most market.staleAfterMs: a stale book may not be traded on',
  },
  {
    keys: ['paper.latencyMsMin', 'paper.latencyMsMax'],
    isGood: ({ paper }) => paper.latencyMsMin <= paper.latencyMsMax,
    allowed: 'at most paper.latencyMsMax',
  },
];

const journalChecks: readonly CrossCheck[] = [
  {
    keys: ['journal.removeAfterDays', 'journal.archiveAfterDays'],
    isGood: ({ journal }) =>
      journal.removeAfterDays === 0 || journal.removeAfterDays >= journal.archiveAfterDays,
    allowed: '0 for never, or at least journal.archiveAfterDays: what is removed was archived',
  },
];

const strategyChecks: readonly CrossCheck[] = [
  {
    keys: ['strategies.fundingCarry.isEnabled'],
    isGood: ({ strategies }) => strategies.fundingCarry.isEnabled,
    allowed: 'true for at least one strategy: an engine without any does nothing',
  },
  {
    keys: ['strategies.fundingCarry.isEnabled', ...venueIds.map((id) => `venues.${id}.isEnabled`)],
    isGood: ({ strategies, venues }) =>
      !strategies.fundingCarry.isEnabled ||
      venueIds.filter((id) => venues[id].isEnabled).length >= VENUES_MIN,
    allowed: `at least ${VENUES_MIN} enabled venues for funding carry`,
  },
  {
    keys: ['strategies.fundingCarry.exitBelowBps', 'strategies.fundingCarry.netEdgeBpsMin'],
    isGood: ({ strategies: { fundingCarry } }) =>
      !isMore(fundingCarry.exitBelowBps, fundingCarry.netEdgeBpsMin),
    allowed: 'at most strategies.fundingCarry.netEdgeBpsMin: a trade is not left as it is entered',
  },
  {
    keys: ['strategies.fundingCarry.horizonMs', 'strategies.fundingCarry.holdMsMax'],
    isGood: ({ strategies: { fundingCarry } }) => fundingCarry.horizonMs <= fundingCarry.holdMsMax,
    allowed: 'at most strategies.fundingCarry.holdMsMax: what is priced in can be waited for',
  },
];

const venueChecks: readonly CrossCheck[] = venueIds.flatMap((id) => [
  {
    keys: [`venues.${id}.makerFeeRate`, `venues.${id}.takerFeeRate`],
    isGood: ({ venues }: Config) => !isLess(venues[id].takerFeeRate, venues[id].makerFeeRate),
    allowed: 'at most the taker fee rate: are the two swapped?',
  },
  {
    keys: [`venues.${id}.apiKey`, `venues.${id}.apiSecret`],
    isGood: ({ venues }: Config) =>
      (venues[id].apiKey === undefined) === (venues[id].apiSecret === undefined),
    allowed: 'both or neither',
  },
  ...(['restUrl', 'wsUrl'] as const).map((field) => ({
    keys: [`venues.${id}.${field}`],
    isGood: ({ venues }: Config) => !isOthersHost(venues[id][field], id),
    allowed: `no address of another venue: are venues swapped?`,
  })),
]);

function isOthersHost(url: string, id: VenueKey): boolean {
  const { hostname } = new URL(url);
  return venueIds
    .filter((other) => other !== id)
    .some((other) => VENUE_DOMAINS[other].some((domain) => isWithin(hostname, domain)));
}

const isWithin = (hostname: string, domain: string): boolean =>
  hostname === domain || hostname.endsWith(`.${domain}`);

export const crossChecks: readonly CrossCheck[] = [
  ...tradeChecks,
  ...dataChecks,
  ...journalChecks,
  ...strategyChecks,
  ...venueChecks,
];
