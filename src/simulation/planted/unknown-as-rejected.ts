// Planted: a request that failed on the way counts as refused, although the order may have arrived.
import { bugInWorld } from './planted-bug.ts';
import { heardThrough } from './venue-wrapping.ts';

export const unknownAsRejected = bugInWorld({
  name: 'treat unknown as rejected',
  text: 'a failed request is taken for a refusal',
  invariants: ['I5'],
  kinds: ['request-reset'],
  plant: () => ({
    venue: (venue) =>
      heardThrough(venue, (report) => {
        if (report.type !== 'order.unknown') return report;
        const { clientOrderId, cause } = report;
        return { type: 'order.rejected', clientOrderId, code: 'venue.failed', message: cause };
      }),
  }),
});
