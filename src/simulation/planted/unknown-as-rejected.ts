// Planted: a request that failed on the way counts as refused, although the order may have arrived.
import { toRejectCode } from '../../domain/index.ts';
import { bugInWorld } from './planted-bug.ts';
import { heardThrough } from './venue-wrapping.ts';

/** No code of ours: what an adapter says that knows no better. */
const FAILED = toRejectCode('venue.failed');

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
        return { type: 'order.rejected', clientOrderId, code: FAILED, message: cause };
      }),
  }),
});
