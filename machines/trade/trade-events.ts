// The alphabet of a trade: commands from the scanner and the risk-guard, news of its legs, answers,
// timers.
import type {
  Fill,
  FundingPayment,
  InstrumentId,
  LegId,
  Ms,
  PlanLeg,
  Qty,
  Quote,
} from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';

/** How an order ended, whichever one it was. */
export interface LegEnd {
  readonly code: string;
  readonly attempt: number;
  readonly hasFilled: boolean;
}

export type TradeEvent = { readonly atMs: Ms } & (
  | { readonly type: 'trade.start' }
  /** Leave in good order, when it is open. */
  | { readonly type: 'trade.unwind'; readonly reason: string }
  /** Leave now. */
  | { readonly type: 'trade.panic'; readonly reason: string }
  /** A position that no trade holds: it becomes a leg of this one, which brings it home. */
  | {
      readonly type: 'trade.adopt';
      readonly leg: PlanLeg;
      readonly fill: Fill;
      /** Of the leg that was there before, if there was one. */
      readonly before: Pick<SettledLeg, 'attempt' | 'countedUntilAtMs'>;
    }
  | { readonly type: 'leg.filled'; readonly legId: LegId; readonly fills: readonly Fill[] }
  | ({ readonly type: 'leg.ended'; readonly legId: LegId } & LegEnd)
  | { readonly type: 'leg.unknown'; readonly legId: LegId }
  | { readonly type: 'quote.answered'; readonly legId: LegId; readonly quote: Quote | null }
  | { readonly type: 'exit.signalled'; readonly reason: string }
  /** What was asked of the process that is gone must be asked again. */
  | { readonly type: 'run.resumed' }
  | { readonly type: 'funding.paid'; readonly payment: FundingPayment }
  | { readonly type: 'position.liquidated'; readonly fill: Fill }
  /** What the venue says that we hold, where our fills say otherwise for too long. */
  | {
      readonly type: 'position.corrected';
      readonly instrumentId: InstrumentId;
      readonly qty: Qty;
    }
  | { readonly type: 'timer.entry' }
  | { readonly type: 'timer.orphan' }
  | { readonly type: 'timer.hold' }
  | { readonly type: 'timer.exit' }
  | { readonly type: 'timer.requote' }
  | { readonly type: 'timer.retry' }
  | { readonly type: 'timer.call' }
  | { readonly type: 'timer.late' }
);
