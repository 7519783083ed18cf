// Planted: silence is taken for loss, and the order goes out once more instead of a question.
import type { OrderRequest } from '../../domain/index.ts';
import { bugInWorld } from './planted-bug.ts';
import { wrapped } from './venue-wrapping.ts';

export const resendOnTimeout = bugInWorld({
  name: 'resend on timeout',
  text: 'an order without an answer is sent again',
  invariants: ['I2'],
  kinds: ['ack-lost', 'request-lost'],
  plant: () => {
    const placed = new Map<string, OrderRequest>();
    return {
      venue: (venue) =>
        wrapped(venue, {
          place: (order) => {
            placed.set(order.clientOrderId, order);
            venue.place(order);
          },
          query: (order) => {
            const lost = placed.get(order.clientOrderId);
            if (lost === undefined) venue.query(order);
            else venue.place(lost);
          },
        }),
    };
  },
});
