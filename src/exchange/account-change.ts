// What can happen to an account, as facts in the order of happening. They are the only things that
// change it: an account is what its facts made of it, so that a venue which kept them is the same
// venue after a restart.
import type { ClientOrderId, Fill, FundingPayment, InstrumentId, Ms } from '../domain/index.ts';
import type { OrderEnd, OrderRequest, Qty, Transfer, Usd } from '../domain/index.ts';
import type { VenueId, VenueOrderId } from '../domain/index.ts';
import type { Activity } from './activity-memory.ts';
import type { Fault } from './fault-plan.ts';
import type { Settlement } from './funding-schedule.ts';
import type { ClosedOrder, VenueOrder } from './order-memory.ts';
import type { LedgerEntry } from './venue-ledger.ts';

export type AccountChange =
  | { readonly type: 'account.opened'; readonly atMs: Ms; readonly depositUsd: Usd }
  | {
      readonly type: 'order.accepted';
      readonly atMs: Ms;
      readonly request: OrderRequest;
      readonly venueOrderId: VenueOrderId;
      readonly faults: readonly Fault[];
    }
  | { readonly type: 'order.filled' | 'position.liquidated'; readonly fill: Fill }
  | {
      readonly type: 'order.ended';
      readonly atMs: Ms;
      readonly clientOrderId: ClientOrderId;
      readonly end: OrderEnd;
    }
  | { readonly type: 'funding.paid'; readonly atMs: Ms; readonly payment: FundingPayment }
  | { readonly type: 'transfer.made'; readonly transfer: Transfer }
  /** How older accounts were told of an insurance; it is read and not written any more. */
  | { readonly type: 'insurance.paid'; readonly atMs: Ms; readonly amountUsd: Usd }
  /** A position is held towards this settlement: it is owed, whoever is there to see it. */
  | { readonly type: 'settlement.expected'; readonly expected: ExpectedSettlement };

export interface ExpectedSettlement extends Settlement {
  readonly instrumentId: InstrumentId;
}

/** An account as one value: what a fresh start needs when its older facts are not kept any more. */
export interface AccountState {
  readonly openedAtMs: Ms;
  /** Of the newest fact. */
  readonly lastAtMs: Ms;
  readonly orderCount: number;
  readonly fillCount: number;
  readonly closeCount: number;
  readonly balanceUsd: Usd;
  readonly entryCount: number;
  readonly entries: readonly LedgerEntry[];
  readonly positions: readonly PositionState[];
  readonly open: readonly VenueOrder[];
  readonly closed: readonly ClosedOrder[];
  readonly activity: readonly Activity[];
  readonly expected: readonly ExpectedSettlement[];
}

export interface PositionState {
  readonly instrumentId: InstrumentId;
  readonly qty: Qty;
  readonly costUsd: Usd;
}

/** What happened together is kept together: all of it or nothing survives. */
export type AccountEntry =
  { readonly state: AccountState } | { readonly changes: readonly AccountChange[] };

/** Where an account is kept. The exchange itself does no input or output. */
export interface AccountLog {
  readonly venueId: VenueId;
  /** Oldest first; empty where the account is new. */
  readonly kept: readonly AccountEntry[];
  /** Gives the place of this entry in the order of all. */
  append(entry: AccountEntry): number;
  /** Calls back once this entry and all before are safe, in order of calls. */
  whenSafe(place: number, then: () => void): void;
  /** Worth a fresh start with the state alone. */
  readonly isOvergrown: boolean;
  /** Everything before is replaced by the state. */
  restart(state: AccountState): void;
  /** Everything appended is safe when this resolves. */
  close(): Promise<void>;
}
