// The alphabet of the scanner: what was found, what the engine and the risk-guard command, what
// trades and streams say of themselves.
import type {
  AccountReport,
  EngineLimits,
  Fill,
  FundingPayment,
  InstrumentId,
  Ms,
  Opportunity,
  Refusal,
  TradeId,
  TradePlan,
  Transfer,
  Usd,
} from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';

export type ScannerEvent = { readonly atMs: Ms } & (
  | {
      readonly type: 'opportunity.found';
      readonly opportunity: Opportunity;
      readonly plan: TradePlan;
    }
  | { readonly type: 'candidate.refused'; readonly key: string; readonly refusal: Refusal }
  | { readonly type: 'run.resumed'; readonly limits: EngineLimits }
  | { readonly type: 'scanner.resume' }
  | { readonly type: 'scanner.halt'; readonly reason: string }
  /** Bring every trade home in good order, open nothing. */
  | { readonly type: 'scanner.drain'; readonly reason: string }
  /** Get out of every trade now. */
  | { readonly type: 'scanner.flatten'; readonly reason: string }
  | { readonly type: 'gate.opened'; readonly instrumentId: InstrumentId }
  | { readonly type: 'gate.closed'; readonly instrumentId: InstrumentId; readonly reason: string }
  | { readonly type: 'account.reported'; readonly report: AccountReport }
  | { readonly type: 'funding.paid'; readonly payment: FundingPayment }
  | { readonly type: 'transfer.made'; readonly transfer: Transfer }
  | { readonly type: 'lease.unreachable' }
  | { readonly type: 'lease.recovered' }
  /** Of an order of this run whose leg is not there. */
  | { readonly type: 'fill.unclaimed'; readonly fill: Fill; readonly hasTrade: boolean }
  | { readonly type: 'trade.opened'; readonly tradeId: TradeId }
  | {
      readonly type: 'trade.settled';
      readonly tradeId: TradeId;
      /** One of its orders could still arrive. */
      readonly hasAbsentOrder: boolean;
    }
  /** A late fill brought a settled trade back. */
  | { readonly type: 'trade.reopened'; readonly tradeId: TradeId; readonly plan: TradePlan }
  /** Settled for so long that no fill is expected any more. */
  | {
      readonly type: 'trade.forgotten';
      readonly tradeId: TradeId;
      readonly legs: readonly SettledLeg[];
    }
  /** Profit or loss of the day so far, as the risk-guard counts it. */
  | { readonly type: 'risk.counted'; readonly day: number; readonly resultUsd: Usd }
);
