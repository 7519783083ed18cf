// Time that no pause escapes: the machine's monotonic counter goes on while a process is stopped
// but may stand still while the machine sleeps, which only the wall clock shows. A wall clock set
// forward looks like a pause too: it costs one question more. Never runs backwards.
import type { Clock } from '../ports/index.ts';
import { toMs } from '../domain/index.ts';

/** The two clocks drift and are slewed by less than this between two looks. */
const GAP_MS_MIN = 100;

export interface TimeSources {
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
}

const MACHINE: TimeSources = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

export function watchfulClock(sources: TimeSources = MACHINE): Clock {
  let elapsedMs = 0;
  let seen = { monotonicMs: sources.monotonicMs(), wallMs: sources.wallMs() };
  const now = (): number => {
    const at = { monotonicMs: sources.monotonicMs(), wallMs: sources.wallMs() };
    const steadyMs = at.monotonicMs - seen.monotonicMs;
    const wallMs = at.wallMs - seen.wallMs;
    elapsedMs += wallMs - steadyMs > GAP_MS_MIN ? wallMs : steadyMs;
    seen = at;
    return elapsedMs;
  };
  return {
    nowMs: () => toMs(Math.floor(now())),
    schedule: (atMs, task) => {
      const timer = setTimeout(task, Math.max(atMs - now(), 0));
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
