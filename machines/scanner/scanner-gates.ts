// The gates that an opportunity passes, in order, and the scanner's memory that they read. A
// refusal names its gate, what was found and what is allowed. Nothing here is asked when a trade
// wants to leave.
import type {
  AccountReport,
  EngineLimits,
  FundingPayment,
  InstrumentId,
  Ms,
  Opportunity,
  Rate,
  Refusal,
  TradeId,
  TradePlan,
  Usd,
  VenueId,
} from '../../src/domain/index.ts';
import {
  entriesOf,
  greatest,
  isLess,
  isMore,
  isPositive,
  keyed,
  negate,
  plus,
  ratio,
  toMs,
  toRate,
  total,
  ZERO_USD,
} from '../../src/domain/index.ts';
import type { SettledTrades } from '../settled-legs.ts';
import type { TradedLeg } from './adoption.ts';
import type { KnownAccounts } from './known-accounts.ts';

export const DAY_MS = 86_400_000;

export interface ScannerInput {
  readonly runTag: string;
  readonly limits: EngineLimits;
}

export interface OpenTrade {
  readonly key: string;
  readonly instrumentIds: readonly InstrumentId[];
  readonly venueIds: readonly VenueId[];
  readonly marginUsdPerLeg: Usd;
  readonly plannedAtMs: Ms;
}

export interface ScannerContext extends ScannerInput, KnownAccounts {
  readonly tradeCount: number;
  readonly lastPlan: TradePlan | null;
  readonly settledTrades: SettledTrades;
  readonly tradedLegs: Readonly<Record<InstrumentId, TradedLeg>>;
  readonly openTrades: Readonly<Record<TradeId, OpenTrade>>;
  readonly cooldownUntilAtMs: Readonly<Record<InstrumentId, Ms>>;
  /** Streams that may be traded on. */
  readonly openGates: readonly InstrumentId[];
  /** The newest settlement that each instrument was paid for: a payment counts once. */
  readonly paidAtMs: Readonly<Record<InstrumentId, Ms>>;
  readonly isLeaseAway: boolean;
  readonly day: number;
  readonly dayResultUsd: Usd;
  readonly refusalCounts: Readonly<Record<string, number>>;
  readonly lastRefusal: (Refusal & { readonly key: string }) | null;
}

export const emptyScanner = (input: ScannerInput): ScannerContext => ({
  ...input,
  tradeCount: 0,
  lastPlan: null,
  settledTrades: {},
  tradedLegs: {},
  openTrades: {},
  cooldownUntilAtMs: {},
  openGates: [],
  ...{ accounts: {}, withdrawals: [] },
  paidAtMs: {},
  isLeaseAway: false,
  day: 0,
  dayResultUsd: ZERO_USD,
  refusalCounts: {},
  lastRefusal: null,
});

export interface Proposal {
  readonly opportunity: Opportunity;
  readonly plan: TradePlan;
  readonly atMs: Ms;
}

type Gate = (scanner: ScannerContext, proposal: Proposal) => Refusal | undefined;

const streams: Gate = (scanner, { plan }) => {
  const closed = plan.legs.find(({ instrumentId }) => !scanner.openGates.includes(instrumentId));
  return closed && refusal('stream', closed.instrumentId, 'healthy', 'state');
};

const age: Gate = ({ limits }, { opportunity, atMs }) => {
  const ageMs = atMs - opportunity.seenAtMs;
  return ageMs > limits.opportunityAgeMsMax
    ? refusal('opportunity-age', ageMs, limits.opportunityAgeMsMax, 'ms')
    : undefined;
};

const alreadyOpen: Gate = (scanner, { plan }) => {
  const [holder] = Object.entries(scanner.openTrades).find(([, trade]) =>
    plan.legs.some(({ instrumentId }) => trade.instrumentIds.includes(instrumentId)),
  ) ?? [undefined];
  return holder === undefined ? undefined : refusal('already-open', holder, 'none', 'state');
};

const cooldown: Gate = (scanner, { plan, atMs }) => {
  const until = Math.max(
    ...plan.legs.map(({ instrumentId }) => scanner.cooldownUntilAtMs[instrumentId] ?? 0),
  );
  return until > atMs ? refusal('cooldown', until - atMs, 0, 'ms') : undefined;
};

const openTrades: Gate = ({ openTrades: open, limits }) => {
  const count = Object.keys(open).length;
  return count >= limits.openTradesMax
    ? refusal('open-trades', count + 1, limits.openTradesMax, 'count')
    : undefined;
};

const margin: Gate = (scanner, { plan, atMs }) => {
  for (const { venueId } of plan.legs) {
    const account = scanner.accounts[venueId];
    if (account === undefined) return refusal('account-known', venueId, 'reported', 'state');
    const usage = marginUsageWith(scanner, account, marginUsdAt(venueId, openTradeOf(plan, atMs)));
    if (isMore(usage, scanner.limits.marginUsageMax)) {
      return refusal('margin-usage', usage, scanner.limits.marginUsageMax, 'ratio');
    }
  }
  return undefined;
};

/**
 * Worst of what the venue reported and what our open trades bind, plus what the new trade binds
 * there.
 */
function marginUsageWith(scanner: ScannerContext, account: AccountReport, addedUsd: Usd): Rate {
  if (!isPositive(account.equityUsd)) return toRate('1');
  const boundUsd = total(
    Object.values(scanner.openTrades).map((open) => marginUsdAt(account.venueId, open)),
  );
  const usedUsd = plus(greatest(account.marginUsedUsd, boundUsd), addedUsd);
  return ratio(usedUsd, account.equityUsd, 'up');
}

/** Each leg binds its margin, also when two stand at one venue. */
const marginUsdAt = (venueId: VenueId, open: OpenTrade): Usd =>
  total(open.venueIds.filter((id) => id === venueId).map(() => open.marginUsdPerLeg));

const dailyLoss: Gate = (scanner, { atMs }) => {
  const isToday = scanner.day === Math.floor(atMs / DAY_MS);
  const lossUsd = isToday ? negate(scanner.dayResultUsd) : ZERO_USD;
  return isLess(lossUsd, scanner.limits.dailyLossUsdMax)
    ? undefined
    : refusal('daily-loss', lossUsd, scanner.limits.dailyLossUsdMax, 'usd');
};

const lease: Gate = ({ isLeaseAway }) =>
  isLeaseAway ? refusal('lease', 'unreachable', 'held', 'state') : undefined;

const GATES = [lease, streams, age, alreadyOpen, cooldown, openTrades, margin, dailyLoss] as const;

/** The first gate that refuses, or undefined: approved. */
export function refuse(scanner: ScannerContext, proposal: Proposal): Refusal | undefined {
  for (const gate of GATES) {
    const refused = gate(scanner, proposal);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

export const refusal = (
  gate: string,
  found: string | number,
  limit: string | number,
  unit: Refusal['unit'],
): Refusal => ({ gate, found: String(found), limit: String(limit), unit });

export function withRefusal(
  scanner: ScannerContext,
  key: string,
  refused: Refusal,
): Pick<ScannerContext, 'refusalCounts' | 'lastRefusal'> {
  const count = (scanner.refusalCounts[refused.gate] ?? 0) + 1;
  return {
    refusalCounts: { ...scanner.refusalCounts, [refused.gate]: count },
    lastRefusal: { key, ...refused },
  };
}

export const openTradeOf = (plan: TradePlan, plannedAtMs: Ms): OpenTrade => ({
  plannedAtMs,
  key: plan.key,
  instrumentIds: plan.legs.map(({ instrumentId }) => instrumentId),
  venueIds: plan.legs.map(({ venueId }) => venueId),
  marginUsdPerLeg: plan.marginUsdPerLeg,
});

export interface SettledTrade {
  readonly tradeId: TradeId;
  readonly hasAbsentOrder: boolean;
  readonly atMs: Ms;
}

/**
 * A settled trade frees its slot and starts the cooldown of its instruments; past ones are dropped.
 * Positions of one account are netted, so that an order which arrives after all would undo the next
 * trade: where one could, the instruments rest for as long as late fills are heard.
 */
export function withoutTrade(
  scanner: ScannerContext,
  { tradeId, hasAbsentOrder, atMs }: SettledTrade,
): Pick<ScannerContext, 'openTrades' | 'cooldownUntilAtMs'> {
  const { [tradeId]: settled, ...rest } = scanner.openTrades;
  const { cooldownMs, lateFillMs } = scanner.limits;
  const until = toMs(atMs + (hasAbsentOrder ? Math.max(cooldownMs, lateFillMs) : cooldownMs));
  return {
    openTrades: rest,
    cooldownUntilAtMs: keyed([
      ...entriesOf(scanner.cooldownUntilAtMs).filter(([, past]) => past > atMs),
      ...(settled?.instrumentIds ?? []).map((instrumentId) => [instrumentId, until] as const),
    ]),
  };
}

export const isNewPayment = (scanner: ScannerContext, payment: FundingPayment): boolean =>
  payment.fundingAtMs > (scanner.paidAtMs[payment.instrumentId] ?? -Infinity);

export const holderOf = (scanner: ScannerContext, instrumentId: InstrumentId): string | undefined =>
  Object.entries(scanner.openTrades).find(([, { instrumentIds }]) =>
    instrumentIds.includes(instrumentId),
  )?.[0];
