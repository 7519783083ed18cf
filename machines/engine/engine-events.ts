// The alphabet of the engine: the start of a run, operators, accounts while reconciling, streams
// that are new, the lease.
import type {
  AccountReport,
  LeaseReport,
  Ms,
  OperatorCommand,
  RunResumed,
  RunStarted,
  StreamReport,
  VenueId,
} from '../../src/domain/index.ts';

export type EngineEvent = { readonly atMs: Ms } & (
  | RunStarted
  | RunResumed
  | OperatorCommand
  | LeaseReport
  /** A stream that has no actor yet. */
  | { readonly type: 'stream.appeared'; readonly report: StreamReport }
  | { readonly type: 'account.reported'; readonly report: AccountReport }
  | { readonly type: 'activity.reported'; readonly venueId: VenueId }
  | { readonly type: 'account.unavailable'; readonly venueId: VenueId; readonly cause: string }
  /** Nothing is open; and something is again, because a fill of before was heard of late. */
  | { readonly type: 'scanner.drained' | 'scanner.reopened' }
  | { readonly type: 'timer.reconcile' }
  | { readonly type: 'timer.grace' }
  | { readonly type: 'timer.hold' }
);
