// Planted: before its first order an engine clears the account of whatever rests there.
import { bugInWorld } from './planted-bug.ts';
import { wrapped } from './venue-wrapping.ts';

export const cancelledStrangers = bugInWorld({
  name: 'cancel foreign orders',
  text: 'resting orders are cancelled without asking whose they are',
  invariants: ['I19'],
  kinds: ['stranger-order'],
  plant: () => ({
    venue: (venue, ground) =>
      wrapped(venue, {
        place: (order) => {
          for (const resting of ground.restingOrders(venue.venueId)) venue.cancel(resting);
          venue.place(order);
        },
      }),
  }),
});
