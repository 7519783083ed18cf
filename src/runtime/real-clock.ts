// The clock of a real run: anchored once, then carried on by the machine's monotonic counter, so
// that a jump of the wall clock moves no deadline. It begins no earlier than the last record of the
// run that it goes on with, and keeps its pace where that is ahead: how far venues' clocks are off
// is measured now and then, and must hold in between. Tasks wait in one queue, because two timers
// of Node that are due together may fire in either order.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';

/** Longest delay that a Node timer takes; longer ones are set again. */
const DELAY_MS_MAX = 2 ** 31 - 1;

interface Appointment {
  readonly dueAtMs: Ms;
  readonly task: () => void;
}

class RealClock implements Clock {
  readonly #anchorAtMs: number;
  readonly #startedMs = performance.now();
  /** In order of due time, then of scheduling. */
  readonly #pending: Appointment[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;

  constructor(anchorAtMs: number, notBeforeAtMs: number) {
    this.#anchorAtMs = Math.max(anchorAtMs, notBeforeAtMs);
  }

  nowMs(): Ms {
    return toMs(Math.floor(this.#anchorAtMs + performance.now() - this.#startedMs));
  }

  schedule(dueAtMs: Ms, task: () => void): ScheduledTask {
    const appointment = { dueAtMs, task };
    const before = this.#pending.findLastIndex((each) => each.dueAtMs <= dueAtMs);
    this.#pending.splice(before + 1, 0, appointment);
    this.#arm();
    return { cancel: () => this.#cancel(appointment) };
  }

  #cancel(appointment: Appointment): void {
    const place = this.#pending.indexOf(appointment);
    if (place === -1) return;
    this.#pending.splice(place, 1);
    this.#arm();
  }

  /** One timer, for the first appointment. */
  #arm(): void {
    const dueAtMs = this.#pending[0]?.dueAtMs ?? Infinity;
    if (dueAtMs === this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = dueAtMs;
    if (dueAtMs === Infinity) return;
    const delayMs = Math.min(Math.max(dueAtMs - this.nowMs(), 0), DELAY_MS_MAX);
    this.#timer = setTimeout(() => this.#ring(), delayMs);
  }

  /** What is due by now; what these tasks schedule waits for the next ring, and lets others in. */
  #ring(): void {
    this.#timerAtMs = Infinity;
    const nowMs = this.nowMs();
    const later = this.#pending.findIndex(({ dueAtMs }) => dueAtMs > nowMs);
    const due = this.#pending.slice(0, later === -1 ? undefined : later);
    try {
      for (const appointment of due) {
        const place = this.#pending.indexOf(appointment);
        if (place === -1) continue;
        this.#pending.splice(place, 1);
        appointment.task();
      }
    } finally {
      this.#arm();
    }
  }
}

/**
 * `anchorAtMs` is what a clock shows now: wall time, or the time of a sandbox; `notBeforeAtMs` the
 * time of the last record that is there.
 */
export const realClock = (anchorAtMs: number, notBeforeAtMs = 0): Clock =>
  new RealClock(anchorAtMs, notBeforeAtMs);
