// The alphabet of a leg: one command from its trade, what the venue reports, and its own timers.
import type { Ms, OrderReport, Price, Qty, Side } from '../../src/domain/index.ts';

/** What the trade wants sent: the leg adds identity and patience. */
export interface LegInstruction {
  readonly side: Side;
  readonly qty: Qty;
  readonly limitPrice: Price;
  readonly referencePrice: Price;
  readonly reduceOnly: boolean;
}

export type LegEvent = { readonly atMs: Ms } & (
  | { readonly type: 'leg.submit'; readonly instruction: LegInstruction }
  | OrderReport
  /** The process that sent the order is gone; what became of the order is not known. */
  | { readonly type: 'run.resumed' }
  | { readonly type: 'timer.ack' }
  | { readonly type: 'timer.query' }
);
