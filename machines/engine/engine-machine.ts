// The engine's own life: boot, reconcile with every venue, run, halt, kill, drain, stop, and all of
// it again after a crash. It passes operators' commands on and decides nothing about a trade.
import { toMs } from '../../src/domain/index.ts';
import {
  askAwaited,
  graceTimer,
  halting,
  haltingNext,
  killing,
  leaving,
  RECONCILE_EVERY_MS,
  reporter,
  resumed,
  resuming,
  resumption,
  stopAsking,
  stopping,
  stream,
  takenUp,
  venue,
} from './engine-fragments.ts';
import { engineSetup } from './engine-setup.ts';
import { inheriting, inheritingNext, leaseNews } from './lease-news.ts';

export { streamActorId } from './engine-setup.ts';

/** Where it opens trades, or soon will. */
const commanded = {
  ...stopping,
  ...killing,
  ...halting,
  ...leaving,
  ...resumed,
  ...inheriting,
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
    held: '',
    resumedAtMs: [],
    isInCrashLoop: false,
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
      on: {
        ...commanded,
        'operator.resume': { actions: 'forgetRestarts' },
      },
      always: [
        { guard: 'mustCool', target: 'cooling', actions: stopAsking },
        { guard: 'hasReconciled', target: 'running', actions: stopAsking },
      ],
    },
    cooling: {
      description: 'Restarted too often: opens nothing new for a while, manages what is open.',
      entry: {
        type: 'startTimer',
        params: ({ context }) => ({
          timer: 'hold',
          delayMs: context.run?.limits.restartHoldMs ?? RECONCILE_EVERY_MS,
        }),
      },
      exit: { type: 'stopTimer', params: { timer: 'hold' } },
      on: {
        ...commanded,
        'timer.hold': { target: 'running', actions: 'endCrashLoop' },
        'operator.resume': { target: 'running', actions: 'forgetRestarts' },
      },
    },
    running: {
      description: 'Opportunities are taken and trades are managed.',
      entry: { type: 'tellScanner', params: { type: 'scanner.resume' } },
      on: commanded,
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
      entry: graceTimer,
      on: {
        'scanner.drained': [{ guard: 'hasHeard', target: 'stopped' }, { target: '.hearing' }],
        ...killing,
        ...leaving,
        ...takenUp,
        ...haltingNext,
        ...inheritingNext,
      },
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
        hearing: {
          description: 'Nothing is open; what happened while nobody listened is told first.',
          always: {
            guard: 'hasHeard',
            target: 'homing',
            actions: { type: 'tellScanner', params: { type: 'scanner.drain', reason: 'heard' } },
          },
          on: {
            'scanner.reopened': {
              description: 'It was heard of: it goes home, with a whole grace to flatten it.',
              target: 'homing',
            },
            'timer.grace': {
              target: '#engine.left',
              actions: {
                type: 'raiseAlert',
                params: {
                  severity: 'warning',
                  code: 'STOPPED_UNHEARD',
                  key: 'engine',
                  text:
                    'stopped before every venue told what happened while nobody listened: ' +
                    'the next start asks again',
                },
              },
            },
          },
        },
        flattening: {
          description: 'The grace ended: trades leave at any price.',
          entry: graceTimer,
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
      description: 'The process ends and the run does not; the next start resumes it.',
      on: { ...stopping, ...killing, ...takenUp, ...haltingNext, ...inheritingNext },
    },
    stopped: { description: 'The run is over.', type: 'final', tags: 'settled' },
  },
});
