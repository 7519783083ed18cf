// The names that the trade machine is written in: guards over its legs, changes of its context,
// words to its legs, scanner and risk-guard, and requests to the world.
import { assign, enqueueActions, sendParent, sendTo, setup } from 'xstate';

import type {
  Fill,
  FundingPayment,
  InstrumentId,
  LegId,
  Ms,
  Qty,
  Quote,
} from '../../src/domain/index.ts';
import { deniesPosition, ORDER_ABSENT, plus } from '../../src/domain/index.ts';
import type { LegInstruction } from '../leg/leg-events.ts';
import { legMachine } from '../leg/leg-machine.ts';
import type { LegInput } from '../leg/leg-order.ts';
import { askAccounts, askQuotes, raiseAlert, startTimer, stopTimer } from '../requests.ts';
import * as changes from './trade-changes.ts';
import type { LegEnd, TradeEvent } from './trade-events.ts';
import * as legs from './trade-legs.ts';
import type { TradeContext, TradeInput } from './trade-legs.ts';
import { chaseOrder, entryOrder, exitOrder, isWithinBudget, panicOrder } from './trade-orders.ts';

type LegFills = { readonly legId: LegId; readonly fills: readonly Fill[]; readonly atMs: Ms };
type Loss = { readonly fill: Fill; readonly atMs: Ms };
type LegQuote = { readonly legId: LegId; readonly quote: Quote | null };

export const legActorId = (trade: TradeContext, legId: LegId): string =>
  `${trade.tradeId}.${legId}`;

export const legInput = (trade: TradeContext, legId: LegId): LegInput => {
  const { tradeId, runTag, plan } = trade;
  const { venueId, instrumentId } = legs.planLegOf(trade, legId);
  const { attempt, countedUntilAtMs } = legs.legOf(trade, legId);
  const before = { attempt, countedUntilAtMs };
  return { tradeId, runTag, legId, venueId, instrumentId, policy: plan.order, ...before };
};

type VenueHolding = { readonly instrumentId: InstrumentId; readonly qty: Qty };
type AdoptedLeg = Pick<Extract<TradeEvent, { type: 'trade.adopt' }>, 'leg' | 'before'>;
type OrderPhase = 'chase' | 'exit' | 'panic';

const isNew = ({ countedLiquidations }: TradeContext, { fillId }: Fill): boolean =>
  !countedLiquidations.includes(fillId);

/** One order for each of the legs, all in one step. */
const submitEach = (
  choose: (trade: TradeContext) => readonly LegId[],
  toInstruction: (trade: TradeContext, legId: LegId) => LegInstruction,
) =>
  enqueueActions<
    TradeContext,
    TradeEvent,
    undefined,
    TradeEvent,
    never,
    never,
    never,
    never,
    never
  >(({ context, event, enqueue }) => {
    for (const legId of choose(context)) {
      const instruction = toInstruction(context, legId);
      const id = legActorId(context, legId);
      enqueue.sendTo(id, { type: 'leg.submit', instruction, atMs: event.atMs });
    }
  });

export const tradeSetup = setup({
  types: {
    context: {} as TradeContext,
    events: {} as TradeEvent,
    input: {} as TradeInput,
    tags: {} as 'exposed' | 'settled',
  },
  actors: { leg: legMachine },
  guards: {
    hasPosition: ({ context }) => !legs.isFlat(context),
    isShort: ({ context }) => legs.isShort(context),
    isUneven: ({ context }) => !legs.isEven(context),
    isQuietAndFlat: ({ context }) => legs.isQuiet(context) && legs.isFlat(context),
    isQuietAndEven: ({ context }) => legs.isQuiet(context) && legs.isEven(context),
    isQuiet: ({ context }) => legs.isQuiet(context),
    isRefusedForGood: ({ context }) => legs.isQuiet(context) && legs.isRefusedForGood(context),
    canChaseEntry: ({ context }) => legs.isQuiet(context) && legs.canChaseEntry(context),
    canChaseExit: ({ context }) => legs.isQuiet(context) && legs.canChaseExit(context),
    hasProgress: ({ context }) => legs.hasProgress(context),
    hasIdleHolder: ({ context }) => legs.hasIdleHolder(context),
    canClose: ({ context }, { legId }: LegQuote) =>
      legs.awaitsQuote(context, legId) && legs.holds(context, legId),
    hasCaughtUp: ({ context }, { legId }: LegQuote) =>
      legs.awaitsQuote(context, legId) && !legs.lags(context, legId),
    isNewLiquidation: ({ context }, { fill }: Loss) => isNew(context, fill),
    staysFlat: ({ context }, { legId, fills, atMs }: LegFills) =>
      legs.isFlat({ ...context, ...changes.withTradeFills(context, legId, fills, atMs) }),
    isKnownLoss: ({ context }, { fill, atMs }: Loss) =>
      isNew(context, fill) &&
      legs.isFlat({ ...context, ...changes.withLiquidation(context, fill, atMs) }),
    awaitsQuote: ({ context }, { legId }: LegQuote) => legs.awaitsQuote(context, legId),
    isPriced: ({ context }, { legId, quote }: LegQuote) =>
      quote !== null && legs.awaitsQuote(context, legId) && legs.holds(context, legId),
    isUnpriced: ({ context }, { legId, quote }: LegQuote) =>
      quote === null && legs.awaitsQuote(context, legId) && legs.holds(context, legId),
    deniesPosition: (_, { code }: { readonly legId: LegId; readonly code: string }) =>
      deniesPosition(code),
    isQuoted: ({ context }) => legs.isQuoted(context),
    isCorrectable: ({ context }, held: VenueHolding) => legs.isCorrectable(context, held),
    isWithinBudget: ({ context }, { legId, quote }: LegQuote) =>
      legs.awaitsQuote(context, legId) && isWithinBudget(context, legId, quote),
  },
  actions: {
    submitEntry: submitEach(
      ({ plan }) => plan.legs.map(({ legId }) => legId),
      (trade, legId) => entryOrder(trade, legId),
    ),
    addLeg: assign(({ context, spawn }, { leg, before }: AdoptedLeg) => {
      const trade = changes.withLeg(context, leg, before);
      const id = legActorId(context, leg.legId);
      spawn('leg', { id, systemId: id, input: legInput({ ...context, ...trade }, leg.legId) });
      return trade;
    }),
    passFill: sendTo(
      ({ context }, { legId }: { readonly legId: LegId; readonly fill: Fill }) =>
        legActorId(context, legId),
      ({ event }, { fill }) => ({ type: 'order.filled' as const, fill, atMs: event.atMs }),
    ),
    submitQuoted: sendTo(
      ({ context }, { legId }: LegQuote & { readonly phase: OrderPhase }) =>
        legActorId(context, legId),
      ({ context, event }, { phase, legId, quote }) => ({
        type: 'leg.submit' as const,
        instruction: quotedOrder(context, phase, legId, quote),
        atMs: event.atMs,
      }),
    ),
    submitAllQuoted: submitEach(legs.quotedLegs, (trade, legId) =>
      exitOrder(trade, legId, legs.legOf(trade, legId).quote),
    ),
    keepQuote: assign(({ context }, { legId, quote }: LegQuote) =>
      changes.withQuote(context, legId, quote),
    ),
    endLeg: assign(({ context }, { legId, ...end }: LegEnd & { readonly legId: LegId }) =>
      changes.withEnd(context, legId, end),
    ),
    correctPosition: assign(({ context, event }, held: VenueHolding) =>
      changes.withCorrection(context, held, event.atMs),
    ),
    markLegs: assign(
      (
        { context },
        mark: { readonly legIds: readonly LegId[]; readonly status: legs.TradeLeg['status'] },
      ) => changes.withStatus(context, mark.legIds, mark.status),
    ),
    dropQuotes: assign(({ context }) => changes.withoutQuestions(context)),
    recordFills: assign(({ context }, news: LegFills) =>
      changes.withTradeFills(context, news.legId, news.fills, news.atMs),
    ),
    recordLiquidation: assign(({ context }, { fill, atMs }: Loss) =>
      changes.withLiquidation(context, fill, atMs),
    ),
    recordFunding: assign(({ context }, { payment }: { readonly payment: FundingPayment }) => ({
      fundingUsd: plus(context.fundingUsd, payment.amountUsd),
    })),
    countChase: assign({ chaseCount: ({ context }) => context.chaseCount + 1 }),
    countAttempt: assign({ attemptCount: ({ context }) => context.attemptCount + 1 }),
    beginPhase: assign({ chaseCount: 0 }),
    noteCause: assign((_, { cause }: { readonly cause: string }) => ({ cause })),
    notePanic: assign({ isPanicked: true }),
    noteAbsence: assign(({ context }, { code }: { readonly code: string }) => ({
      hasAbsentOrder: context.hasAbsentOrder || code === ORDER_ABSENT,
    })),
    noteOpened: assign({ openedAtMs: ({ event }) => event.atMs }),
    tellOpened: sendParent(({ context, event }) => ({
      type: 'trade.opened',
      tradeId: context.tradeId,
      atMs: event.atMs,
    })),
    tellForgotten: sendTo(
      ({ system }, { to }: { readonly to: 'scanner' | 'risk-guard' }) => system.get(to) as never,
      ({ context, event }) =>
        ({
          type: 'trade.forgotten',
          tradeId: context.tradeId,
          legs: legs.settledLegs(context),
          atMs: event.atMs,
        }) as never,
    ),
    tellSettled: sendParent(({ context, event }) => ({
      type: 'trade.settled',
      tradeId: context.tradeId,
      hasAbsentOrder: context.hasAbsentOrder,
      atMs: event.atMs,
    })),
    tellReopened: sendParent(({ context, event }) => ({
      type: 'trade.reopened',
      tradeId: context.tradeId,
      plan: context.plan,
      atMs: event.atMs,
    })),
    tellCorrected: sendTo(
      ({ system }) => system.get('risk-guard') as never,
      ({ context, event }, held: VenueHolding) =>
        ({
          type: 'trade.corrected',
          tradeId: context.tradeId,
          ...held,
          attempt: legs.attemptAt(context, held.instrumentId),
          atMs: event.atMs,
        }) as never,
    ),
    tellPanicked: sendTo(
      ({ system }) => system.get('risk-guard') as never,
      ({ context, event }) =>
        ({ type: 'trade.panicked', tradeId: context.tradeId, atMs: event.atMs }) as never,
    ),
    askAccounts,
    askQuotes,
    raiseAlert,
    startTimer,
    stopTimer,
  },
});

function quotedOrder(trade: TradeContext, phase: OrderPhase, legId: LegId, quote: Quote | null) {
  switch (phase) {
    case 'chase':
      if (quote === null) throw new Error(`chase of ${trade.tradeId}.${legId} must have a quote`);
      return chaseOrder(trade, legId, quote);
    case 'exit':
      return exitOrder(trade, legId, quote);
    case 'panic':
      return panicOrder(trade, legId, quote);
  }
}
