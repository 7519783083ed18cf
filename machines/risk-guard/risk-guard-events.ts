// The alphabet of the risk-guard: fills and reports as the venues send them, and two words of the
// trades.
import type {
  AccountReport,
  EngineLimits,
  Fill,
  FundingPayment,
  InstrumentId,
  Ms,
  Qty,
  TradeId,
  VenueId,
} from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';
import type { CorrectedPosition } from './corrected-exposure.ts';

export type GuardEvent = { readonly atMs: Ms } & (
  | { readonly type: 'guard.start' }
  /** One more report that contradicts is enough. */
  | { readonly type: 'guard.recheck' }
  | { readonly type: 'run.resumed'; readonly limits: EngineLimits }
  | { readonly type: 'order.filled'; readonly fill: Fill }
  | { readonly type: 'position.liquidated'; readonly fill: Fill }
  | { readonly type: 'funding.paid'; readonly payment: FundingPayment }
  | { readonly type: 'account.reported'; readonly report: AccountReport }
  | { readonly type: 'account.unavailable'; readonly venueId: VenueId; readonly cause: string }
  | { readonly type: 'trade.panicked'; readonly tradeId: TradeId }
  /** How much the trade may be uneven and still count as covered. */
  | {
      readonly type: 'trade.planned';
      readonly tradeId: TradeId;
      readonly hedgedWithinQty: Qty;
      readonly instrumentIds: readonly InstrumentId[];
    }
  /** The trade took over what the venue says that it holds. */
  | ({ readonly type: 'trade.corrected' } & CorrectedPosition)
  | {
      readonly type: 'trade.forgotten';
      readonly tradeId: TradeId;
      readonly legs: readonly SettledLeg[];
    }
  | { readonly type: 'timer.orphan' }
  | { readonly type: 'timer.account' }
);
