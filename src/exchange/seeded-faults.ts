// Faults by dice, for swarms: each kind has its rate and its own stream of draws, so that switching
// one kind off leaves the others where they were. Every draw happens for every order, fitting or
// not.
import type { Ms, OrderRequest, SeededRandom } from '../domain/index.ts';
import { toMs, toRate } from '../domain/index.ts';
import { EntryRefusals } from './entry-refusals.ts';
import type { Fault, FaultKind, FaultObserver, FaultPlan } from './fault-plan.ts';
import { canBefall } from './fault-plan.ts';

/** Chance per order, from 0 to 1; an absent kind never happens. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

/** The order in which faults of one order are listed. */
export const FAULT_KINDS: readonly FaultKind[] = [
  'order-lost',
  'reject',
  'partial',
  'ack-lost',
  'answer-late',
  'report-reordered',
  'fill-duplicated',
  'fill-late',
];

export function seededFaults(
  random: SeededRandom,
  rates: FaultRates,
  onFault?: FaultObserver,
): FaultPlan {
  const refusals = new EntryRefusals();
  const dice = FAULT_KINDS.map((kind) => ({ kind, random: random.fork(`fault/${kind}`) }));
  const draw = (order: OrderRequest, atMs: Ms): readonly Fault[] => {
    const drawn = dice.flatMap(({ kind, random: die }) => {
      const [chance, share] = [die.next(), die.next()];
      return chance < (rates[kind] ?? 0) ? [toFault(kind, share)] : [];
    });
    const refused = refusals.against(order, atMs);
    if (refused !== undefined) return [refused.fault];
    return drawn.filter(({ kind }) => canBefall(kind, order));
  };
  return {
    faultsFor: (order, atMs) => {
      const { venueId, clientOrderId } = order;
      const faults = draw(order, atMs);
      for (const fault of faults) {
        const label = `seeded fault: ${fault.kind}`;
        if (fault.kind === 'reject') {
          refusals.begin({ venueId, untilAtMs: toMs(atMs + fault.forMs), label });
        }
        onFault?.({ kind: fault.kind, label, venueId, clientOrderId, atMs });
      }
      return faults;
    },
  };
}

/** `share` in [0, 1) places the fault inside its range. */
function toFault(kind: FaultKind, share: number): Fault {
  switch (kind) {
    case 'partial':
      return { kind, fillShare: toRate((Math.floor(share * 100) / 100).toFixed(2)) };
    case 'reject':
      return { kind, forMs: toMs(200 + Math.floor(share * 4_000)) };
    case 'answer-late':
    case 'fill-late':
      return { kind, delayMs: toMs(20 + Math.floor(share * 3_000)) };
    case 'order-lost':
    case 'ack-lost':
    case 'fill-duplicated':
    case 'report-reordered':
      return { kind };
  }
}
