// Pieces that several states of the engine share: what asking the venues comes to, what follows a
// restart, where each command of an operator leads.
import { toMs } from '../../src/domain/index.ts';
import type { EngineEvent } from './engine-events.ts';
import type { EngineContext } from './engine-setup.ts';
import { runOf } from './engine-setup.ts';

/** Between asking accounts again while reconciling, and between grace and the last flatten. */
export const RECONCILE_EVERY_MS = toMs(1000);

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
export const reporter = ({ event }: On<'account.reported'>) => ({ venueId: event.report.venueId });
export const venue = ({ event }: On<'activity.reported'>) => ({ venueId: event.venueId });
export const stream = ({ event }: On<'stream.appeared'>) => ({ report: event.report });
/** What happened first, then what it came to. */
export const askAwaited = [
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
export const stopAsking = { type: 'stopTimer', params: { timer: 'reconcile' } } as const;
/** Nothing of the process that died is on its way any more: every venue is asked. */
export const resumption = [
  { type: 'noteResumed', params: ({ event }: On<'run.resumed'>) => ({ resumed: event }) },
  ...askAwaited,
] as const;
const pausing = {
  type: 'tellScanner',
  params: { type: 'scanner.halt', reason: 'resumed' },
} as const;
const flattening = {
  type: 'tellScanner',
  params: { type: 'scanner.flatten', reason: 'resumed' },
} as const;
/** How long the trades may take to come home, and once more to be flattened. */
export const graceTimer = {
  type: 'startTimer',
  params: ({ context }: { context: EngineContext }) => ({
    timer: 'grace',
    delayMs: context.run?.limits.shutdownGraceMs ?? RECONCILE_EVERY_MS,
  }),
} as const;
export const holdHalted = { type: 'hold', params: { held: 'halted' } } as const;
const holdKilled = { type: 'hold', params: { held: 'killed' } } as const;
const sayCrashLoop = {
  type: 'raiseAlert',
  params: ({ context }: { context: EngineContext }) => ({
    severity: 'critical' as const,
    code: 'CRASH_LOOP',
    key: 'engine',
    text: crashLoopText(context),
  }),
} as const;
export const resumed = {
  'run.resumed': [
    {
      guard: {
        type: 'isNewCrashLoop',
        params: ({ event }: On<'run.resumed'>) => ({ resumed: event }),
      },
      target: 'reconciling',
      actions: [...resumption, 'noteCrashLoop', sayCrashLoop, pausing],
    },
    { target: 'reconciling', actions: [...resumption, pausing] },
  ],
} as const;

/** Who was told to end and is started again runs, unless it was halted or killed before. */
export const takenUp = {
  'run.resumed': [
    {
      guard: { type: 'isHeldAs', params: { held: 'killed' } },
      target: '#engine.killed',
      actions: [...resumption, flattening],
    },
    {
      guard: { type: 'isHeldAs', params: { held: 'halted' } },
      target: '#engine.halted',
      actions: [...resumption, pausing],
    },
    ...resumed['run.resumed'],
  ],
} as const;
/** It ends already; the next start is held. */
export const haltingNext = {
  'operator.halt': { actions: holdHalted },
} as const;

/** What halted us may still hold: every account is looked at before anything is opened. */
export const resuming = {
  'operator.resume': {
    target: 'reconciling',
    actions: ['release', 'forgetRestarts', 'awaitAccounts', 'tellRecheck', ...askAwaited],
  },
} as const;
export const stopping = {
  'operator.stop': { target: 'draining', actions: [because, command('scanner.drain')] },
} as const;
export const killing = {
  'operator.kill': { target: 'killed', actions: [because, holdKilled, command('scanner.flatten')] },
} as const;
export const halting = {
  'operator.halt': { target: 'halted', actions: [because, holdHalted, command('scanner.halt')] },
} as const;
export const leaving = {
  'operator.leave': { target: 'left', actions: [because, command('scanner.halt')] },
} as const;

function crashLoopText(context: EngineContext): string {
  const { restartWindowMs, restartHoldMs } = runOf(context).limits;
  return (
    `restarted ${context.resumedAtMs.length} times within ${restartWindowMs} ms: reconciles, ` +
    `then opens nothing new for ${restartHoldMs} ms; 'node main resume' ends that at once`
  );
}
