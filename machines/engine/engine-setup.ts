// The names that the engine is written in: what it waits for, whom it starts, what it tells the
// scanner.
import { assign, sendTo, setup } from 'xstate';

import type {
  EngineLimits,
  InstrumentId,
  Ms,
  RunResumed,
  RunStarted,
  StreamReport,
  VenueId,
} from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { askAccounts, askActivity, raiseAlert, startTimer, stopTimer } from '../requests.ts';
import { riskGuardMachine } from '../risk-guard/risk-guard-machine.ts';
import { scannerMachine } from '../scanner/scanner-machine.ts';
import { streamMachine } from '../stream/stream-machine.ts';
import type { EngineEvent } from './engine-events.ts';

export interface EngineContext {
  readonly run: RunStarted | null;
  /** What the venues did before that is not of this run. */
  readonly startedAtMs: Ms;
  /** Venues whose account has not been seen yet. */
  readonly awaited: readonly VenueId[];
  /** Those of them that have yet to repeat what they did while nobody listened, and since when. */
  readonly awaitedActivity: readonly VenueId[];
  readonly activitySinceAtMs: Ms;
  readonly reason: string;
  /** What the engine is to be, also after a stop or a crash, until an operator resumes. */
  readonly held: Held;
  /** When the run was resumed, within the restart window. */
  readonly resumedAtMs: readonly Ms[];
  /** From too many restarts until the engine runs again. */
  readonly isInCrashLoop: boolean;
}

export type Held = '' | 'halted' | 'killed';

type Command =
  | { readonly type: 'scanner.resume' }
  | {
      readonly type: 'scanner.halt' | 'scanner.drain' | 'scanner.flatten';
      readonly reason: string;
    };

/** Far more than any word of a venue takes; what is told again counts once. */
const ACTIVITY_BEFORE_MS = 10 * 60_000;

export const streamActorId = (instrumentId: InstrumentId): string => `stream:${instrumentId}`;

export function runOf({ run }: EngineContext): RunStarted {
  if (run === null) throw new Error('the engine must have been started');
  return run;
}

function restarts({ resumedAtMs }: EngineContext, limits: EngineLimits, atMs: Ms): readonly Ms[] {
  return [...resumedAtMs, atMs].filter((each) => atMs - each < limits.restartWindowMs);
}

export const engineSetup = setup({
  types: {
    context: {} as EngineContext,
    events: {} as EngineEvent,
    tags: {} as 'settled',
  },
  actors: { scanner: scannerMachine, riskGuard: riskGuardMachine, stream: streamMachine },
  guards: {
    hasReconciled: ({ context }) => context.awaited.length === 0,
    hasHeard: ({ context }) => context.awaitedActivity.length === 0,
    isHeldAs: ({ context }, { held }: { readonly held: Held }) => context.held === held,
    mustCool: ({ context }) => context.awaited.length === 0 && context.isInCrashLoop,
    /** Of one that is not over yet nothing more is said. */
    isNewCrashLoop: ({ context, event }, { resumed }: { readonly resumed: RunResumed }) =>
      !context.isInCrashLoop &&
      restarts(context, resumed.limits, event.atMs).length >= resumed.limits.restartCountMax,
    isAwaited: ({ context }, { venueId }: { readonly venueId: VenueId }) =>
      context.awaited.includes(venueId) && !context.awaitedActivity.includes(venueId),
    isActivityAwaited: ({ context }, { venueId }: { readonly venueId: VenueId }) =>
      context.awaitedActivity.includes(venueId),
  },
  actions: {
    begin: assign(({ event, spawn }, { run }: { readonly run: RunStarted }) => {
      const { runTag, limits, venues } = run;
      spawn('scanner', { id: 'scanner', systemId: 'scanner', input: { runTag, limits } });
      const guardInput = { runTag, limits, venues };
      spawn('riskGuard', { id: 'risk-guard', systemId: 'risk-guard', input: guardInput });
      return { run, startedAtMs: event.atMs, awaited: venues };
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
    noteAccount: assign(({ context }, { venueId }: { readonly venueId: VenueId }) => ({
      awaited: context.awaited.filter((awaited) => awaited !== venueId),
    })),
    noteActivity: assign(({ context }, { venueId }: { readonly venueId: VenueId }) => ({
      awaitedActivity: context.awaitedActivity.filter((awaited) => awaited !== venueId),
    })),
    noteResumed: assign(({ context, event }, { resumed }: { readonly resumed: RunResumed }) => {
      const { limits, configHash, lastAtMs } = resumed;
      const { venues, ...run } = runOf(context);
      const sinceAtMs = Math.max(lastAtMs - ACTIVITY_BEFORE_MS, context.startedAtMs);
      return {
        run: { ...run, venues, limits, configHash },
        resumedAtMs: restarts(context, limits, event.atMs),
        awaited: venues,
        awaitedActivity: venues,
        // A question that the process before died waiting on is still open.
        activitySinceAtMs: toMs(
          context.awaitedActivity.length > 0
            ? Math.min(context.activitySinceAtMs, sinceAtMs)
            : sinceAtMs,
        ),
      };
    }),
    noteCrashLoop: assign({ isInCrashLoop: true }),
    endCrashLoop: assign({ isInCrashLoop: false }),
    forgetRestarts: assign({ resumedAtMs: [], isInCrashLoop: false }),
    awaitAccounts: assign(({ context }) => ({ awaited: runOf(context).venues })),
    tellRecheck: sendTo('risk-guard', ({ event }) => ({
      type: 'guard.recheck' as const,
      atMs: event.atMs,
    })),
    /** A halt takes nothing from a kill. */
    hold: assign(({ context }, { held }: { readonly held: Held }) => ({
      held: context.held === 'killed' ? context.held : held,
    })),
    release: assign({ held: '' }),
    noteReason: assign((_, { reason }: { readonly reason: string }) => ({ reason })),
    tellScanner: sendTo(
      'scanner',
      ({ event }, command: Command) => ({ ...command, atMs: event.atMs }) as never,
    ),
    askAccounts,
    askActivity,
    raiseAlert,
    startTimer,
    stopTimer,
  },
});
