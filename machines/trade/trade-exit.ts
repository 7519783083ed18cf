// The ways out: closing in good order, and PANIC, which ends flat or with a person called. No check
// that is meant for entries stands in either.
import type { Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import {
  closedWhenFlat,
  closeQuoted,
  correct,
  dropQuestion,
  isCorrectable,
  isNewLiquidation,
  orphanTimer,
  quoted,
  quoteHolders,
  recordLiquidation,
  stop,
  tellCorrected,
  timer,
  toPanic,
} from './trade-fragments.ts';
import type { TradeContext } from './trade-legs.ts';
import { quotedLegs } from './trade-legs.ts';
import { tradeSetup } from './trade-setup.ts';

/** Between two looks for a book that is missing. */
const REQUOTE_MS = toMs(500);
const exitTimer = timer('exit', ({ plan }) => plan.exit.timeoutMs);
const exitWaits = {
  type: 'raiseAlert',
  params: ({ context }: { context: TradeContext }) => ({
    severity: 'warning' as const,
    code: 'EXIT_WAITS',
    key: context.tradeId,
    text: `${context.tradeId} ${context.plan.key} waits for a book of every leg; they stay covered`,
  }),
} as const;
/** All together, at the prices that were just given. */
const submitQuoted = [
  'submitAllQuoted',
  {
    type: 'markLegs',
    params: ({ context }: { context: TradeContext }) => ({
      legIds: quotedLegs(context),
      status: 'busy' as const,
    }),
  },
] as const;

export const closing = tradeSetup.createStateConfig({
  description: 'Reduce-only orders bring every leg home.',
  entry: ['beginPhase', exitTimer],
  on: {
    ...closeQuoted('exit'),
    'timer.exit': toPanic('exit timed out'),
    'timer.orphan': toPanic('leg stayed alone'),
  },
  initial: 'quoting',
  states: {
    quoting: {
      description: 'Every leg that holds needs a price first: no leg goes home alone.',
      entry: ['dropQuotes', ...quoteHolders],
      exit: stop('requote'),
      on: {
        'quote.answered': [
          {
            guard: { type: 'isPriced', params: quoted },
            actions: { type: 'keepQuote', params: quoted },
          },
          {
            guard: { type: 'isUnpriced', params: quoted },
            description: 'A venue shows no book: the legs cover each other until it does.',
            actions: ['dropQuotes', timer('requote', () => REQUOTE_MS)],
          },
          { guard: { type: 'awaitsQuote', params: quoted }, actions: dropQuestion },
        ],
        'timer.requote': { target: 'quoting', reenter: true },
        'run.resumed': { target: 'quoting', reenter: true },
        'timer.exit': { actions: [exitWaits, exitTimer] },
      },
      always: [
        closedWhenFlat,
        { guard: 'isUneven', target: 'uneven', actions: 'dropQuotes' },
        { guard: 'isQuoted', target: 'leaving', actions: [exitTimer, ...submitQuoted] },
      ],
    },
    leaving: {
      description: 'Exit orders are out; the legs still cover each other.',
      always: [
        closedWhenFlat,
        { guard: 'isUneven', target: 'uneven' },
        { guard: 'canChaseExit', target: 'again' },
        { guard: 'isQuiet', ...toPanic('no chase left') },
      ],
    },
    again: {
      description: 'What is left of every leg is tried once more, at a worse price.',
      entry: ['countChase', ...quoteHolders],
      always: [
        closedWhenFlat,
        { guard: 'isUneven', target: 'uneven' },
        { guard: 'isQuiet', target: 'leaving' },
      ],
    },
    uneven: {
      description: 'One leg is further home than the others: we carry delta.',
      tags: 'exposed',
      entry: orphanTimer('exit'),
      always: [
        closedWhenFlat,
        { guard: 'canChaseExit', target: 'chasing' },
        { guard: 'isQuiet', ...toPanic('no chase left') },
      ],
    },
    chasing: {
      description: 'What is left is tried again at a worse price.',
      tags: 'exposed',
      entry: ['countChase', ...quoteHolders, orphanTimer('exit')],
      always: [closedWhenFlat, { guard: 'isQuiet', target: 'uneven' }],
    },
  },
});

export const panic = tradeSetup.createStateConfig({
  id: 'PANIC',
  description: 'Everything goes, at a price that gives way each time, until flat.',
  tags: 'exposed',
  entry: [
    'notePanic',
    'dropQuotes',
    'tellPanicked',
    ...['entry', 'orphan', 'hold', 'exit', 'late'].map(stop),
    timer('call', callAfterMs),
    {
      type: 'raiseAlert',
      params: ({ context }) => ({
        severity: 'warning' as const,
        code: 'TRADE_PANIC',
        key: context.tradeId,
        text: `${context.tradeId} ${context.plan.key}: ${context.cause}; flattening`,
      }),
    },
  ],
  exit: [stop('call'), stop('retry')],
  on: {
    'trade.panic': { description: 'Already leaving at any price.' },
    ...closeQuoted('panic'),
    'position.corrected': { guard: isCorrectable, actions: [correct, tellCorrected] },
    'position.liquidated': { guard: isNewLiquidation, actions: recordLiquidation },
    'timer.call': {
      description: 'Still not flat: a person is called, and the attempts go on.',
      actions: [
        {
          type: 'raiseAlert',
          params: ({ context }) => ({
            severity: 'critical' as const,
            code: 'STRANDED_LEG',
            key: context.tradeId,
            text: `${context.tradeId} is not flat after ${context.attemptCount} attempts`,
          }),
        },
        timer('call', callAfterMs),
      ],
    },
  },
  initial: 'flattening',
  states: {
    flattening: {
      description: 'Closing orders are out for every leg that holds.',
      entry: ['countAttempt', ...quoteHolders],
      always: [
        closedWhenFlat,
        { guard: 'hasProgress', target: 'flattening', reenter: true },
        { guard: 'hasIdleHolder', target: 'waiting' },
      ],
    },
    waiting: {
      description: 'A closing order fell short; the next one goes in a moment.',
      entry: timer('retry', ({ plan }) => plan.panic.retryMs),
      on: { 'timer.retry': 'flattening' },
      always: closedWhenFlat,
    },
  },
});

function callAfterMs({ plan }: TradeContext): Ms {
  return toMs(plan.panic.retryMs * plan.panic.attemptCountMax);
}
