// The names that the risk-guard is written in: what it counts, whom it warns, what it demands of
// trades and engine.
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import type {
  AccountReport,
  EngineLimits,
  FundingPayment,
  Ms,
  TradeId,
} from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { SettledLeg } from '../settled-legs.ts';
import { askAccounts, raiseAlert, startTimer } from '../requests.ts';
import {
  confirmedMismatches,
  corrections,
  endangered,
  isOverMargin,
  withRecheck,
  withReport,
} from './account-check.ts';
import type { CountedFill, Exposure, GuardContext, GuardInput } from './exposure.ts';
import {
  withCorrected,
  withFill,
  withFunding,
  withoutTrade,
  withPanic,
  withPlanned,
} from './exposure.ts';
import { nextOrphanAtMs, orphans } from './orphans.ts';
import { holderOf, isCounted, isOldLoss } from './ownership.ts';
import type { GuardEvent } from './risk-guard-events.ts';
import type { CorrectedPosition } from './corrected-exposure.ts';

type Report = { readonly report: AccountReport };
type Planned = Pick<Exposure, 'hedgedWithinQty' | 'plannedFor'> & { readonly tradeId: TradeId };
type Demand = { readonly tradeIds: readonly TradeId[]; readonly reason: string };

/** Trades that hold a position which is near its liquidation. */
export const endangeredTrades = (
  guard: GuardContext,
  report: AccountReport,
): readonly TradeId[] => [
  ...new Set(
    endangered(guard, report).flatMap(({ instrumentId }) => holderOf(guard, instrumentId) ?? []),
  ),
];

interface TradeWord {
  readonly tradeId: TradeId;
  readonly word: { readonly type: string; readonly atMs: Ms };
}

/** A word each to trades; one that is gone hears nothing. */
const tellTrades = <Params extends object>(
  words: (guard: GuardContext, params: Params, event: GuardEvent) => readonly TradeWord[],
) =>
  enqueueActions<GuardContext, GuardEvent, Params, GuardEvent, never, never, never, never, never>(
    ({ context, event, enqueue, system }, params) => {
      for (const { tradeId, word } of words(context, params, event)) {
        const trade: unknown = system.get(tradeId);
        if (trade !== undefined) enqueue.sendTo(trade as never, word as never);
      }
    },
  );

export const guardSetup = setup({
  types: {
    context: {} as GuardContext,
    events: {} as GuardEvent,
    input: {} as GuardInput,
    tags: {} as 'settled',
  },
  guards: {
    isOldLoss: ({ context }, { fill, atMs }: CountedFill) => isOldLoss(context, fill, atMs),
    isForeign: (_, { tradeId }: CountedFill) => tradeId === undefined,
    isNews: ({ context }, { fill, tradeId }: CountedFill) =>
      tradeId !== undefined && !isCounted(context, tradeId, fill),
    hasOrphan: ({ context }, { atMs }: { readonly atMs: Ms }) => orphans(context, atMs).length > 0,
    isContradicted: ({ context }, { report }: Report) =>
      confirmedMismatches(context, report).length > 0,
    isEndangered: ({ context }, { report }: Report) => endangeredTrades(context, report).length > 0,
    isOverMargin: ({ context }, { report }: Report) => isOverMargin(context, report),
  },
  actions: {
    countFill: assign(({ context }, counted: CountedFill) => withFill(context, counted)),
    countFunding: assign(
      ({ context }, paid: { readonly payment: FundingPayment; readonly atMs: Ms }) =>
        withFunding(context, paid.payment, paid.atMs),
    ),
    takeLimits: assign((_, { limits }: { readonly limits: EngineLimits }) => ({ limits })),
    countReport: assign(({ context }, { report }: Report) => withReport(context, report)),
    notePanic: assign(({ context }, panicked: { readonly tradeId: TradeId; readonly atMs: Ms }) =>
      withPanic(context, panicked.tradeId, panicked.atMs),
    ),
    forget: assign(
      ({ context }, past: { readonly tradeId: TradeId; readonly legs: readonly SettledLeg[] }) =>
        withoutTrade(context, past.tradeId, past.legs),
    ),
    watchOrphans: enqueueActions<
      GuardContext,
      GuardEvent,
      undefined,
      GuardEvent,
      never,
      { type: 'startTimer'; params: { timer: string; delayMs: Ms } },
      never,
      never,
      never
    >(({ context, event, enqueue }) => {
      const dueAtMs = nextOrphanAtMs(context, event.atMs);
      if (dueAtMs === undefined) return;
      const delayMs = toMs(dueAtMs - event.atMs);
      enqueue({ type: 'startTimer', params: { timer: 'orphan', delayMs } });
    }),
    demandPanic: tellTrades((_, { tradeIds, reason }: Demand, { atMs }) =>
      tradeIds.map((tradeId) => ({ tradeId, word: { type: 'trade.panic', reason, atMs } })),
    ),
    demandCorrection: tellTrades((guard, { report }: Report, { atMs }) =>
      corrections(guard, report).map(({ tradeId, instrumentId, qty }) => ({
        tradeId,
        word: { type: 'position.corrected', instrumentId, qty, atMs },
      })),
    ),
    recheck: assign(({ context }) => withRecheck(context)),
    notePlanned: assign(({ context, event }, { tradeId, ...planned }: Planned) =>
      withPlanned(context, tradeId, { ...planned, plannedAtMs: event.atMs }),
    ),
    noteCorrected: assign(({ context, event }, corrected: CorrectedPosition) =>
      withCorrected(context, corrected, event.atMs),
    ),
    tellLoser: tellTrades((_, { tradeId }: CountedFill, word) =>
      tradeId === undefined ? [] : [{ tradeId, word }],
    ),
    demandHalt: sendTo(
      ({ system }) => system.get('engine') as never,
      ({ event }, { reason }: { readonly reason: string }) =>
        ({ type: 'operator.halt', reason, atMs: event.atMs }) as never,
    ),
    tellScanner: sendTo(
      ({ system }) => system.get('scanner') as never,
      ({ context, event }) =>
        ({
          type: 'risk.counted',
          day: context.day,
          resultUsd: context.dayResultUsd,
          atMs: event.atMs,
        }) as never,
    ),
    askAccounts,
    raiseAlert,
    startTimer,
  },
});
