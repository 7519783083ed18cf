// Which trades stand alone for too long, and when to look again.
import type { Ms, TradeId } from '../../src/domain/index.ts';
import { entriesOf, toMs } from '../../src/domain/index.ts';
import type { GuardContext } from './exposure.ts';

/** Trades alone for at least the limit and not in PANIC yet. */
export const orphans = (guard: GuardContext, atMs: Ms): readonly TradeId[] =>
  alone(guard)
    .filter(([, sinceAtMs]) => atMs - sinceAtMs >= guard.limits.orphanMsMax)
    .map(([tradeId]) => tradeId);

/**
 * When to look for orphans next; undefined while none is alone. One that was demanded already and
 * whose trade does not hear is demanded again after the same time, never at once.
 */
export function nextOrphanAtMs(guard: GuardContext, atMs: Ms): Ms | undefined {
  const { orphanMsMax } = guard.limits;
  const dues = alone(guard).map(([, sinceAtMs]) => sinceAtMs + orphanMsMax);
  if (dues.length === 0) return undefined;
  return toMs(Math.min(...dues.map((dueAtMs) => (dueAtMs > atMs ? dueAtMs : atMs + orphanMsMax))));
}

const alone = (guard: GuardContext): readonly (readonly [TradeId, Ms])[] =>
  entriesOf(guard.exposures).flatMap(([tradeId, { aloneSinceAtMs, isPanicked }]) =>
    aloneSinceAtMs === null || isPanicked ? [] : [[tradeId, aloneSinceAtMs] as const],
  );
