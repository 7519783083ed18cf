// Time for the shell. The decision plane never sees it; it gets `atMs` with each input.
import type { Ms } from '../domain/index.ts';

export interface Clock {
  /** Milliseconds since 1970; never runs backwards. */
  nowMs(): Ms;
  /** Runs the task at or after the instant; tasks due together run in order of scheduling. */
  schedule(atMs: Ms, task: () => void): ScheduledTask;
}

export interface ScheduledTask {
  cancel(): void;
}
