// The names that the scanner is written in: its gates, changes of its memory, words to its trades.
import { assign, enqueueActions, sendTo, setup, stopChild } from 'xstate';

import type {
  AccountReport,
  EngineLimits,
  Fill,
  FundingPayment,
  InstrumentId,
  Refusal,
  TradeId,
  TradePlan,
  Transfer,
  Usd,
} from '../../src/domain/index.ts';
import { isNegative, toTradeId } from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';
import { withSettled } from '../settled-legs.ts';
import { tradeMachine } from '../trade/trade-machine.ts';
import { raiseAlert } from '../requests.ts';
import type { Unclaimed } from './adoption.ts';
import { adoption, isAdoptable, isToldAgain, ordinalOf, withPlan } from './adoption.ts';
import { withAccount, withWithdrawal } from './known-accounts.ts';
import type { ScannerEvent } from './scanner-events.ts';
import type { Proposal, ScannerContext, ScannerInput, SettledTrade } from './scanner-gates.ts';
import {
  holderOf,
  isNewPayment,
  openTradeOf,
  refuse,
  withoutTrade,
  withRefusal,
} from './scanner-gates.ts';

/** What every open trade is told. */
type Order = { readonly word: 'unwind' | 'panic'; readonly reason: string };

export const scannerSetup = setup({
  types: {
    context: {} as ScannerContext,
    events: {} as ScannerEvent,
    input: {} as ScannerInput,
    tags: {} as 'settled',
  },
  actors: { trade: tradeMachine },
  guards: {
    isApproved: ({ context }, proposed: Proposal) => refuse(context, proposed) === undefined,
    hasOpenTrades: ({ context }) => Object.keys(context.openTrades).length > 0,
    isIdle: ({ context }) => Object.keys(context.openTrades).length === 0,
    isToldAgain: ({ context }, news: Unclaimed) => isToldAgain(context, news),
    isAdoptable: ({ context }, { fill }: Unclaimed) => isAdoptable(context, fill),
    isWithdrawal: (_, { transfer }: { readonly transfer: Transfer }) =>
      isNegative(transfer.amountUsd),
    isNewPayment: ({ context }, { payment }: { readonly payment: FundingPayment }) =>
      isNewPayment(context, payment),
    isHeldPayment: ({ context }, { payment }: { readonly payment: FundingPayment }) =>
      isNewPayment(context, payment) && holderOf(context, payment.instrumentId) !== undefined,
  },
  actions: {
    spawnTrade: assign(({ context, event, spawn }, { plan }: { readonly plan: TradePlan }) => {
      const tradeCount = context.tradeCount + 1;
      const tradeId = toTradeId(tradeCount);
      const { runTag, limits } = context;
      spawn('trade', {
        id: tradeId,
        systemId: tradeId,
        input: { tradeId, runTag, plan, lateFillMs: limits.lateFillMs },
      });
      return {
        tradeCount,
        openTrades: { ...context.openTrades, [tradeId]: openTradeOf(plan, event.atMs) },
        ...withPlan(context, plan),
      };
    }),
    tellPlan: sendTo(
      ({ system }) => system.get('risk-guard') as never,
      ({ context, event }, { plan }: { readonly plan: TradePlan }) =>
        ({
          type: 'trade.planned',
          tradeId: toTradeId(context.tradeCount),
          hedgedWithinQty: plan.hedgedWithinQty,
          instrumentIds: plan.legs.map(({ instrumentId }) => instrumentId),
          atMs: event.atMs,
        }) as never,
    ),
    adoptTrade: assign(({ context, spawn, self }, { fill }: { readonly fill: Fill }) => {
      const { tradeId, plan } = adoption(context, fill);
      const { runTag, limits } = context;
      if (self.system.get(tradeId) === undefined) {
        const input = { tradeId, runTag, plan, lateFillMs: limits.lateFillMs };
        spawn('trade', { id: tradeId, systemId: tradeId, input });
      }
      return { tradeCount: Math.max(context.tradeCount, ordinalOf(tradeId)) };
    }),
    handOver: enqueueActions<
      ScannerContext,
      ScannerEvent,
      { readonly fill: Fill },
      ScannerEvent,
      never,
      never,
      never,
      never,
      never
    >(({ context, event, enqueue }, { fill }) => {
      const { atMs } = event;
      const { tradeId, leg, before } = adoption(context, fill);
      enqueue.sendTo(tradeId, { type: 'trade.adopt', leg, fill, before, atMs });
    }),
    startTrade: sendTo(
      ({ context }) => toTradeId(context.tradeCount),
      ({ event }) => ({ type: 'trade.start' as const, atMs: event.atMs }),
    ),
    recordRefusal: assign(
      ({ context }, refused: { readonly key: string; readonly refusal: Refusal }) =>
        withRefusal(context, refused.key, refused.refusal),
    ),
    openGate: assign(({ context }, { instrumentId }: { readonly instrumentId: InstrumentId }) => ({
      openGates: [...context.openGates.filter((gate) => gate !== instrumentId), instrumentId],
    })),
    closeGate: assign(({ context }, { instrumentId }: { readonly instrumentId: InstrumentId }) => ({
      openGates: context.openGates.filter((gate) => gate !== instrumentId),
    })),
    recordAccount: assign(({ context }, { report }: { readonly report: AccountReport }) =>
      withAccount(context, report),
    ),
    recordWithdrawal: assign(({ context, event }, { transfer }: { readonly transfer: Transfer }) =>
      withWithdrawal(context, transfer, event.atMs),
    ),
    notePayment: assign(({ context }, { payment }: { readonly payment: FundingPayment }) => ({
      paidAtMs: { ...context.paidAtMs, [payment.instrumentId]: payment.fundingAtMs },
    })),
    takeLimits: assign((_, { limits }: { readonly limits: EngineLimits }) => ({
      limits,
      isLeaseAway: false,
    })),
    noteLease: assign((_, { isAway }: { readonly isAway: boolean }) => ({ isLeaseAway: isAway })),
    recordDay: assign((_, counted: { readonly day: number; readonly resultUsd: Usd }) => ({
      day: counted.day,
      dayResultUsd: counted.resultUsd,
    })),
    releaseTrade: assign(({ context }, settled: SettledTrade) => withoutTrade(context, settled)),
    holdTrade: assign(
      ({ context, event }, held: { readonly tradeId: TradeId; readonly plan: TradePlan }) => ({
        openTrades: { ...context.openTrades, [held.tradeId]: openTradeOf(held.plan, event.atMs) },
      }),
    ),
    remember: assign(
      ({ context }, past: { readonly tradeId: TradeId; readonly legs: readonly SettledLeg[] }) => ({
        settledTrades: withSettled(context.settledTrades, past.tradeId, past.legs),
      }),
    ),
    letGo: stopChild((_, { tradeId }: { readonly tradeId: TradeId }) => tradeId),
    tellHolder: sendTo(
      ({ context }, { instrumentId }: { readonly instrumentId: InstrumentId }) =>
        holderOf(context, instrumentId) ?? '',
      ({ event }) => event as never,
    ),
    unwindTrade: sendTo(
      (_, { tradeId }: { readonly tradeId: TradeId }) => tradeId,
      ({ event }) => ({ type: 'trade.unwind' as const, reason: 'stopping', atMs: event.atMs }),
    ),
    tellTrades: enqueueActions<
      ScannerContext,
      ScannerEvent,
      Order,
      ScannerEvent,
      never,
      never,
      never,
      never,
      never
    >(({ context, event, enqueue }, { word, reason }) => {
      for (const tradeId of Object.keys(context.openTrades)) {
        enqueue.sendTo(tradeId, { type: `trade.${word}`, reason, atMs: event.atMs });
      }
    }),
    tellGuard: sendTo(
      ({ system }) => system.get('risk-guard') as never,
      ({ event }, { fill }: { readonly fill: Fill }) =>
        ({ type: 'order.filled', fill, atMs: event.atMs }) as never,
    ),
    raiseAlert,
    tellDrained: sendTo(
      ({ system }) => system.get('engine') as never,
      ({ event }) => ({ type: 'scanner.drained', atMs: event.atMs }) as never,
    ),
    tellReopened: sendTo(
      ({ system }) => system.get('engine') as never,
      ({ event }) => ({ type: 'scanner.reopened', atMs: event.atMs }) as never,
    ),
  },
});
