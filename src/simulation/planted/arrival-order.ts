// Planted: legs are sent in the order in which their venues were last heard of, as a map that the
// network fills keeps them. The journal does not know that order, and a replay comes out otherwise.
import { enqueueActions } from 'xstate';

import { machines } from '../../../machines/index.ts';
import { entryOrder } from '../../../machines/trade/trade-orders.ts';
import { legActorId } from '../../../machines/trade/trade-setup.ts';
import { engineWithTrade } from './machine-nesting.ts';
import { bugInWorld } from './planted-bug.ts';
import { heardThrough } from './venue-wrapping.ts';

export const arrivalOrder = bugInWorld({
  name: 'Map order taken from a network arrival',
  text: 'the order of the legs depends on which venue was heard of last',
  invariants: ['I8'],
  kinds: [],
  plant: () => {
    const heard = new Map<string, true>();
    const rank = (venueId: string): number => [...heard.keys()].indexOf(venueId);
    const trade = machines.trade.provide({
      actions: {
        submitEntry: enqueueActions(({ context, event, enqueue }) => {
          const legs = [...context.plan.legs].sort(
            (left, right) => rank(right.venueId) - rank(left.venueId),
          );
          for (const { legId } of legs) {
            const instruction = entryOrder(context, legId);
            const id = legActorId(context, legId);
            enqueue.sendTo(id, { type: 'leg.submit', instruction, atMs: event.atMs });
          }
        }),
      },
    });
    return {
      machine: engineWithTrade(trade),
      venue: (venue) =>
        heardThrough(venue, (report) => {
          heard.delete(venue.venueId);
          heard.set(venue.venueId, true);
          return report;
        }),
    };
  },
});
