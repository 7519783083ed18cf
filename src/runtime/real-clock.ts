// The clock of a real run: anchored once, then carried on by the machine's monotonic counter, so
// that a jump of the wall clock moves no deadline.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';

/** Longest delay that a Node timer takes; longer ones are set again. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** `anchorAtMs` is what the clock shows now: wall time, or the time of a sandbox. */
export function realClock(anchorAtMs: number): Clock {
  const startedMs = performance.now();
  const nowMs = (): Ms => toMs(Math.floor(anchorAtMs + performance.now() - startedMs));
  return {
    nowMs,
    schedule(atMs: Ms, task: () => void): ScheduledTask {
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const delayMs = Math.min(Math.max(atMs - nowMs(), 0), DELAY_MS_MAX);
        timer = setTimeout(() => (nowMs() >= atMs ? task() : arm()), delayMs);
      };
      arm();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
