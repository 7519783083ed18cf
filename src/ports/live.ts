// What a running engine shows to whoever looks: its state now, and what happens as it happens. A
// view and no record: the journal alone says what was, and whoever is slow misses something.
import type { AlertSeverity } from '../domain/index.ts';

export interface LiveTrade {
  readonly tradeId: string;
  readonly key: string;
  readonly state: string;
  /** Held at each venue, signed. */
  readonly legs: readonly { readonly instrumentId: string; readonly qty: string }[];
  /** What is held and not covered by another leg, without its sign. */
  readonly exposureUsd: string;
}

export interface LiveAlert {
  readonly atMs: number;
  readonly severity: AlertSeverity;
  readonly code: string;
  readonly key: string;
  readonly text: string;
}

export interface LiveState {
  readonly runId: string;
  readonly mode: string;
  readonly feed: string;
  readonly engineState: string;
  readonly headSeq: number;
  readonly headHash: string;
  /** By the clock of the run. */
  readonly atMs: number;
  readonly openTrades: readonly LiveTrade[];
  /** The latest, newest last. */
  readonly alerts: readonly LiveAlert[];
}

export type LiveEvent =
  | {
      readonly type: 'transition';
      readonly seq: number;
      readonly atMs: number;
      readonly actor: string;
      readonly from: string;
      readonly event: string;
      readonly to: string;
    }
  | ({ readonly type: 'alert' } & LiveAlert);

/** Neither call may throw, wait or take long: the engine stands still meanwhile. */
export interface LiveWatcher {
  state(state: LiveState): void;
  event(event: LiveEvent): void;
}
