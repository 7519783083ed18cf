// Time that passes also while the process stands still: what fell due meanwhile runs late, all at
// once, in order of due time, as the timers of a process that was stopped do.
import type { Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { Clock, ScheduledTask } from '../../src/ports/index.ts';

interface Appointment {
  readonly atMs: Ms;
  readonly ordinal: number;
  readonly task: () => void;
}

export class StoppingClock implements Clock {
  #nowMs: Ms;
  #count = 0;
  readonly #waiting = new Set<Appointment>();

  constructor(startAtMs: Ms) {
    this.#nowMs = startAtMs;
  }

  nowMs(): Ms {
    return this.#nowMs;
  }

  schedule(atMs: Ms, task: () => void): ScheduledTask {
    this.#count += 1;
    const appointment = { atMs, ordinal: this.#count, task };
    this.#waiting.add(appointment);
    return { cancel: () => this.#waiting.delete(appointment) };
  }

  /** Runs what falls due on the way, each at its instant; what is overdue runs at once. */
  pass(forMs: number): void {
    const untilAtMs = toMs(this.#nowMs + forMs);
    for (let next = this.#next(); next && next.atMs <= untilAtMs; next = this.#next()) {
      this.#waiting.delete(next);
      this.#nowMs = toMs(Math.max(this.#nowMs, next.atMs));
      next.task();
    }
    this.#nowMs = untilAtMs;
  }

  /** Nothing runs. */
  standStill(forMs: number): void {
    this.#nowMs = toMs(this.#nowMs + forMs);
  }

  #next(): Appointment | undefined {
    let first: Appointment | undefined;
    for (const each of this.#waiting)
      if (first === undefined || isEarlier(each, first)) first = each;
    return first;
  }
}

const isEarlier = (left: Appointment, right: Appointment): boolean =>
  left.atMs === right.atMs ? left.ordinal < right.ordinal : left.atMs < right.atMs;
