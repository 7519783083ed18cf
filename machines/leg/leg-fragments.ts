// Pieces that several states of a leg share: its two timers, and where each word of the venue
// leads.
import { ORDER_ABSENT } from '../../src/domain/index.ts';
import type { LegEvent } from './leg-events.ts';
import type { LegContext } from './leg-order.ts';
import { orderRef, orderRequest } from './leg-order.ts';

export const ackTimer = {
  type: 'startTimer',
  params: ({ context }: { context: LegContext }) => ({
    timer: 'ack',
    delayMs: context.policy.ackTimeoutMs,
  }),
} as const;
export const queryTimer = {
  type: 'startTimer',
  params: ({ context }: { context: LegContext }) => ({
    timer: 'query',
    delayMs: context.policy.queryEveryMs,
  }),
} as const;
export const place = {
  type: 'placeOrder',
  params: ({ context }: { context: LegContext }) => orderRequest(context),
} as const;
export const query = {
  type: 'queryOrder',
  params: ({ context }: { context: LegContext }) => orderRef(context),
} as const;
export const stopTimers = [
  { type: 'stopTimer', params: { timer: 'ack' } },
  { type: 'stopTimer', params: { timer: 'query' } },
] as const;

type Named<T extends LegEvent['type']> = { event: Extract<LegEvent, { type: T }> };
export const oneFill = ({ event }: Named<'order.filled'>) => ({ fills: [event.fill] });
const answeredFills = ({ event }: Named<'order.answered'>) => ({
  fills: event.evidence.kind === 'absent' ? [] : event.evidence.fills,
});
const answer = ({ event }: Named<'order.answered'>) => ({
  id: event.clientOrderId,
  evidence: event.evidence,
  atMs: event.atMs,
});
const countAnswered = [
  { type: 'tellFills', params: answeredFills },
  { type: 'countFills', params: answeredFills },
] as const;

/** Where a final word about the current order leads, whichever way it comes. */
export const endings = {
  'order.rejected': {
    guard: {
      type: 'isCurrent',
      params: ({ event }: Named<'order.rejected'>) => ({ id: event.clientOrderId }),
    },
    target: 'rejected',
    actions: {
      type: 'noteReject',
      params: ({ event }: Named<'order.rejected'>) => ({ code: event.code }),
    },
  },
  'order.ended': [
    {
      guard: {
        type: 'isCounted',
        params: ({ event }: Named<'order.ended'>) => ({
          id: event.clientOrderId,
          filledQty: event.filledQty,
        }),
      },
      target: 'cancelled',
    },
    {
      guard: {
        type: 'isCurrent',
        params: ({ event }: Named<'order.ended'>) => ({ id: event.clientOrderId }),
      },
      target: 'unknown',
      actions: {
        type: 'noteEnd',
        params: ({ event }: Named<'order.ended'>) => ({ filledQty: event.filledQty }),
      },
    },
  ],
  'order.answered': [
    {
      guard: { type: 'answersEnded', params: answer },
      target: 'cancelled',
      actions: countAnswered,
    },
    {
      guard: { type: 'answersAbsent', params: answer },
      target: 'rejected',
      actions: { type: 'noteReject', params: { code: ORDER_ABSENT } },
    },
  ],
} as const;
/**
 * Fills that an answer brings, whether it ends the current order or not, or comes after the end.
 */
export const lateAnswer = {
  'order.answered': {
    description: 'Fills that an answer brings count in every state.',
    guard: { type: 'isNews', params: answeredFills },
    actions: countAnswered,
  },
} as const;
export const toUnknown = {
  'order.unknown': {
    guard: {
      type: 'isCurrent',
      params: ({ event }: Named<'order.unknown'>) => ({ id: event.clientOrderId }),
    },
    target: 'unknown',
  },
  'timer.ack': { target: 'unknown' },
  'run.resumed': { target: 'unknown' },
} as const;
export const filling = {
  'order.filled': {
    guard: { type: 'isNews', params: oneFill },
    target: 'partial',
    actions: [
      { type: 'tellFills', params: oneFill },
      { type: 'countFills', params: oneFill },
    ],
  },
} as const;
export const submitting = {
  'leg.submit': {
    target: 'sent',
    actions: [
      {
        type: 'openOrder',
        params: ({ event }: Named<'leg.submit'>) => ({
          instruction: event.instruction,
          atMs: event.atMs,
        }),
      },
      place,
      ackTimer,
    ],
  },
} as const;
