// What may go wrong between us and a venue, as data. A plan is asked once for each order that
// reaches its venue; the faults that it names then hold for all that is said about the order. One
// plan may serve several venues, so that a script can speak of pairs.
import type { ClientOrderId, Ms, OrderRequest, Rate, VenueId } from '../domain/index.ts';

export type Fault =
  /** An IOC order takes only this share of what it could have. */
  | { readonly kind: 'partial'; readonly fillShare: Rate }
  /** The venue refuses entry orders for a while, this one first. */
  | { readonly kind: 'reject'; readonly forMs: Ms }
  /** The order never arrives and nobody says so. */
  | { readonly kind: 'order-lost' }
  /** The order lives, but the first answer and the fills in it get lost. */
  | { readonly kind: 'ack-lost' }
  /** The first answer takes this much longer. */
  | { readonly kind: 'answer-late'; readonly delayMs: Ms }
  | { readonly kind: 'fill-duplicated' }
  /** Fills leave so much after the rest, after the end of the order too. */
  | { readonly kind: 'fill-late'; readonly delayMs: Ms }
  /** Fills are told before the acceptance. */
  | { readonly kind: 'report-reordered' };

export type FaultKind = Fault['kind'];

/** Told for each order that a fault befalls, so that screens can say so. */
export type FaultObserver = (fault: {
  readonly kind: FaultKind;
  /** For people. */
  readonly label: string;
  readonly venueId: VenueId;
  readonly clientOrderId: ClientOrderId;
  readonly atMs: Ms;
}) => void;

export interface FaultPlan {
  /** Called by the venue at the instant of arrival, in order of arrival. */
  faultsFor(order: OrderRequest, atMs: Ms): readonly Fault[];
}

const NONE: readonly Fault[] = [];

export const noFaults = (): FaultPlan => ({ faultsFor: () => NONE });

/** Whether this kind of fault can befall this order at all. */
export function canBefall(kind: FaultKind, order: OrderRequest): boolean {
  switch (kind) {
    case 'partial':
      return order.timeInForce === 'IOC';
    case 'reject':
      return !order.reduceOnly;
    case 'order-lost':
    case 'ack-lost':
    case 'answer-late':
    case 'fill-duplicated':
    case 'fill-late':
    case 'report-reordered':
      return true;
  }
}
