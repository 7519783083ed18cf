// The engine's own life: boot, reconcile with every venue, run, halt, kill, drain, stop, and all of
// it again after a crash. It passes operators' commands on and decides nothing about a trade.
import { toMs } from '../../src/domain/index.ts';
import type { EngineEvent } from './engine-events.ts';
import type { EngineContext } from './engine-setup.ts';
import { engineSetup } from './engine-setup.ts';
import { inheriting, leaseNews } from './lease-news.ts';

export { streamActorId } from './engine-setup.ts';

/** Between asking accounts again while reconciling, and between grace and the last flatten. */
const RECONCILE_EVERY_MS = toMs(1000);

type On<T extends EngineEvent['type']> = { event: Extract<EngineEvent, { type: T }> };
type Commanded = 'operator.halt' | 'operator.kill' | 'operator.stop' | 'operator.leave';
const command = (type: 'scanner.halt' | 'scanner.drain' | 'scanner.flatten') =>
  ({
    type: 'tellScanner',
    params: ({ event }: On<Commanded>) => ({
      type,
      reason: event.reason,
    }),
  }) as const;
const because = {
  type: 'noteReason',
  params: ({ event }: On<Commanded>) => ({
    reason: event.reason,
  }),
} as const;
const reporter = ({ event }: On<'account.reported'>) => ({ venueId: event.report.venueId });
const venue = ({ event }: On<'activity.reported'>) => ({ venueId: event.venueId });
const stream = ({ event }: On<'stream.appeared'>) => ({ report: event.report });
/** What happened first, then what it came to. */
const askAwaited = [
  {
    type: 'askActivity',
    params: ({ context }: { context: EngineContext }) => ({
      venues: context.awaitedActivity,
      sinceAtMs: context.activitySinceAtMs,
    }),
  },
  {
    type: 'askAccounts',
    params: ({ context }: { context: EngineContext }) =>
      context.awaited.filter((venueId) => !context.awaitedActivity.includes(venueId)),
  },
  { type: 'startTimer', params: { timer: 'reconcile', delayMs: RECONCILE_EVERY_MS } },
] as const;
/** Nothing of the process that died is on its way any more: every venue is asked. */
const resumption = [
  { type: 'noteResumed', params: ({ event }: On<'run.resumed'>) => ({ resumed: event }) },
  ...askAwaited,
] as const;
const resumed = {
  'run.resumed': {
    target: 'reconciling',
    actions: [
      ...resumption,
      { type: 'tellScanner', params: { type: 'scanner.halt', reason: 'resumed' } },
    ],
  },
} as const;

/** What halted us may still hold: every account is looked at before anything is opened. */
const resuming = {
  'operator.resume': {
    target: 'reconciling',
    actions: ['awaitAccounts', 'tellRecheck', ...askAwaited],
  },
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
const leaving = {
  'operator.leave': { target: 'left', actions: [because, command('scanner.halt')] },
} as const;

export const engineMachine = engineSetup.createMachine({
  id: 'engine',
  description: 'The life of the engine, from boot to stop.',
  context: {
    run: null,
    startedAtMs: toMs(0),
    awaited: [],
    awaitedActivity: [],
    activitySinceAtMs: toMs(0),
    reason: '',
  },
  initial: 'booting',
  on: {
    'stream.appeared': {
      actions: [
        { type: 'spawnStream', params: stream },
        { type: 'passReport', params: stream },
      ],
    },
    'activity.reported': {
      guard: { type: 'isActivityAwaited', params: venue },
      actions: [
        { type: 'noteActivity', params: venue },
        { type: 'askAccounts', params: ({ event }) => [event.venueId] },
      ],
    },
    'account.reported': {
      guard: { type: 'isAwaited', params: reporter },
      actions: { type: 'noteAccount', params: reporter },
    },
    'timer.reconcile': [
      { guard: 'hasReconciled', description: 'Every account was seen meanwhile.' },
      { actions: askAwaited },
    ],
    'run.resumed': {
      description: 'Whatever an operator commanded holds on: halted stays halted.',
      actions: resumption,
    },
    ...leaseNews,
  },
  states: {
    booting: {
      description: 'Nothing is known yet.',
      on: {
        'run.started': {
          target: 'reconciling',
          actions: [
            { type: 'begin', params: ({ event }) => ({ run: event }) },
            'startGuard',
            ...askAwaited,
          ],
        },
      },
    },
    reconciling: {
      description: 'Every venue is asked what we hold before anything new is opened.',
      on: { ...stopping, ...killing, ...halting, ...leaving, ...resumed, ...inheriting },
      always: {
        guard: 'hasReconciled',
        target: 'running',
        actions: { type: 'stopTimer', params: { timer: 'reconcile' } },
      },
    },
    running: {
      description: 'Opportunities are taken and trades are managed.',
      entry: { type: 'tellScanner', params: { type: 'scanner.resume' } },
      on: { ...stopping, ...killing, ...halting, ...leaving, ...resumed, ...inheriting },
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
      on: { 'scanner.drained': 'stopped', ...killing, ...leaving, ...resumed },
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
              target: '#engine.left',
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
    left: {
      description: 'The process ends with trades open; the next start resumes them.',
      on: { ...stopping, ...killing, ...resumed },
    },
    stopped: { description: 'The run is over.', type: 'final', tags: 'settled' },
  },
});
