// The life of a trade, for any plan: open all legs together, chase what lags, hold, leave in good
// order, and from every live state a way out at any price. It never asks which strategy made the
// plan.
import { toMs } from '../../src/domain/index.ts';
import { chasing, opening, partial } from './trade-entry.ts';
import { closing, panic } from './trade-exit.ts';
import type { On } from './trade-fragments.ts';
import {
  because,
  becauseSaid,
  correct,
  isCorrectable,
  isKnownLoss,
  isNewLiquidation,
  quoteAgain,
  recordFills,
  recordLiquidation,
  staysFlat,
  stop,
  tellCorrected,
  timer,
  toPanic,
} from './trade-fragments.ts';
import type { TradeContext } from './trade-legs.ts';
import { emptyTrade, planLegOf } from './trade-legs.ts';
import { legActorId, legInput, tradeSetup } from './trade-setup.ts';

const adopt = [
  {
    type: 'addLeg',
    params: ({ event }: On<'trade.adopt'>) => ({ leg: event.leg, before: event.before }),
  },
  {
    type: 'passFill',
    params: ({ event }: On<'trade.adopt'>) => ({ legId: event.leg.legId, fill: event.fill }),
  },
] as const;
const ended = ({ event: { legId, code, attempt, hasFilled } }: On<'leg.ended'>) => ({
  ...{ legId, code, attempt, hasFilled },
});
const venueOfLeg = ({ context, event }: { context: TradeContext } & On<'leg.ended'>) => [
  planLegOf(context, event.legId).venueId,
];
const endLeg = [
  { type: 'endLeg', params: ended },
  { type: 'noteAbsence', params: ended },
] as const;
const leave = {
  'exit.signalled': { target: 'CLOSING', actions: becauseSaid },
  'trade.unwind': { target: 'CLOSING', actions: becauseSaid },
  'timer.hold': { target: 'CLOSING', actions: because('hold limit reached') },
} as const;

export const tradeMachine = tradeSetup.createMachine({
  id: 'trade',
  description: 'The life of one trade, whatever strategy planned it.',
  context: ({ input, spawn }) => {
    const trade = emptyTrade(input);
    for (const { legId } of input.plan.legs) {
      const id = legActorId(trade, legId);
      spawn('leg', { id, systemId: id, input: legInput(trade, legId) });
    }
    return trade;
  },
  initial: 'IDLE',
  on: {
    'trade.panic': { target: '.PANIC', actions: becauseSaid },
    'leg.filled': { actions: recordFills },
    'leg.ended': [
      {
        guard: { type: 'deniesPosition', params: ended },
        description: 'The venue knows of no position to reduce: what does it hold?',
        actions: [...endLeg, { type: 'askAccounts', params: venueOfLeg }],
      },
      { actions: endLeg },
    ],
    'leg.unknown': {
      actions: {
        type: 'markLegs',
        params: ({ event }) => ({ legIds: [event.legId], status: 'unknown' as const }),
      },
    },
    'run.resumed': { actions: quoteAgain },
    'trade.adopt': { actions: adopt },
    'funding.paid': {
      actions: { type: 'recordFunding', params: ({ event }) => ({ payment: event.payment }) },
    },
    'position.corrected': {
      description: 'The venue holds something else than our fills say: what is there must go.',
      guard: isCorrectable,
      target: '.PANIC',
      actions: [
        correct,
        tellCorrected,
        because('the venue holds another position than our fills say'),
      ],
    },
    'position.liquidated': {
      description: 'The venue closed a leg itself: what is left of the trade must go.',
      guard: isNewLiquidation,
      target: '.PANIC',
      actions: [recordLiquidation, because('a leg was liquidated')],
    },
  },
  states: {
    IDLE: {
      description: 'Approved; nothing was sent yet.',
      on: {
        'trade.start': 'OPENING',
        'trade.adopt': {
          description: 'Born for a fill that nobody claims: its leg hears of it as of a late one.',
          target: 'CLOSED',
          actions: adopt,
        },
      },
    },
    OPENING: opening,
    PARTIAL: partial,
    CHASING: chasing,
    OPEN: {
      description: 'All legs hold and cover each other.',
      entry: [
        'noteOpened',
        stop('entry'),
        stop('orphan'),
        timer('hold', ({ plan }, atMs) => toMs(plan.leave.holdUntilAtMs - atMs)),
        'tellOpened',
      ],
      exit: stop('hold'),
      on: leave,
      always: { guard: 'isUneven', ...toPanic('a fill came that nobody waited for') },
    },
    CLOSING: closing,
    PANIC: panic,
    CLOSED: {
      id: 'CLOSED',
      description: 'Flat, with no order out; a fill could still come late.',
      tags: 'settled',
      entry: [
        ...['entry', 'orphan', 'exit'].map(stop),
        timer('late', ({ lateFillMs }) => lateFillMs),
        'tellSettled',
      ],
      on: {
        'leg.filled': [
          {
            guard: staysFlat,
            description: 'The venue had it in its report.',
            actions: recordFills,
          },
          {
            description: 'A late fill opened it again: out of it.',
            target: 'PANIC',
            actions: [recordFills, because('a fill came after the close'), 'tellReopened'],
          },
        ],
        'position.liquidated': [
          {
            guard: isKnownLoss,
            description: 'The venue had it in its report.',
            actions: recordLiquidation,
          },
          {
            guard: isNewLiquidation,
            description: 'More went than there was: out of it.',
            target: 'PANIC',
            actions: [
              recordLiquidation,
              because('a leg was liquidated after the close'),
              'tellReopened',
            ],
          },
        ],
        'trade.panic': { description: 'Flat already.' },
        'position.corrected': { description: 'Nothing is held here.' },
        'timer.late': {
          actions: [
            { type: 'tellForgotten', params: { to: 'risk-guard' } },
            { type: 'tellForgotten', params: { to: 'scanner' } },
          ],
        },
      },
    },
  },
});
