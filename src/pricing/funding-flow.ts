// Funding as cash: what a position pays and receives at its venue's own settlement instants. Worst
// case by construction: income counts only from the settlement that the venue has an estimate for
// and only with a margin of time around it; a cost counts at every settlement that might find the
// position open. Rates are never averaged.
import type { Bps, Ms, Side } from '../domain/index.ts';
import { over, times, toBps, toDecimal, toMs, toRate, ZERO_BPS } from '../domain/index.ts';

/** Rate, next settlement and interval of one perpetual, as the market plane holds them. */
export interface FundingTerms {
  /** A fraction per interval; positive is paid by longs to shorts. */
  readonly fundingRate: number;
  readonly fundingAtMs: Ms;
  readonly fundingIntervalMs: Ms;
}

/** A leg without terms neither pays nor receives: spot, or a venue that has not said. */
export interface FundedLeg {
  readonly side: Side;
  readonly terms: FundingTerms | undefined;
}

/** From an opening to a closing, each with the time in which a settlement may or may not count. */
export interface FundingWindow {
  readonly fromAtMs: Ms;
  readonly toAtMs: Ms;
  /** Zero for a position that is open already. */
  readonly entryMarginMs: Ms;
  readonly exitMarginMs: Ms;
}

export interface FundingFlow {
  /** Positive is received. */
  readonly fundingBps: Bps;
  /** The settlements counted, in order. */
  readonly settlementsAtMs: readonly Ms[];
}

/** No venue settles more often; anything shorter is a broken schedule and counts as unknown. */
const INTERVAL_MS_MIN = 60_000;
const HOUR_MS = 3_600_000;

export function fundingFlow(leg: FundedLeg, window: FundingWindow): FundingFlow {
  const settlementsAtMs = settlements(leg, window);
  if (leg.terms === undefined || settlementsAtMs.length === 0) {
    return { fundingBps: ZERO_BPS, settlementsAtMs: [] };
  }
  const receivedRate = toRate(leg.side === 'sell' ? leg.terms.fundingRate : -leg.terms.fundingRate);
  const factor = toDecimal(settlementsAtMs.length * 10_000);
  return { fundingBps: toBps(times(receivedRate, factor)), settlementsAtMs };
}

/** The same in floats, without allocation. */
export function screenFlowBps(leg: FundedLeg, window: FundingWindow): number {
  if (!areTermsKnown(leg.terms)) return 0;
  const bps = signedBps(leg.side, leg.terms.fundingRate);
  if (bps > 0) return isIncomeCounted(leg.terms, window) ? bps : 0;
  const span = costSpan(leg.terms, window);
  return bps === 0 ? 0 : bps * Math.max(0, span.last - span.first + 1);
}

/**
 * The most that a leg can count as income: one settlement, whenever it is. For the first screen.
 */
export function receivableBps(side: Side, terms: FundingTerms | undefined): number {
  if (terms === undefined) return 0;
  const bps = signedBps(side, terms.fundingRate);
  return bps > 0 ? bps : 0;
}

/** For comparing legs with different intervals; nothing is ever paid per hour. */
export function fundingPerHourBps(terms: FundingTerms): Bps {
  const hours = over(toDecimal(terms.fundingIntervalMs), toDecimal(HOUR_MS), 'down');
  const intervalBps = times(toRate(terms.fundingRate), toDecimal(10_000));
  return toBps(over(intervalBps, hours, 'down'));
}

export function areTermsKnown(terms: FundingTerms | undefined): terms is FundingTerms {
  return (
    terms !== undefined &&
    Number.isFinite(terms.fundingRate) &&
    Number.isFinite(terms.fundingAtMs) &&
    terms.fundingIntervalMs >= INTERVAL_MS_MIN &&
    Number.isFinite(terms.fundingIntervalMs)
  );
}

/** When the leg's income is settled, if it has any that counts inside the window. */
export function incomeAtMs(leg: FundedLeg, window: FundingWindow): Ms | undefined {
  if (!areTermsKnown(leg.terms) || signedBps(leg.side, leg.terms.fundingRate) <= 0)
    return undefined;
  return isIncomeCounted(leg.terms, window) ? leg.terms.fundingAtMs : undefined;
}

/** The newest instant at or before now at which the venue settles by its schedule. */
export const lastSettlementAtMs = (terms: FundingTerms, atMs: Ms): Ms =>
  toMs(terms.fundingAtMs + ordinal(terms, atMs) * terms.fundingIntervalMs);

const signedBps = (side: Side, fundingRate: number): number =>
  (side === 'sell' ? fundingRate : -fundingRate) * 10_000;

const isIncomeCounted = (terms: FundingTerms, window: FundingWindow): boolean =>
  terms.fundingAtMs > window.fromAtMs + window.entryMarginMs &&
  terms.fundingAtMs <= window.toAtMs - window.exitMarginMs;

function settlements(leg: FundedLeg, window: FundingWindow): readonly Ms[] {
  if (!areTermsKnown(leg.terms) || leg.terms.fundingRate === 0) return [];
  if (signedBps(leg.side, leg.terms.fundingRate) > 0) {
    return isIncomeCounted(leg.terms, window) ? [leg.terms.fundingAtMs] : [];
  }
  const { fundingAtMs, fundingIntervalMs } = leg.terms;
  const { first, last } = costSpan(leg.terms, window);
  const instants: Ms[] = [];
  for (let at = first; at <= last; at += 1)
    instants.push(toMs(fundingAtMs + at * fundingIntervalMs));
  return instants;
}

/** Ordinals of the settlements that may find the position open; 0 is the next one announced. */
function costSpan(
  terms: FundingTerms,
  window: FundingWindow,
): { readonly first: number; readonly last: number } {
  return {
    first: Math.max(0, ordinal(terms, window.fromAtMs - window.entryMarginMs) + 1),
    last: ordinal(terms, window.toAtMs + window.exitMarginMs),
  };
}

/** Of the settlement at or before the instant; 0 is the one announced, -1 the one before it. */
const ordinal = (terms: FundingTerms, atMs: number): number =>
  Math.floor((atMs - terms.fundingAtMs) / terms.fundingIntervalMs);
