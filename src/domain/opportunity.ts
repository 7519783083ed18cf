// What a strategy saw, with every cost named, so that a refusal can be explained and a trade
// audited.
import type { InstrumentId, Ms } from './brand.ts';
import type { Bps, Price, Qty, Usd } from './decimal.ts';
import type { Side } from './order.ts';
import type { TradePlan } from './plan.ts';

/**
 * One leg as it was priced: the book that was read, its age, and what it would cost to get in and
 * out.
 */
export interface LegEvidence {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly bookSequence: number;
  readonly bookAgeMs: Ms;
  readonly entryVwap: Price;
  readonly exitVwap: Price;
  readonly feeBps: Bps;
  /** Expected over the horizon; positive is received. */
  readonly fundingBps: Bps;
  readonly settlementsAtMs: readonly Ms[];
}

/** From gross to net, in bps of one leg's notional; costs are positive. */
export interface EdgeEvidence {
  readonly grossEdgeBps: Bps;
  readonly feesBps: Bps;
  readonly slippageBps: Bps;
  readonly basisBufferBps: Bps;
  readonly netEdgeBps: Bps;
}

export interface Opportunity {
  readonly strategy: string;
  /** Same pair, same direction, same key: `BTC okx>bybit` is long at okx, short at bybit. */
  readonly key: string;
  readonly base: string;
  readonly seenAtMs: Ms;
  readonly qty: Qty;
  readonly notionalUsd: Usd;
  readonly legs: readonly LegEvidence[];
  readonly edge: EdgeEvidence;
}

/** The gate that said no, and by how much: `limit` minus `found`, in the gate's own unit. */
export interface Refusal {
  readonly gate: string;
  readonly found: string;
  readonly limit: string;
  readonly unit: 'bps' | 'usd' | 'ms' | 'qty' | 'ratio' | 'count' | 'state';
}

export type Candidate =
  | {
      readonly kind: 'accepted';
      readonly opportunity: Opportunity;
      readonly plan: TradePlan;
    }
  | {
      readonly kind: 'refused';
      readonly key: string;
      readonly base: string;
      readonly strategy: string;
      readonly refusal: Refusal;
    };
