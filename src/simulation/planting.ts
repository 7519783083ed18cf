// Where a simulated engine can be put together wrongly on purpose: one part of it, changed from
// outside, by composition. The product knows nothing of it; the world applies what is given here
// when it builds a life of the engine, and gives each seed a fresh planting.
import type { AnyStateMachine } from 'xstate';

import type { Input, OrderRef, StepRecord } from '../domain/index.ts';
import type { KernelSnapshot } from '../kernel/index.ts';
import type { Clock, Feed, Journal, Venue } from '../ports/index.ts';

/** What a life of the engine can reach in the world; the wrapped parts are the world's own. */
export interface PlantingGround {
  readonly clock: Clock;
  readonly life: number;
  /** Every order that rests at this venue now, strangers' included, as its own page shows them. */
  restingOrders(venueId: string): readonly OrderRef[];
}

/** Each part is optional; what is absent stays as it is built for the product. */
export interface Planting {
  /** In place of the engine's own machine, in every kernel of the run, its replay included. */
  readonly machine?: AnyStateMachine;
  readonly venue?: (venue: Venue, ground: PlantingGround) => Venue;
  readonly journal?: (journal: Journal, ground: PlantingGround) => Journal;
  readonly feed?: (feed: Feed, ground: PlantingGround) => Feed;
  readonly clock?: (clock: Clock) => Clock;
  /** Around the engine's `accept`, for all that reaches it from outside. */
  readonly accept?: (accept: (input: Input) => void) => (input: Input) => void;
  /** What a life after the first is restored from. */
  readonly snapshot?: (snapshot: KernelSnapshot) => KernelSnapshot;
  /** Called once a restored life has begun, with the recorded tail that it stepped again. */
  readonly restored?: (
    tail: readonly StepRecord[],
    venues: readonly Venue[],
    ground: PlantingGround,
  ) => void;
}
