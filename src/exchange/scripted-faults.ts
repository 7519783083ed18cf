// Faults that happen at a known place of a run: each item of the script is armed at an instant and
// befalls the first order after it that fits, once. The demonstration of `--paper` and most tests
// are scripts.
import type { Ms, OrderRequest, TradeId, VenueId } from '../domain/index.ts';
import { toMs, toRate } from '../domain/index.ts';
import { EntryRefusals } from './entry-refusals.ts';
import type { Fault, FaultObserver, FaultPlan } from './fault-plan.ts';
import { canBefall } from './fault-plan.ts';

/** Two entry orders of one trade at different venues within this time are a pair. */
const PAIR_WITHIN_MS = 300;

export interface ScriptedFault {
  /** For people. */
  readonly label: string;
  /** Since the start of the run. */
  readonly armedAfterMs: Ms;
  readonly befalls: 'any-order' | 'second-entry-of-pair';
  readonly fault: Fault;
}

export interface FaultScript {
  readonly startedAtMs: Ms;
  readonly items: readonly ScriptedFault[];
  readonly onFault?: FaultObserver;
}

export function scriptedFaults({ startedAtMs, items, onFault }: FaultScript): FaultPlan {
  const waiting = [...items];
  const pairs = new EntryPairs();
  const refusals = new EntryRefusals();
  const tell = (order: OrderRequest, atMs: Ms, fault: Fault, label: string): readonly Fault[] => {
    const { venueId, clientOrderId } = order;
    onFault?.({ kind: fault.kind, label, venueId, clientOrderId, atMs });
    return [fault];
  };
  return {
    faultsFor: (order, atMs) => {
      const isSecond = pairs.completes(order, atMs);
      const refused = refusals.against(order, atMs);
      if (refused !== undefined) return tell(order, atMs, refused.fault, refused.label);
      const index = waiting.findIndex(
        ({ armedAfterMs, befalls, fault }) =>
          atMs - startedAtMs >= armedAfterMs &&
          (befalls === 'any-order' || isSecond) &&
          canBefall(fault.kind, order),
      );
      const [item] = index < 0 ? [] : waiting.splice(index, 1);
      if (item === undefined) return [];
      const { fault, label } = item;
      if (fault.kind === 'reject') {
        refusals.begin({ venueId: order.venueId, untilAtMs: toMs(atMs + fault.forMs), label });
      }
      return tell(order, atMs, fault, label);
    },
  };
}

/** The two mishaps that a first run of `--paper` shows, at most once each. */
export const demoFaults = (run: {
  readonly startedAtMs: Ms;
  readonly onFault?: FaultObserver;
}): FaultPlan =>
  scriptedFaults({
    ...run,
    items: [
      {
        label: 'demo scenario: the second leg fills only 40 %',
        armedAfterMs: toMs(8_000),
        befalls: 'second-entry-of-pair',
        fault: { kind: 'partial', fillShare: toRate('0.4') },
      },
      {
        label: 'demo scenario: the venue of the second leg refuses entry orders for 3 s',
        armedAfterMs: toMs(16_000),
        befalls: 'second-entry-of-pair',
        fault: { kind: 'reject', forMs: toMs(3_000) },
      },
    ],
  });

/** The newest entry order of each trade, as long as it can still become a pair. */
class EntryPairs {
  readonly #firsts = new Map<TradeId, { readonly venueId: VenueId; readonly atMs: Ms }>();

  completes({ tradeId, venueId, reduceOnly }: OrderRequest, atMs: Ms): boolean {
    for (const [oldTradeId, first] of this.#firsts) {
      if (atMs - first.atMs > PAIR_WITHIN_MS) this.#firsts.delete(oldTradeId);
    }
    if (reduceOnly) return false;
    const first = this.#firsts.get(tradeId);
    if (first !== undefined && first.venueId !== venueId) {
      this.#firsts.delete(tradeId);
      return true;
    }
    if (first === undefined) this.#firsts.set(tradeId, { venueId, atMs });
    return false;
  }
}
