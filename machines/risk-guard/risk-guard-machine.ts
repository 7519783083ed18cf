// Watches what trades might not see of themselves: exposure that stands alone, positions that
// differ from our fills, margin, liquidation, the day's loss. It may panic a trade or halt the
// engine; it never trades.
import type { AccountReport, Ms } from '../../src/domain/index.ts';
import { confirmedMismatches, marginUsage } from './account-check.ts';
import type { GuardContext } from './exposure.ts';
import { emptyGuard } from './exposure.ts';
import { orphans } from './orphans.ts';
import { loserOf, ownerOf } from './ownership.ts';
import type { GuardEvent } from './risk-guard-events.ts';
import { endangeredTrades, guardSetup } from './risk-guard-setup.ts';

type On<T extends GuardEvent['type']> = {
  context: GuardContext;
  event: Extract<GuardEvent, { type: T }>;
};
const filled = ({ context, event: { fill, atMs } }: On<'order.filled'>) => ({
  ...{ fill, atMs, tradeId: ownerOf(context, fill) },
});
const lost = ({ context, event: { fill, atMs } }: On<'position.liquidated'>) => ({
  ...{ fill, atMs, tradeId: loserOf(context, fill) },
});
const report = ({ event }: On<'account.reported'>) => ({ report: event.report });
const now = ({ event }: { event: { readonly atMs: Ms } }) => ({ atMs: event.atMs });

const alert = <T extends GuardEvent['type']>(
  severity: 'critical' | 'warning',
  code: string,
  say: (on: On<T>) => { readonly key: string; readonly text: string },
) => ({ type: 'raiseAlert', params: (on: On<T>) => ({ severity, code, ...say(on) }) }) as const;

const alarmForeign = alert<'order.filled' | 'position.liquidated'>(
  'critical',
  'FOREIGN_FILL',
  ({ event: { fill } }) => ({
    key: fill.clientOrderId,
    text: `fill of ${fill.qty} ${fill.instrumentId} for order ${fill.clientOrderId}, not ours`,
  }),
);

const accountTimer = {
  type: 'startTimer',
  params: ({ context }: { context: GuardContext }) => ({
    timer: 'account',
    delayMs: context.limits.accountEveryMs,
  }),
} as const;

const differing = (guard: GuardContext, report: AccountReport): string =>
  confirmedMismatches(guard, report).join(' ');

const countReport = [
  { type: 'demandCorrection', params: report },
  { type: 'countReport', params: report },
] as const;

/** The contradiction is said once and therefore first; the others are said by every report. */
const checkReport = [
  {
    guard: { type: 'isContradicted', params: report },
    actions: [
      { type: 'demandHalt', params: { reason: 'positions differ from our fills' } },
      alert<'account.reported'>('critical', 'POSITION_MISMATCH', ({ context, event }) => ({
        key: event.report.venueId,
        text: `positions differ from our fills: ${differing(context, event.report)}`,
      })),
      ...countReport,
    ],
  },
  {
    guard: { type: 'isEndangered', params: report },
    actions: [
      {
        type: 'demandPanic',
        params: ({ context, event }: On<'account.reported'>) => ({
          tradeIds: endangeredTrades(context, event.report),
          reason: 'liquidation price too near',
        }),
      },
      alert<'account.reported'>('critical', 'LIQUIDATION_NEAR', ({ event }) => ({
        key: event.report.venueId,
        text: `a position at ${event.report.venueId} is near its liquidation price`,
      })),
      ...countReport,
    ],
  },
  {
    guard: { type: 'isOverMargin', params: report },
    actions: [
      alert<'account.reported'>('warning', 'MARGIN_USAGE', ({ context, event }) => ({
        key: event.report.venueId,
        text:
          `margin usage at ${event.report.venueId} is ${marginUsage(event.report)}, ` +
          `limit ${context.limits.marginUsageMax}`,
      })),
      ...countReport,
    ],
  },
  { actions: countReport },
] as const;

export const riskGuardMachine = guardSetup.createMachine({
  id: 'risk-guard',
  description: 'Sees exposure, margin and loss for itself; may panic a trade or halt the engine.',
  context: ({ input }) => emptyGuard(input),
  initial: 'watching',
  states: {
    watching: {
      description: 'Every fill and every account report is checked.',
      on: {
        'guard.start': { actions: accountTimer },
        'guard.recheck': { actions: 'recheck' },
        'run.resumed': {
          actions: { type: 'takeLimits', params: ({ event }) => ({ limits: event.limits }) },
        },
        'order.filled': [
          { guard: { type: 'isForeign', params: filled }, actions: alarmForeign },
          {
            guard: { type: 'isNews', params: filled },
            actions: [{ type: 'countFill', params: filled }, 'watchOrphans', 'tellScanner'],
          },
        ],
        'position.liquidated': [
          {
            guard: { type: 'isOldLoss', params: lost },
            description: 'Of a trade that is over and forgotten.',
          },
          { guard: { type: 'isForeign', params: lost }, actions: alarmForeign },
          {
            guard: { type: 'isNews', params: lost },
            description: 'Its trade does not see its account: it is told.',
            actions: [
              { type: 'tellLoser', params: lost },
              { type: 'countFill', params: lost },
              'watchOrphans',
              'tellScanner',
            ],
          },
        ],
        'funding.paid': {
          actions: [
            {
              type: 'countFunding',
              params: ({ event }) => ({ payment: event.payment, atMs: event.atMs }),
            },
            'tellScanner',
          ],
        },
        'trade.panicked': {
          actions: {
            type: 'notePanic',
            params: ({ event }) => ({ tradeId: event.tradeId, atMs: event.atMs }),
          },
        },
        'trade.planned': {
          actions: {
            type: 'notePlanned',
            params: ({ event: { tradeId, hedgedWithinQty, instrumentIds } }) => ({
              ...{ tradeId, hedgedWithinQty, plannedFor: instrumentIds },
            }),
          },
        },
        'trade.corrected': {
          actions: [
            {
              type: 'noteCorrected',
              params: ({ event: { tradeId, instrumentId, qty, attempt } }) => ({
                ...{ tradeId, instrumentId, qty, attempt },
              }),
            },
            'tellScanner',
          ],
        },
        'trade.forgotten': {
          actions: {
            type: 'forget',
            params: ({ event }) => ({ tradeId: event.tradeId, legs: event.legs }),
          },
        },
        'timer.orphan': [
          {
            guard: { type: 'hasOrphan', params: now },
            actions: [
              alert<'timer.orphan'>('critical', 'ORPHAN_LEG', ({ context, event }) => ({
                key: orphans(context, event.atMs).join(' '),
                text:
                  `${orphans(context, event.atMs).join(' ')} stood alone for ` +
                  `${context.limits.orphanMsMax} ms; demanding panic`,
              })),
              {
                type: 'demandPanic',
                params: ({ context, event }) => ({
                  tradeIds: orphans(context, event.atMs),
                  reason: 'the risk-guard saw a leg alone',
                }),
              },
              'watchOrphans',
            ],
          },
          { actions: 'watchOrphans' },
        ],
        'timer.account': {
          actions: [{ type: 'askAccounts', params: ({ context }) => context.venues }, accountTimer],
        },
        'account.reported': checkReport,
        'account.unavailable': {
          actions: alert<'account.unavailable'>('warning', 'ACCOUNT_UNAVAILABLE', ({ event }) => ({
            key: event.venueId,
            text: `${event.venueId} does not report its account: ${event.cause}`,
          })),
        },
      },
    },
  },
});
