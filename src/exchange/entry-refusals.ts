// A venue that takes no entry orders for a while: which one, until when, and under which label.
import type { Ms, OrderRequest, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Fault } from './fault-plan.ts';
import { canBefall } from './fault-plan.ts';

export class EntryRefusals {
  readonly #byVenue = new Map<VenueId, { readonly untilAtMs: Ms; readonly label: string }>();

  begin(refusal: {
    readonly venueId: VenueId;
    readonly untilAtMs: Ms;
    readonly label: string;
  }): void {
    const { venueId, untilAtMs, label } = refusal;
    this.#byVenue.set(venueId, { untilAtMs, label });
  }

  /** The refusal that this order runs into, if any. */
  against(
    order: OrderRequest,
    atMs: Ms,
  ): { readonly fault: Fault; readonly label: string } | undefined {
    const refusal = this.#byVenue.get(order.venueId);
    if (refusal === undefined || !canBefall('reject', order)) return undefined;
    if (atMs >= refusal.untilAtMs) {
      this.#byVenue.delete(order.venueId);
      return undefined;
    }
    const forMs = toMs(refusal.untilAtMs - atMs);
    return { fault: { kind: 'reject', forMs }, label: refusal.label };
  }
}
