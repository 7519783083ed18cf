// What two venues in miniature may be made to do next, and how often each is drawn.
import fc from 'fast-check';
import type { VenueId } from '../../src/domain/index.ts';
import { BYBIT, OKX } from './carry-plan.ts';

export type Deed =
  | { readonly kind: 'handle'; readonly pick: number; readonly manner: Manner }
  | { readonly kind: 'tell'; readonly pick: number; readonly isTwice: boolean }
  | { readonly kind: 'lose'; readonly pick: number }
  | { readonly kind: 'arrive'; readonly pick: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'liquidate'; readonly pick: number }
  | { readonly kind: 'report'; readonly venueId: VenueId; readonly times: number }
  | { readonly kind: 'wait'; readonly forMs: number };

/** How an order, a question or a wish for a quote is treated. */
export type Manner = 'whole' | 'part' | 'nothing' | 'reject' | 'mute' | 'lost' | 'late';

const pick = fc.nat(7);
const manner = fc.constantFrom<Manner>(
  'whole',
  'whole',
  'part',
  'nothing',
  'reject',
  'mute',
  'lost',
  'late',
);
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('handle' as const), pick, manner }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('tell' as const), pick, isTwice: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), pick }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'leave' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('liquidate' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      venueId: fc.constantFrom(OKX, BYBIT),
      times: fc.integer({ max: 3, min: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('arrive' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      forMs: fc.integer({ max: 600, min: 1 }),
    }),
  },
);
