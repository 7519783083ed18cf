// Everything that the decision plane may know. An input gets a sequence number and a time, is
// journaled, and is given to the machines; nothing else reaches them.
import type {
  ClientOrderId,
  InstrumentId,
  LegId,
  Ms,
  TradeId,
  VenueId,
  VenueOrderId,
} from './brand.ts';
import type { Bps, Price, Qty, Rate, Usd } from './decimal.ts';
import type { LeaseReport } from './lease.ts';
import type { AccountReport, Fill, FundingPayment, OrderEnd } from './order.ts';
import type { OrderEvidence, Transfer } from './order.ts';
import type { Opportunity, Refusal } from './opportunity.ts';
import type { TradePlan } from './plan.ts';
import type { RejectCode } from './reject-code.ts';

/** Limits of the engine, from the configuration; the machines read nothing else of it. */
export interface EngineLimits {
  readonly openTradesMax: number;
  readonly marginUsageMax: Rate;
  readonly orphanMsMax: Ms;
  /** Deltas worth less than this are dust, not orphans. */
  readonly orphanUsdMin: Usd;
  readonly cooldownMs: Ms;
  readonly dailyLossUsdMax: Usd;
  readonly liquidationDistanceBpsMin: Bps;
  readonly opportunityAgeMsMax: Ms;
  readonly accountEveryMs: Ms;
  readonly clockOffsetMsMax: Ms;
  readonly flapCountMax: number;
  readonly flapWindowMs: Ms;
  readonly flapHoldMs: Ms;
  /** So many restarts within the window are a crash loop; then nothing is opened for the hold. */
  readonly restartCountMax: number;
  readonly restartWindowMs: Ms;
  readonly restartHoldMs: Ms;
  /** A closed trade still hears late fills for this long. */
  readonly lateFillMs: Ms;
  readonly shutdownGraceMs: Ms;
}

export interface RunStarted {
  readonly type: 'run.started';
  readonly mode: 'paper';
  readonly feed: 'live' | 'sandbox';
  readonly seed: number;
  /** Six characters that make the client order ids of this run its own. */
  readonly runTag: string;
  readonly configHash: string;
  readonly strategies: readonly string[];
  readonly venues: readonly VenueId[];
  readonly limits: EngineLimits;
}

/** The first input after a restart of a run that had not stopped. */
export interface RunResumed {
  readonly type: 'run.resumed';
  /** When the run was last recorded. */
  readonly lastAtMs: Ms;
  readonly configHash: string;
  /** As configured now; they hold for what is opened from here on. */
  readonly limits: EngineLimits;
}

export type OrderReport =
  | {
      readonly type: 'order.accepted';
      readonly clientOrderId: ClientOrderId;
      readonly venueOrderId: VenueOrderId;
    }
  | {
      readonly type: 'order.rejected';
      readonly clientOrderId: ClientOrderId;
      readonly code: RejectCode;
      readonly message: string;
    }
  /** The order may or may not have reached the venue. */
  | {
      readonly type: 'order.unknown';
      readonly clientOrderId: ClientOrderId;
      readonly cause: string;
    }
  | { readonly type: 'order.filled'; readonly fill: Fill }
  | {
      readonly type: 'order.ended';
      readonly clientOrderId: ClientOrderId;
      readonly end: OrderEnd;
      /** All that ever filled of it; fills still missing on our side are asked for. */
      readonly filledQty: Qty;
    }
  | {
      readonly type: 'order.answered';
      readonly clientOrderId: ClientOrderId;
      readonly evidence: OrderEvidence;
    };

export type VenueReport =
  | OrderReport
  | { readonly type: 'account.reported'; readonly report: AccountReport }
  | { readonly type: 'account.unavailable'; readonly venueId: VenueId; readonly cause: string }
  | { readonly type: 'funding.paid'; readonly payment: FundingPayment }
  | { readonly type: 'transfer.made'; readonly transfer: Transfer }
  /** The venue closed (a part of) our position itself. */
  | { readonly type: 'position.liquidated'; readonly fill: Fill }
  /** Everything that the venue did for us since the instant asked about was reported again. */
  | { readonly type: 'activity.reported'; readonly venueId: VenueId };

/** One market stream changed its condition. */
export type StreamReport = { readonly instrumentId: InstrumentId; readonly venueId: VenueId } & (
  | { readonly type: 'stream.connected' }
  | { readonly type: 'stream.disconnected'; readonly cause: string }
  | { readonly type: 'stream.synced' }
  | { readonly type: 'stream.gapped'; readonly cause: string }
  /** Data older than its limit, by data time; heartbeats do not count. */
  | { readonly type: 'stream.stale'; readonly ageMs: Ms }
  | { readonly type: 'stream.fresh' }
  | { readonly type: 'stream.crossed' }
  | { readonly type: 'stream.uncrossed' }
  | { readonly type: 'stream.clock'; readonly offsetMs: Ms; readonly doubtMs: Ms }
);

/** The answer to `quote.ask`: the touch right now, or why there is none. */
export interface QuoteAnswered {
  readonly type: 'quote.answered';
  readonly tradeId: TradeId;
  readonly legId: LegId;
  readonly quote: Quote | null;
}

export interface Quote {
  readonly bidPrice: Price;
  readonly askPrice: Price;
  readonly ageMs: Ms;
}

export type OperatorCommand =
  /** Stop opening; keep managing what is open. */
  | { readonly type: 'operator.halt'; readonly reason: string }
  | { readonly type: 'operator.resume' }
  /** Halt and flatten; stays until an operator resumes. */
  | { readonly type: 'operator.kill'; readonly reason: string }
  /** End the run: stop opening, bring open trades home within the grace, then stop. */
  | { readonly type: 'operator.stop'; readonly reason: string }
  /** End the process and keep what is open: the next start resumes the run. */
  | { readonly type: 'operator.leave'; readonly reason: string };

export type Input =
  | RunStarted
  | RunResumed
  | {
      readonly type: 'opportunity.found';
      readonly opportunity: Opportunity;
      readonly plan: TradePlan;
    }
  /**
   * A candidate that the market plane refused: recorded when its gate changes, for questions
   * afterwards.
   */
  | {
      readonly type: 'candidate.refused';
      readonly strategy: string;
      readonly key: string;
      readonly refusal: Refusal;
    }
  | {
      readonly type: 'exit.signalled';
      readonly tradeId: TradeId;
      readonly reason: string;
      readonly expectedBps: Bps;
    }
  | QuoteAnswered
  | StreamReport
  | VenueReport
  | OperatorCommand
  | LeaseReport
  | { readonly type: 'timer.fired'; readonly actor: string; readonly timer: string };
