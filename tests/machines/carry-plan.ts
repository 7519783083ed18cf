// A plan to trade: long BTC at okx, short at bybit, with limits that are easy to compute by hand.
// And the opportunity that proposes it, and the run that takes it.
import type {
  AccountReport,
  EngineLimits,
  Input,
  InstrumentId,
  Opportunity,
  PlanLeg,
  RunStarted,
  Side,
  TradePlan,
  VenueId,
} from '../../src/domain/index.ts';
import {
  toBps,
  toInstrumentId,
  toLegId,
  toMs,
  toPrice,
  toQty,
  toRate,
  toUsd,
  toVenueId,
} from '../../src/domain/index.ts';

export const START_AT_MS = toMs(Date.UTC(2026, 10, 21, 12));
export const RUN_TAG = 'test01';
export const OKX = toVenueId('okx');
export const BYBIT = toVenueId('bybit');

export const perpetual = (venueId: VenueId, base = 'BTC'): InstrumentId =>
  toInstrumentId(venueId, `${base}/USDT:USDT`);

export const LIMITS: EngineLimits = {
  openTradesMax: 2,
  marginUsageMax: toRate('0.3'),
  orphanMsMax: toMs(500),
  orphanUsdMin: toUsd('10'),
  cooldownMs: toMs(60_000),
  dailyLossUsdMax: toUsd('500'),
  liquidationDistanceBpsMin: toBps('1000'),
  opportunityAgeMsMax: toMs(250),
  accountEveryMs: toMs(5_000_000),
  clockOffsetMsMax: toMs(250),
  flapCountMax: 3,
  flapWindowMs: toMs(10_000),
  flapHoldMs: toMs(5_000),
  restartCountMax: 3,
  restartWindowMs: toMs(10_000),
  restartHoldMs: toMs(5_000),
  lateFillMs: toMs(30_000),
  shutdownGraceMs: toMs(10_000),
};

export const runStarted = (limits: Partial<EngineLimits> = {}): RunStarted => ({
  type: 'run.started',
  mode: 'paper',
  feed: 'sandbox',
  seed: 7,
  runTag: RUN_TAG,
  configHash: 'c0ffee',
  strategies: ['funding-carry'],
  venues: [OKX, BYBIT],
  limits: { ...LIMITS, ...limits },
});

const leg = (
  name: string,
  venueId: VenueId,
  side: Side,
  prices: { readonly base: string; readonly reference: string; readonly limit: string },
): PlanLeg => ({
  legId: toLegId(name),
  venueId,
  instrumentId: perpetual(venueId, prices.base),
  side,
  qty: toQty('1'),
  referencePrice: toPrice(prices.reference),
  limitPrice: toPrice(prices.limit),
  tickSize: toPrice('0.1'),
  qtyStep: toQty('0.01'),
  qtyMin: toQty('0.01'),
});

/**
 * Entry 1,200 ms, alone 400 ms at most, two chases of 5 bps within 20; exit likewise with more
 * time.
 */
export const carryPlan = (base = 'BTC'): TradePlan => ({
  strategy: 'funding-carry',
  key: `${base} okx>bybit`,
  base,
  legs: [
    leg('a', OKX, 'buy', { base, reference: '10000', limit: '10010' }),
    leg('b', BYBIT, 'sell', { base, reference: '10050', limit: '10040' }),
  ],
  entry: {
    timeoutMs: toMs(1200),
    panicAfterMs: toMs(400),
    chase: { chaseCountMax: 2, stepBps: toBps('5'), budgetBps: toBps('20') },
    slippageBpsMax: toBps('10'),
  },
  exit: {
    timeoutMs: toMs(5000),
    panicAfterMs: toMs(450),
    chase: { chaseCountMax: 2, stepBps: toBps('10'), budgetBps: toBps('100') },
    slippageBpsMax: toBps('10'),
  },
  panic: {
    slippageBps: toBps('50'),
    slippageBpsCap: toBps('300'),
    attemptCountMax: 5,
    retryMs: toMs(200),
  },
  order: { ackTimeoutMs: toMs(300), queryEveryMs: toMs(250), propagationMs: toMs(2000) },
  hedgedWithinQty: toQty('0.009'),
  leave: {
    holdUntilAtMs: toMs(START_AT_MS + 8 * 3_600_000),
    pricedUntilAtMs: toMs(START_AT_MS + 8 * 3_600_000),
    exitBelowBps: toBps('-5'),
  },
  marginUsdPerLeg: toUsd('2000'),
  notionalUsd: toUsd('10000'),
  netEdgeBps: toBps('12'),
});

export const proposal = (
  plan: TradePlan,
  seenAtMs: number,
): Extract<Input, { type: 'opportunity.found' }> => ({
  type: 'opportunity.found',
  opportunity: opportunityOf(plan, seenAtMs),
  plan,
});

function opportunityOf(plan: TradePlan, seenAtMs: number): Opportunity {
  return {
    strategy: plan.strategy,
    key: plan.key,
    base: plan.base,
    seenAtMs: toMs(seenAtMs),
    qty: toQty('1'),
    notionalUsd: plan.notionalUsd,
    legs: plan.legs.map(({ instrumentId, side, referencePrice }) => ({
      instrumentId,
      side,
      bookSequence: 7,
      bookAgeMs: toMs(20),
      entryVwap: referencePrice,
      exitVwap: referencePrice,
      feeBps: toBps('5'),
      fundingBps: toBps('20'),
      settlementsAtMs: [],
    })),
    edge: {
      grossEdgeBps: toBps('40'),
      feesBps: toBps('20'),
      slippageBps: toBps('6'),
      basisBufferBps: toBps('2'),
      netEdgeBps: plan.netEdgeBps,
    },
  };
}

/** Asked for after all that a test tells, unless said otherwise. */
const ASKED_AT_MS = toMs(START_AT_MS + 365 * 86_400_000);

export const account = (
  venueId: VenueId,
  rest: Partial<AccountReport> = {},
): Extract<Input, { type: 'account.reported' }> => ({
  type: 'account.reported',
  report: {
    venueId,
    askedAtMs: ASKED_AT_MS,
    equityUsd: toUsd('100000'),
    marginUsedUsd: toUsd('0'),
    positions: [],
    ...rest,
  },
});
