// Waits for something that may never come, for so long and no longer.
import { setTimeout as pause } from 'node:timers/promises';

export async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | 'late'> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const late = pause(ms, 'late' as const, { signal }).catch(() => 'late' as const);
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}
