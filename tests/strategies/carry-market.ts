// The market that the tests of funding carry start from: two venues, one settlement in 45 s, 40 bps
// apart.
import { toBps, toMs, toRate, toUsd } from '../../src/domain/index.ts';
import type { Candidate, PhasePolicy } from '../../src/domain/index.ts';
import { discovery } from '../../src/strategies/funding-carry/discover.ts';
import type { FundingCarrySettings } from '../../src/strategies/funding-carry/settings.ts';
import type { Listing } from './plain-market.ts';
import { listed, marketOf } from './plain-market.ts';

export const NOW_MS = Date.UTC(2026, 10, 20, 7, 59, 15);
export const SETTLED_AT_MS = Date.UTC(2026, 10, 20, 8);

const phase: PhasePolicy = {
  timeoutMs: toMs(1_200),
  panicAfterMs: toMs(500),
  chase: { chaseCountMax: 3, stepBps: toBps('2'), budgetBps: toBps('10') },
  slippageBpsMax: toBps('5'),
};

export const settings: FundingCarrySettings = {
  netEdgeBpsMin: toBps('5'),
  grossEdgeBpsFloor: toBps('10'),
  notionalUsd: toUsd('10000'),
  horizonMs: toMs(8 * 3_600_000 + 300_000),
  settlementMarginMs: toMs(15_000),
  slippageBufferBps: toBps('1'),
  basisBufferBps: toBps('2'),
  bookAgeMsMax: toMs(500),
  leverage: toRate('3'),
  exitBelowBps: toBps('2'),
  holdMsMax: toMs(24 * 3_600_000),
  entry: phase,
  exit: phase,
  panic: {
    slippageBps: toBps('20'),
    slippageBpsCap: toBps('200'),
    attemptCountMax: 5,
    retryMs: toMs(200),
  },
  order: { ackTimeoutMs: toMs(800), queryEveryMs: toMs(300), propagationMs: toMs(2_000) },
};

/** Longs are paid 20 bps here. */
export const okx: Listing = {
  venue: 'okx',
  bids: [
    [49_997.5, 10],
    [49_990, 500],
  ],
  asks: [
    [50_002.5, 10],
    [50_010, 500],
  ],
  fundingRate: -0.002,
  fundingAtMs: SETTLED_AT_MS,
  bookAtMs: NOW_MS - 40,
  contractSize: '0.01',
  qtyStep: '0.01',
  qtyMin: '0.01',
};

/** Shorts are paid 20 bps here. */
export const bybit: Listing = {
  venue: 'bybit',
  bids: [[49_997.5, 3]],
  asks: [[50_002.5, 3]],
  fundingRate: 0.002,
  fundingAtMs: SETTLED_AT_MS,
  bookAtMs: NOW_MS - 120,
  takerFeeRate: '0.00055',
};

/** What is discovered when the first of the two has changed, and nothing was told before. */
export function found(
  one: Listing,
  other: Listing,
  given: FundingCarrySettings = settings,
  atMs = NOW_MS,
): readonly Candidate[] {
  const [changed, partner] = [listed(one), listed(other)];
  return discovery(given)(marketOf(changed, partner), changed, toMs(atMs), () => false);
}
