// The engine's own life: boot, reconcile with every venue, run, halt, kill, drain, stop. It spawns
// scanner, risk-guard and streams, and passes operators' commands on; it decides nothing about a
// trade.
import { assign, sendTo, setup } from 'xstate';

import type {
  AccountReport,
  InstrumentId,
  RunStarted,
  StreamReport,
  VenueId,
} from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { askAccounts, raiseAlert, startTimer, stopTimer } from '../requests.ts';
import { riskGuardMachine } from '../risk-guard/risk-guard-machine.ts';
import { scannerMachine } from '../scanner/scanner-machine.ts';
import { streamMachine } from '../stream/stream-machine.ts';
import type { EngineEvent } from './engine-events.ts';

interface EngineContext {
  readonly run: RunStarted | null;
  /** Venues whose account has not been seen yet. */
  readonly awaited: readonly VenueId[];
  readonly reason: string;
}

type Command =
  | { readonly type: 'scanner.resume' }
  | {
      readonly type: 'scanner.halt' | 'scanner.drain' | 'scanner.flatten';
      readonly reason: string;
    };

export const streamActorId = (instrumentId: InstrumentId): string => `stream:${instrumentId}`;

/** Between asking accounts again while reconciling, and between grace and the last flatten. */
const RECONCILE_EVERY_MS = toMs(1000);

function runOf({ run }: EngineContext): RunStarted {
  if (run === null) throw new Error('the engine must have been started');
  return run;
}

const engineSetup = setup({
  types: {
    context: {} as EngineContext,
    events: {} as EngineEvent,
    tags: {} as 'settled',
  },
  actors: { scanner: scannerMachine, riskGuard: riskGuardMachine, stream: streamMachine },
  guards: {
    hasReconciled: ({ context }) => context.awaited.length === 0,
    isLastAwaited: ({ context }, { report }: { readonly report: AccountReport }) =>
      context.awaited.every((venueId) => venueId === report.venueId),
  },
  actions: {
    begin: assign(({ spawn }, { run }: { readonly run: RunStarted }) => {
      const { runTag, limits, venues } = run;
      spawn('scanner', { id: 'scanner', systemId: 'scanner', input: { runTag, limits } });
      const guardInput = { runTag, limits, venues };
      spawn('riskGuard', { id: 'risk-guard', systemId: 'risk-guard', input: guardInput });
      return { run, awaited: venues };
    }),
    startGuard: sendTo('risk-guard', ({ event }) => ({
      type: 'guard.start' as const,
      atMs: event.atMs,
    })),
    spawnStream: assign(({ context, spawn }, { report }: { readonly report: StreamReport }) => {
      const { instrumentId, venueId } = report;
      const id = streamActorId(instrumentId);
      spawn('stream', {
        id,
        systemId: id,
        input: { instrumentId, venueId, limits: runOf(context).limits },
      });
      return {};
    }),
    passReport: sendTo(
      (_, { report }: { readonly report: StreamReport }) => streamActorId(report.instrumentId),
      ({ event }, { report }) => ({ ...report, atMs: event.atMs }) as never,
    ),
    noteAccount: assign(({ context }, { report }: { readonly report: AccountReport }) => ({
      awaited: context.awaited.filter((venueId) => venueId !== report.venueId),
    })),
    noteReason: assign((_, { reason }: { readonly reason: string }) => ({ reason })),
    tellScanner: sendTo(
      'scanner',
      ({ event }, command: Command) => ({ ...command, atMs: event.atMs }) as never,
    ),
    askAccounts,
    raiseAlert,
    startTimer,
    stopTimer,
  },
});

type On<T extends EngineEvent['type']> = { event: Extract<EngineEvent, { type: T }> };
const command = (type: 'scanner.halt' | 'scanner.drain' | 'scanner.flatten') =>
  ({
    type: 'tellScanner',
    params: ({ event }: On<'operator.halt' | 'operator.kill' | 'operator.stop'>) => ({
      type,
      reason: event.reason,
    }),
  }) as const;
const because = {
  type: 'noteReason',
  params: ({ event }: On<'operator.halt' | 'operator.kill' | 'operator.stop'>) => ({
    reason: event.reason,
  }),
} as const;
const report = ({ event }: On<'account.reported'>) => ({ report: event.report });
const stream = ({ event }: On<'stream.appeared'>) => ({ report: event.report });
const askAwaited = [
  { type: 'askAccounts', params: ({ context }: { context: EngineContext }) => context.awaited },
  { type: 'startTimer', params: { timer: 'reconcile', delayMs: RECONCILE_EVERY_MS } },
] as const;

const resuming = {
  'operator.resume': [{ guard: 'hasReconciled', target: 'running' }, { target: 'reconciling' }],
} as const;
const stopping = {
  'operator.stop': { target: 'draining', actions: [because, command('scanner.drain')] },
} as const;
const killing = {
  'operator.kill': { target: 'killed', actions: [because, command('scanner.flatten')] },
} as const;
const halting = {
  'operator.halt': { target: 'halted', actions: [because, command('scanner.halt')] },
} as const;

export const engineMachine = engineSetup.createMachine({
  id: 'engine',
  description: 'The life of the engine, from boot to stop.',
  context: { run: null, awaited: [], reason: '' },
  initial: 'booting',
  on: {
    'stream.appeared': {
      actions: [
        { type: 'spawnStream', params: stream },
        { type: 'passReport', params: stream },
      ],
    },
  },
  states: {
    booting: {
      description: 'Nothing is known yet.',
      on: {
        'run.started': {
          target: 'reconciling',
          actions: [{ type: 'begin', params: ({ event }) => ({ run: event }) }, 'startGuard'],
        },
      },
    },
    reconciling: {
      description: 'Every venue is asked what we hold before anything new is opened.',
      entry: askAwaited,
      exit: { type: 'stopTimer', params: { timer: 'reconcile' } },
      on: {
        'account.reported': [
          {
            guard: { type: 'isLastAwaited', params: report },
            target: 'running',
            actions: { type: 'noteAccount', params: report },
          },
          { actions: { type: 'noteAccount', params: report } },
        ],
        'timer.reconcile': { actions: askAwaited },
        ...stopping,
        ...killing,
        ...halting,
      },
    },
    running: {
      description: 'Opportunities are taken and trades are managed.',
      entry: { type: 'tellScanner', params: { type: 'scanner.resume' } },
      on: { ...stopping, ...killing, ...halting },
    },
    halted: {
      description: 'Nothing new is opened; what is open is managed.',
      on: { ...stopping, ...killing, ...resuming },
    },
    killed: {
      description: 'Everything is being flattened; stays so until an operator resumes.',
      on: { ...stopping, ...resuming },
    },
    draining: {
      description: 'Trades are brought home within the grace, then the run ends.',
      entry: {
        type: 'startTimer',
        params: ({ context }) => ({
          timer: 'grace',
          delayMs: context.run?.limits.shutdownGraceMs ?? RECONCILE_EVERY_MS,
        }),
      },
      on: { 'scanner.drained': 'stopped', ...killing },
      initial: 'homing',
      states: {
        homing: {
          description: 'Trades leave in good order.',
          on: {
            'timer.grace': {
              target: 'flattening',
              actions: {
                type: 'tellScanner',
                params: { type: 'scanner.flatten', reason: 'grace ended' },
              },
            },
          },
        },
        flattening: {
          description: 'The grace ended: trades leave at any price.',
          entry: {
            type: 'startTimer',
            params: ({ context }) => ({
              timer: 'grace',
              delayMs: context.run?.limits.shutdownGraceMs ?? RECONCILE_EVERY_MS,
            }),
          },
          on: {
            'timer.grace': {
              target: '#engine.stopped',
              actions: {
                type: 'raiseAlert',
                params: {
                  severity: 'critical',
                  code: 'STOPPED_EXPOSED',
                  key: 'engine',
                  text: 'stopped with open trades: the venues did not let them go in time',
                },
              },
            },
          },
        },
      },
    },
    stopped: { description: 'The run is over.', type: 'final', tags: 'settled' },
  },
});
