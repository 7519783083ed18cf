// Time that moves only when told to: tests and `--clock virtual` run on it. Tasks wait in a binary
// heap by due time, then by arrival, so that a day with millions of tasks takes seconds. Never runs
// backwards, never jumps over a due task, and refuses to spin for ever inside one instant.
import type { Ms } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';

/** More tasks than this at one instant are a loop that does not let time pass. */
const TASKS_PER_INSTANT_MAX = 1_000_000;

/** Serves as its own handle: a closure made for each task would cost more than the heap does. */
class Appointment implements ScheduledTask {
  readonly dueAtMs: Ms;
  readonly ordinal: number;
  /** Absent once cancelled: the entry stays in the heap until it is due and is then skipped. */
  task: (() => void) | undefined;

  constructor(dueAtMs: Ms, ordinal: number, task: () => void) {
    this.dueAtMs = dueAtMs;
    this.ordinal = ordinal;
    this.task = task;
  }

  cancel(): void {
    this.task = undefined;
  }
}

export class VirtualClock implements Clock {
  readonly #heap: Appointment[] = [];
  #nowMs: Ms;
  #scheduledCount = 0;
  #instantCount = 0;
  #isRunning = false;

  constructor(startAtMs: Ms) {
    this.#nowMs = startAtMs;
  }

  nowMs(): Ms {
    return this.#nowMs;
  }

  /** An instant in the past is due now. */
  schedule(atMs: Ms, task: () => void): ScheduledTask {
    this.#scheduledCount += 1;
    const dueAtMs = atMs > this.#nowMs ? atMs : this.#nowMs;
    const appointment = new Appointment(dueAtMs, this.#scheduledCount, task);
    this.#rise(appointment);
    return appointment;
  }

  nextDueAtMs(): Ms | undefined {
    let first = this.#heap[0];
    while (first !== undefined && first.task === undefined) {
      this.#removeFirst();
      first = this.#heap[0];
    }
    return first?.dueAtMs;
  }

  /** Runs all that is due up to the instant, what those tasks schedule too, and stands there. */
  advanceTo(atMs: Ms): void {
    if (atMs < this.#nowMs) {
      throw new RangeError(`virtual time cannot go back from ${this.#nowMs} to ${atMs}`);
    }
    this.#exclusively(() => {
      while (this.#runNext(atMs));
    });
    this.#nowMs = atMs;
    this.#instantCount = 0;
  }

  /**
   * Runs task by task until the condition holds or nothing more is due by `latestAtMs`; time stands
   * at the last task that ran. Says whether the condition was reached.
   */
  runUntil(isDone: () => boolean, latestAtMs: Ms): boolean {
    let reached = isDone();
    this.#exclusively(() => {
      while (!reached && this.#runNext(latestAtMs)) reached = isDone();
    });
    return reached;
  }

  #exclusively(run: () => void): void {
    if (this.#isRunning) throw new Error('virtual time cannot be moved by one of its own tasks');
    this.#isRunning = true;
    try {
      run();
    } finally {
      this.#isRunning = false;
    }
  }

  #runNext(latestAtMs: Ms): boolean {
    const dueAtMs = this.nextDueAtMs();
    if (dueAtMs === undefined || dueAtMs > latestAtMs) return false;
    const task = this.#heap[0]?.task;
    this.#removeFirst();
    this.#instantCount = dueAtMs > this.#nowMs ? 1 : this.#instantCount + 1;
    if (this.#instantCount > TASKS_PER_INSTANT_MAX) {
      throw new Error(`more than ${TASKS_PER_INSTANT_MAX} tasks at ${dueAtMs}: time does not pass`);
    }
    this.#nowMs = dueAtMs;
    task?.();
    return true;
  }

  #rise(appointment: Appointment): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(appointment);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isEarlier(parent, appointment)) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = appointment;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      const left = heap[2 * hole + 1];
      const right = heap[2 * hole + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isEarlier(right, left);
      const child = isRight ? right : left;
      if (isEarlier(last, child)) break;
      heap[hole] = child;
      hole = 2 * hole + (isRight ? 2 : 1);
    }
    heap[hole] = last;
  }
}

const isEarlier = (left: Appointment, right: Appointment): boolean =>
  left.dueAtMs === right.dueAtMs ? left.ordinal < right.ordinal : left.dueAtMs < right.dueAtMs;
