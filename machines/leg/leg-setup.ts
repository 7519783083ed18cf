// The names that the leg machine is written in: guards over its order, changes of its book-keeping,
// words to its trade, and requests to the world.
import { assign, sendParent, setup } from 'xstate';

import type { ClientOrderId, Fill, Ms, OrderEvidence, Qty } from '../../src/domain/index.ts';
import { placeOrder, queryOrder, startTimer, stopTimer } from '../requests.ts';
import type { LegEvent, LegInstruction } from './leg-events.ts';
import type { LegContext, LegInput } from './leg-order.ts';
import {
  hasCounted,
  hasEnded,
  hasFilled,
  isComplete,
  isCurrent,
  newFills,
  provesAbsence,
  withEnd,
  withFills,
  withOrder,
} from './leg-order.ts';

export const legSetup = setup({
  types: {
    context: {} as LegContext,
    events: {} as LegEvent,
    input: {} as LegInput,
    tags: {} as 'settled',
  },
  guards: {
    isComplete: ({ context }) => isComplete(context),
    hasEnded: ({ context }) => hasEnded(context),
    isNews: ({ context }, { fills }: { readonly fills: readonly Fill[] }) =>
      newFills(context, fills).length > 0,
    isCurrent: ({ context }, { id }: { readonly id: ClientOrderId }) => isCurrent(context, id),
    isCounted: ({ context }, end: { readonly id: ClientOrderId; readonly filledQty: Qty }) =>
      isCurrent(context, end.id) && hasCounted(context, end.filledQty),
    /** One that filled whole ends by its fills: an answer that lacks some of them is no proof. */
    answersEnded: ({ context }, answer: { id: ClientOrderId; evidence: OrderEvidence }) =>
      isCurrent(context, answer.id) &&
      answer.evidence.kind === 'ended' &&
      answer.evidence.end !== 'filled',
    answersAbsent: (
      { context },
      answer: { id: ClientOrderId; evidence: OrderEvidence; atMs: Ms },
    ) => isCurrent(context, answer.id) && provesAbsence(context, answer.evidence, answer.atMs),
  },
  actions: {
    openOrder: assign(
      ({ context }, order: { readonly instruction: LegInstruction; readonly atMs: Ms }) =>
        withOrder(context, order.instruction, order.atMs),
    ),
    countFills: assign(({ context }, { fills }: { readonly fills: readonly Fill[] }) =>
      withFills(context, fills),
    ),
    noteEnd: assign(({ context }, { filledQty }: { readonly filledQty: Qty }) =>
      withEnd(context, filledQty),
    ),
    noteReject: assign((_, { code }: { readonly code: string }) => ({ rejectCode: code })),
    tellFills: sendParent(({ context, event }, { fills }: { readonly fills: readonly Fill[] }) => ({
      type: 'leg.filled',
      legId: context.legId,
      fills: newFills(context, fills),
      atMs: event.atMs,
    })),
    tellEnded: sendParent(({ context, event }) => ({
      type: 'leg.ended',
      legId: context.legId,
      code: context.rejectCode,
      attempt: context.attempt,
      hasFilled: hasFilled(context),
      atMs: event.atMs,
    })),
    tellUnknown: sendParent(({ context, event }) => ({
      type: 'leg.unknown',
      legId: context.legId,
      atMs: event.atMs,
    })),
    placeOrder,
    queryOrder,
    startTimer,
    stopTimer,
  },
});
