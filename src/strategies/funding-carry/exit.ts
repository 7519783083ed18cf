// When to leave a funding carry: not while the settlements that come are expected to pay for
// staying, because entering again would cost a second round trip. The longest hold needs no data;
// the reason by funding uses whatever the venues last said, however old. No gate of an entry is
// asked, and books are not read: leaving is always possible.
import type { Bps, ExitSignal, HeldPosition, Ms } from '../../domain/index.ts';
import { isLess, toMs, toNumber, total } from '../../domain/index.ts';
import type { MarketView } from '../../market/view.ts';
import type { FundedLeg, FundingWindow } from '../../pricing/funding-flow.ts';
import { areTermsKnown, fundingFlow, lastSettlementAtMs } from '../../pricing/funding-flow.ts';
import { bestHold, screenGrossBps } from '../../pricing/hold.ts';
import { SCREEN_TOLERANCE_BPS } from './screen.ts';
import type { FundingCarrySettings } from './settings.ts';

export function exit(
  market: MarketView,
  held: HeldPosition,
  settings: FundingCarrySettings,
  atMs: Ms,
): ExitSignal | undefined {
  const { exitBelowBps, holdUntilAtMs } = held.plan.leave;
  const legs = held.legs.map((leg) => ({
    side: leg.side,
    terms: market.get(leg.instrumentId)?.funding,
  }));
  const window = heldOn(legs, { atMs, holdUntilAtMs, settings });
  const { tradeId } = held;
  if (atMs >= holdUntilAtMs) {
    return { tradeId, reason: 'hold-ended', expectedBps: expectedBps(legs, window) };
  }
  if (!legs.every((leg) => areTermsKnown(leg.terms))) return undefined;
  const isPlenty = screenGrossBps(legs, window) > toNumber(exitBelowBps) + SCREEN_TOLERANCE_BPS;
  if (isPlenty || isBeingPaid(legs, { atMs, openedAtMs: held.openedAtMs, settings })) {
    return undefined;
  }
  const fadedBps = expectedBps(legs, window);
  if (!isLess(fadedBps, exitBelowBps)) return undefined;
  return { tradeId, reason: 'funding-faded', expectedBps: fadedBps };
}

const expectedBps = (legs: readonly FundedLeg[], window: FundingWindow): Bps =>
  total(legs.map((leg) => fundingFlow(leg, window).fundingBps));

/**
 * From now to the best end within the horizon and the longest hold; all of it when nothing is
 * received. Income that would come later is nobody's.
 */
function heldOn(
  legs: readonly FundedLeg[],
  limits: {
    readonly atMs: Ms;
    readonly holdUntilAtMs: Ms;
    readonly settings: FundingCarrySettings;
  },
): FundingWindow {
  const { atMs, holdUntilAtMs, settings } = limits;
  const endAtMs = Math.min(holdUntilAtMs, atMs + settings.horizonMs);
  const window: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(Math.max(atMs, endAtMs)),
    entryMarginMs: toMs(0),
    exitMarginMs: settings.settlementMarginMs,
  };
  return { ...window, toAtMs: bestHold(legs, window)?.untilAtMs ?? window.toAtMs };
}

/**
 * Around a settlement nobody leaves: not shortly before one that pays us, by what the venues say
 * now, and not before a venue has had its time to settle one that found the position open.
 */
function isBeingPaid(
  legs: readonly FundedLeg[],
  held: {
    readonly atMs: Ms;
    readonly openedAtMs: Ms;
    readonly settings: FundingCarrySettings;
  },
): boolean {
  const { atMs, openedAtMs } = held;
  const marginMs = held.settings.settlementMarginMs;
  const soon: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(atMs + marginMs),
    entryMarginMs: toMs(0),
    exitMarginMs: toMs(0),
  };
  if (screenGrossBps(legs, soon) > 0) return true;
  return legs.some(({ terms }) => {
    if (!areTermsKnown(terms)) return false;
    const settledAtMs = lastSettlementAtMs(terms, atMs);
    return settledAtMs >= openedAtMs && atMs < settledAtMs + marginMs;
  });
}
