// The way in: entry orders on every leg, and chases for the one that lags. Ends OPEN, flat, or in
// PANIC.
import {
  chaseQuoted,
  closedWhenFlat,
  orphanTimer,
  quoted,
  quoteLaggards,
  timer,
  toPanic,
} from './trade-fragments.ts';
import { tradeSetup } from './trade-setup.ts';

/** Every state of the way in has these two ends. */
const entryLimits = {
  'timer.entry': toPanic('entry timed out'),
  'timer.orphan': toPanic('leg stayed alone'),
};

export const opening = tradeSetup.createStateConfig({
  description: 'Entry orders are out on every leg.',
  entry: [
    'beginPhase',
    timer('entry', ({ plan }) => plan.entry.timeoutMs),
    'submitEntry',
    {
      type: 'markLegs',
      params: ({ context }) => ({
        legIds: context.plan.legs.map(({ legId }) => legId),
        status: 'busy' as const,
      }),
    },
  ],
  on: entryLimits,
  always: [
    closedWhenFlat,
    { guard: 'isQuietAndEven', target: 'OPEN' },
    { guard: 'isShort', target: 'PARTIAL' },
  ],
  initial: 'sent',
  states: {
    sent: {
      description: 'Nothing has filled yet.',
      always: { guard: 'isUneven', target: 'filling' },
    },
    filling: {
      description: 'One leg filled first; the others are still on their way.',
      tags: 'exposed',
      entry: orphanTimer('entry'),
    },
  },
});

export const partial = tradeSetup.createStateConfig({
  description: 'A leg fell short of the others: we carry delta.',
  tags: 'exposed',
  entry: orphanTimer('entry'),
  on: entryLimits,
  always: [
    closedWhenFlat,
    { guard: 'isQuietAndEven', target: 'OPEN' },
    { guard: 'canChaseEntry', target: 'CHASING' },
    { guard: 'isRefusedForGood', ...toPanic('the venue refuses the other leg') },
    { guard: 'isQuiet', ...toPanic('no chase left') },
  ],
});

export const chasing = tradeSetup.createStateConfig({
  description: 'The lagging leg is tried again at a worse price, within the budget.',
  tags: 'exposed',
  entry: ['countChase', ...quoteLaggards, orphanTimer('entry')],
  on: {
    'quote.answered': [
      ...chaseQuoted,
      {
        guard: { type: 'awaitsQuote', params: quoted },
        ...toPanic('price ran beyond the chase budget'),
      },
    ],
    ...entryLimits,
  },
  always: [
    closedWhenFlat,
    { guard: 'isQuietAndEven', target: 'OPEN' },
    { guard: 'isQuiet', target: 'PARTIAL' },
  ],
});
