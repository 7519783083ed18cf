// One leg of a trade: one order at a time, from sent to an end that is proven. Silence is not
// failure but unknown, and only evidence ends that; nothing is ever sent twice.
import {
  ackTimer,
  endings,
  filling,
  lateAnswer,
  oneFill,
  query,
  queryTimer,
  stopTimers,
  submitting,
  toUnknown,
} from './leg-fragments.ts';
import { emptyLeg } from './leg-order.ts';
import { legSetup } from './leg-setup.ts';

export const legMachine = legSetup.createMachine({
  id: 'leg',
  description: 'One leg of a trade: one order at a time, until its end is proven.',
  context: ({ input }) => emptyLeg(input),
  initial: 'idle',
  on: {
    'order.filled': {
      description: 'A late fill counts in every state.',
      guard: { type: 'isNews', params: oneFill },
      actions: [
        { type: 'tellFills', params: oneFill },
        { type: 'countFills', params: oneFill },
      ],
    },
    ...lateAnswer,
  },
  states: {
    idle: { description: 'No order was sent yet.', on: submitting },
    sent: {
      description: 'An order is on its way; the venue has not answered.',
      on: { ...endings, ...toUnknown, ...filling, 'order.accepted': 'working' },
      always: { guard: 'isComplete', target: 'filled' },
    },
    working: {
      description: 'The venue has the order; nothing filled yet.',
      on: { ...endings, ...toUnknown, ...filling },
      always: { guard: 'isComplete', target: 'filled' },
    },
    partial: {
      description: 'A part is filled and the order has not ended.',
      on: { ...endings, ...toUnknown, ...filling },
      always: { guard: 'isComplete', target: 'filled' },
    },
    unknown: {
      description: 'The venue may or may not have the order: asked until evidence comes.',
      entry: ['tellUnknown', query, queryTimer],
      on: {
        ...endings,
        'order.accepted': { target: 'working', actions: ackTimer },
        'timer.query': { actions: [query, queryTimer] },
        'run.resumed': { actions: [query, queryTimer] },
      },
      always: [
        { guard: 'isComplete', target: 'filled' },
        { guard: 'hasEnded', target: 'cancelled' },
      ],
    },
    filled: {
      description: 'The order filled whole.',
      entry: [...stopTimers, 'tellEnded'],
      on: submitting,
    },
    cancelled: {
      description: 'The order ended with a part, or nothing, filled.',
      entry: [...stopTimers, 'tellEnded'],
      on: submitting,
    },
    rejected: {
      description: 'The venue refused the order, or it is proven that it never arrived.',
      entry: [...stopTimers, 'tellEnded'],
      on: submitting,
    },
  },
});
