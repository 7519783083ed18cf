// Planted: the end of an order closes the book on it; a fill that comes afterwards is dropped.
import { machines } from '../../../machines/index.ts';
import { engineWithLeg } from './machine-nesting.ts';
import { bugInWorld } from './planted-bug.ts';
import { heardThrough } from './venue-wrapping.ts';

export const droppedLateFill = bugInWorld({
  name: 'drop a fill on a terminal order',
  text: 'what fills after the end of an order was told is not counted',
  invariants: ['I3', 'I6'],
  kinds: ['fill-late', 'partial'],
  plant: () => {
    const ended = new Set<string>();
    const leg = machines.leg.provide({
      guards: { isCounted: ({ context }, { id }) => context.order?.clientOrderId === id },
    });
    return {
      machine: engineWithLeg(leg),
      venue: (venue) =>
        heardThrough(venue, (report) => {
          if (report.type === 'order.ended') ended.add(report.clientOrderId);
          const isLate = report.type === 'order.filled' && ended.has(report.fill.clientOrderId);
          return isLate ? undefined : report;
        }),
    };
  },
});
