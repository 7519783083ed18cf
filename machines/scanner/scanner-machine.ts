// Accepts or refuses opportunities, each refusal with its gate, and spawns a trade for each it
// accepts. It stops looking when told; what is open goes on and may always leave.
import type { ScannerEvent } from './scanner-events.ts';
import type { Proposal } from './scanner-gates.ts';
import { emptyScanner, refusal, refuse } from './scanner-gates.ts';
import { scannerSetup } from './scanner-setup.ts';

type On<T extends ScannerEvent['type']> = { event: Extract<ScannerEvent, { type: T }> };
const proposal = ({ event }: On<'opportunity.found'>): Proposal => ({
  opportunity: event.opportunity,
  plan: event.plan,
  atMs: event.atMs,
});

const refuseWhile = (state: string) =>
  ({
    type: 'recordRefusal',
    params: ({ event }: On<'opportunity.found'>) => ({
      key: event.opportunity.key,
      refusal: refusal('engine-state', state, 'scanning', 'state'),
    }),
  }) as const;
const release = {
  type: 'releaseTrade',
  params: ({ event }: On<'trade.settled'>) => ({
    tradeId: event.tradeId,
    hasAbsentOrder: event.hasAbsentOrder,
    atMs: event.atMs,
  }),
} as const;
const unclaimed = ({ event }: On<'fill.unclaimed'>) => ({
  fill: event.fill,
  hasTrade: event.hasTrade,
  atMs: event.atMs,
});
const strayText = ({ event: { fill } }: On<'fill.unclaimed'>) => ({
  severity: 'critical' as const,
  code: 'STRAY_FILL',
  key: fill.clientOrderId,
  text:
    `${fill.qty} ${fill.instrumentId} filled for order ${fill.clientOrderId}, whose trade is ` +
    'not known here; bring it home by hand',
});
const gate = ({ event }: On<'gate.opened' | 'gate.closed'>) => ({
  instrumentId: event.instrumentId,
});
const paid = ({ event }: On<'funding.paid'>) => ({ instrumentId: event.payment.instrumentId });
const payment = ({ event }: On<'funding.paid'>) => ({ payment: event.payment });
const transfer = ({ event }: On<'transfer.made'>) => ({ transfer: event.transfer });
const tellTrades = (word: 'unwind' | 'panic') =>
  ({
    type: 'tellTrades',
    params: ({ event }: On<'scanner.drain' | 'scanner.flatten'>) => ({
      word,
      reason: event.reason,
    }),
  }) as const;

export const scannerMachine = scannerSetup.createMachine({
  id: 'scanner',
  description: 'Accepts or refuses opportunities and spawns a trade for each it accepts.',
  context: ({ input }) => emptyScanner(input),
  initial: 'paused',
  on: {
    'gate.opened': { actions: { type: 'openGate', params: gate } },
    'gate.closed': { actions: { type: 'closeGate', params: gate } },
    'account.reported': {
      actions: { type: 'recordAccount', params: ({ event }) => ({ report: event.report }) },
    },
    'transfer.made': {
      guard: { type: 'isWithdrawal', params: transfer },
      description: 'What is gone counts at once; what came, when the next report has it.',
      actions: { type: 'recordWithdrawal', params: transfer },
    },
    'risk.counted': {
      actions: {
        type: 'recordDay',
        params: ({ event }) => ({ day: event.day, resultUsd: event.resultUsd }),
      },
    },
    'candidate.refused': {
      actions: {
        type: 'recordRefusal',
        params: ({ event }) => ({ key: event.key, refusal: event.refusal }),
      },
    },
    'lease.unreachable': { actions: { type: 'noteLease', params: { isAway: true } } },
    'lease.recovered': { actions: { type: 'noteLease', params: { isAway: false } } },
    'run.resumed': {
      description: 'Another process has another lease.',
      actions: { type: 'takeLimits', params: ({ event }) => ({ limits: event.limits }) },
    },
    'funding.paid': [
      {
        guard: { type: 'isHeldPayment', params: payment },
        actions: [
          { type: 'tellHolder', params: paid },
          { type: 'notePayment', params: payment },
        ],
      },
      {
        guard: { type: 'isNewPayment', params: payment },
        actions: { type: 'notePayment', params: payment },
      },
    ],
    'fill.unclaimed': [
      {
        guard: { type: 'isToldAgain', params: unclaimed },
        description: 'Counted long ago, by a trade that is over.',
      },
      {
        guard: { type: 'isAdoptable', params: unclaimed },
        actions: [
          { type: 'adoptTrade', params: unclaimed },
          { type: 'tellGuard', params: unclaimed },
          { type: 'handOver', params: unclaimed },
        ],
      },
      {
        description: 'Never traded here: how to bring it home is not known.',
        actions: [
          { type: 'tellGuard', params: unclaimed },
          { type: 'raiseAlert', params: strayText },
        ],
      },
    ],
    'trade.settled': { actions: release },
    'trade.reopened': {
      actions: {
        type: 'holdTrade',
        params: ({ event }) => ({ tradeId: event.tradeId, plan: event.plan }),
      },
    },
    'trade.forgotten': {
      actions: [
        {
          type: 'remember',
          params: ({ event }) => ({ tradeId: event.tradeId, legs: event.legs }),
        },
        { type: 'letGo', params: ({ event }) => ({ tradeId: event.tradeId }) },
      ],
    },
    'scanner.halt': '.paused',
    'scanner.drain': {
      target: '.draining',
      actions: tellTrades('unwind'),
    },
    'scanner.flatten': {
      target: '.draining',
      actions: tellTrades('panic'),
    },
  },
  states: {
    paused: {
      description: 'Opens nothing; what is open goes on.',
      on: {
        'scanner.resume': 'scanning',
        'opportunity.found': { actions: refuseWhile('paused') },
      },
    },
    scanning: {
      description: 'Every opportunity passes the gates or is refused by one.',
      on: {
        'opportunity.found': [
          {
            guard: { type: 'isApproved', params: proposal },
            actions: [
              { type: 'spawnTrade', params: ({ event }) => ({ plan: event.plan }) },
              { type: 'tellPlan', params: ({ event }) => ({ plan: event.plan }) },
              'startTrade',
            ],
          },
          {
            actions: {
              type: 'recordRefusal',
              params: ({ context, event }) => ({
                key: event.opportunity.key,
                refusal: refuse(context, proposal({ event })) ?? refusal('none', '', '', 'state'),
              }),
            },
          },
        ],
      },
    },
    draining: {
      description: 'Opens nothing and brings home what is open.',
      on: {
        'opportunity.found': { actions: refuseWhile('draining') },
        'trade.opened': {
          actions: { type: 'unwindTrade', params: ({ event }) => ({ tradeId: event.tradeId }) },
        },
        'scanner.resume': 'scanning',
      },
      initial: 'homing',
      states: {
        homing: {
          description: 'Trades are still on their way home.',
          always: { guard: 'isIdle', target: 'home' },
        },
        home: {
          description: 'Nothing is open.',
          tags: 'settled',
          entry: 'tellDrained',
          always: { guard: 'hasOpenTrades', target: 'homing', actions: 'tellReopened' },
        },
      },
    },
  },
});
