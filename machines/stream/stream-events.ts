// The alphabet of a market stream: what the market plane saw of it, and the end of a hold.
import type { Ms, StreamReport } from '../../src/domain/index.ts';

export type StreamEvent = { readonly atMs: Ms } & (
  | StreamReport
  /** The connection is gone with the process that had it. */
  | { readonly type: 'run.resumed' }
  | { readonly type: 'timer.hold' }
);
