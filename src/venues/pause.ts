// Waits on the clock of the feed, and no longer than the feed lives.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock } from '../ports/index.ts';

export function pause(clock: Clock, waitMs: Ms, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      task.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const task = clock.schedule(toMs(clock.nowMs() + waitMs), end);
    signal.addEventListener('abort', end, { once: true });
  });
}
