// The alphabet of a market stream: what the market plane saw of it, and the end of a hold.
import type { Ms } from '../../src/domain/index.ts';

export type StreamEvent = { readonly atMs: Ms } & (
  | { readonly type: 'stream.connected' }
  | { readonly type: 'stream.disconnected'; readonly cause: string }
  | { readonly type: 'stream.synced' }
  | { readonly type: 'stream.gapped'; readonly cause: string }
  | { readonly type: 'stream.stale'; readonly ageMs: Ms }
  | { readonly type: 'stream.fresh' }
  | { readonly type: 'stream.crossed' }
  | { readonly type: 'stream.uncrossed' }
  | { readonly type: 'stream.clock'; readonly offsetMs: Ms; readonly doubtMs: Ms }
  | { readonly type: 'timer.hold' }
);
