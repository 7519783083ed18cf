// Why an order that may leave at last must not: it was decided on prices of long ago, or before a
// command that came while it waited for the disk or the lease. What only reduces always goes.
import type { KnownRejectCode, OrderRequest } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { takesExposureAway } from './order-gate.ts';

export interface HeldBack {
  readonly code: KnownRejectCode;
  readonly message: string;
}

/** For the disk and the lease, which take less than a millisecond unless something is wrong. */
const ENTRY_WAITS_MS_MAX = 500;

/** Undefined when the order goes; `isKilled`: a kill came after it was decided. */
export function heldBack(
  order: OrderRequest,
  kernel: Kernel,
  { isKilled, waitedMs }: { readonly isKilled: boolean; readonly waitedMs: number },
): HeldBack | undefined {
  if (order.reduceOnly) return undefined;
  const { engineState } = kernel;
  const isNeeded = !isKilled && takesExposureAway(order, kernel.trade(order.tradeId));
  if ((isKilled || engineState !== 'running') && !isNeeded) {
    return { code: 'engine.overruled', message: `the engine was ${engineState} before it left` };
  }
  if (waitedMs <= ENTRY_WAITS_MS_MAX) return undefined;
  return { code: 'engine.too-late', message: `decided ${waitedMs} ms before it could leave` };
}
