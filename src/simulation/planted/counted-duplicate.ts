// Planted: a leg counts every word of a fill, also the second one about the same fill.
import { assign, sendParent } from 'xstate';

import { machines } from '../../../machines/index.ts';
import { plus } from '../../domain/index.ts';
import { engineWithLeg } from './machine-nesting.ts';
import { bugInWorld } from './planted-bug.ts';

const leg = machines.leg.provide({
  guards: { isNews: (_, { fills }) => fills.length > 0 },
  actions: {
    tellFills: sendParent(({ context, event }, { fills }) => ({
      type: 'leg.filled',
      legId: context.legId,
      fills,
      atMs: event.atMs,
    })),
    countFills: assign(({ context }, { fills }) => ({
      countedFills: [...context.countedFills, ...fills.map(({ fillId }) => fillId)],
      order: context.order && {
        ...context.order,
        filledQty: fills
          .filter(({ clientOrderId }) => clientOrderId === context.order?.clientOrderId)
          .reduce((sum, { qty }) => plus(sum, qty), context.order.filledQty),
      },
    })),
  },
});

export const countedDuplicate = bugInWorld({
  name: 'count a duplicate fill',
  text: 'a fill that is told twice counts twice',
  invariants: ['I6'],
  kinds: ['report-duplicated'],
  plant: () => ({ machine: engineWithLeg(leg) }),
});
