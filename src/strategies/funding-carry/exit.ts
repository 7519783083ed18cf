// When to leave a funding carry. Reasons by time need no data at all; the reason by funding uses
// whatever the venues last said, however old. No gate of an entry is asked, and books are not read:
// leaving is always possible.
import type { ExitSignal, HeldPosition, Ms } from '../../domain/index.ts';
import { isLess, toMs, toNumber, total } from '../../domain/index.ts';
import type { MarketView } from '../../market/view.ts';
import type { FundedLeg, FundingWindow } from '../../pricing/funding-flow.ts';
import { areTermsKnown, fundingFlow } from '../../pricing/funding-flow.ts';
import { bestHold, screenGrossBps } from '../../pricing/hold.ts';
import { SCREEN_TOLERANCE_BPS } from './screen.ts';
import type { FundingCarrySettings } from './settings.ts';

export type ExitReason = 'hold-ended' | 'hold-too-long' | 'funding-faded';

export function exit(
  market: MarketView,
  held: HeldPosition,
  settings: FundingCarrySettings,
  atMs: Ms,
): ExitSignal | undefined {
  const legs = held.legs.map((leg) => ({
    side: leg.side,
    terms: market.get(leg.instrumentId)?.funding,
  }));
  if (isBeingPaid(held, legs, settings, atMs)) return undefined;
  const window = heldOn(held, legs, settings, atMs);
  const signal = (reason: ExitReason): ExitSignal => ({
    tradeId: held.tradeId,
    reason,
    expectedBps: total(legs.map((leg) => fundingFlow(leg, window).fundingBps)),
  });
  if (atMs >= held.plan.leave.holdUntilAtMs) return signal('hold-ended');
  if (atMs >= held.openedAtMs + settings.holdMsMax) return signal('hold-too-long');
  if (!legs.every((leg) => areTermsKnown(leg.terms))) return undefined;
  const { exitBelowBps } = held.plan.leave;
  const isPlenty = screenGrossBps(legs, window) > toNumber(exitBelowBps) + SCREEN_TOLERANCE_BPS;
  if (isPlenty) return undefined;
  const faded = signal('funding-faded');
  return isLess(faded.expectedBps, exitBelowBps) ? faded : undefined;
}

/**
 * Around a settlement that pays us nobody leaves: not shortly before it, by what the venues say
 * now, and not before the venue has had its time to settle the one that the trade was opened for.
 */
function isBeingPaid(
  held: HeldPosition,
  legs: readonly FundedLeg[],
  settings: FundingCarrySettings,
  atMs: Ms,
): boolean {
  const marginMs = settings.settlementMarginMs;
  const soon: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(atMs + marginMs),
    entryMarginMs: toMs(0),
    exitMarginMs: toMs(0),
  };
  if (screenGrossBps(legs, soon) > 0) return true;
  const { holdUntilAtMs } = held.plan.leave;
  const settledAtMs = holdUntilAtMs - marginMs;
  return held.openedAtMs < settledAtMs && atMs >= settledAtMs && atMs < holdUntilAtMs;
}

/**
 * From now to the best end that the plan still allows; income after the plan's own end is nobody's.
 */
function heldOn(
  held: HeldPosition,
  legs: readonly FundedLeg[],
  settings: FundingCarrySettings,
  atMs: Ms,
): FundingWindow {
  const endAtMs = Math.min(held.plan.leave.holdUntilAtMs, held.openedAtMs + settings.holdMsMax);
  const window: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(Math.max(atMs, endAtMs)),
    entryMarginMs: toMs(0),
    exitMarginMs: settings.settlementMarginMs,
  };
  return { ...window, toAtMs: bestHold(legs, window)?.untilAtMs ?? window.toAtMs };
}
