// How long a funded position is best held: until just after the income of one of its legs. Leaving
// later only adds costs, because no income beyond the venues' own estimates is counted.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { FundedLeg, FundingWindow } from './funding-flow.ts';
import { incomeAtMs, screenFlowBps } from './funding-flow.ts';

export interface Hold {
  /** The settlement that pays, plus the margin in which the venue may be late with it. */
  readonly untilAtMs: Ms;
  /** Sum over the legs, in floats. */
  readonly grossBps: number;
}

/** The end within the window with the largest funding; undefined when no leg receives any. */
export function bestHold(legs: readonly FundedLeg[], window: FundingWindow): Hold | undefined {
  let best: Hold | undefined;
  for (const leg of legs) {
    const paidAtMs = incomeAtMs(leg, window);
    if (paidAtMs === undefined) continue;
    const untilAtMs = toMs(paidAtMs + window.exitMarginMs);
    const grossBps = screenGrossBps(legs, { ...window, toAtMs: untilAtMs });
    if (best === undefined || grossBps > best.grossBps) best = { untilAtMs, grossBps };
  }
  return best;
}

export function screenGrossBps(legs: readonly FundedLeg[], window: FundingWindow): number {
  let grossBps = 0;
  for (const leg of legs) grossBps += screenFlowBps(leg, window);
  return grossBps;
}
