// The clock of one life of the engine: the world's time with an offset and a drift of its own,
// never backwards: a process that goes on with a run begins no earlier than its last record. While
// the process is stalled nothing runs, and once it is dead nothing ever will.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';
import { ProcessKilled } from './process-killed.ts';

export interface ClockError {
  readonly offsetMs: number;
  /** Gained per millisecond: 0.0005 is 500 ppm. */
  readonly drift: number;
}

export class LifeClock implements Clock {
  readonly #world: Clock;
  readonly #error: ClockError;
  readonly #startedAtMs: Ms;
  #stalledUntilAtMs = -Infinity;
  #waiting: (() => void)[] = [];
  #isDead = false;

  constructor(world: Clock, error: ClockError, notBeforeAtMs: number) {
    this.#world = world;
    this.#startedAtMs = world.nowMs();
    const offsetMs = Math.max(error.offsetMs, notBeforeAtMs - this.#startedAtMs);
    this.#error = { ...error, offsetMs };
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  nowMs(): Ms {
    return this.#shown(this.#world.nowMs());
  }

  /** What the venues' clocks show, less what this one shows. */
  get behindMs(): number {
    return this.#world.nowMs() - this.nowMs();
  }

  schedule(atMs: Ms, task: () => void): ScheduledTask {
    let isCancelled = false;
    const scheduled = this.#world.schedule(this.#worldAtMs(atMs), () =>
      this.run(() => {
        if (!isCancelled) task();
      }),
    );
    return {
      cancel: () => {
        isCancelled = true;
        scheduled.cancel();
      },
    };
  }

  /** Something reaches the process from outside: now, when it wakes up, or never. */
  run(task: () => void): void {
    if (this.#isDead) return;
    if (this.isStalled) {
      this.#waiting.push(task);
      return;
    }
    try {
      task();
    } catch (error) {
      if (!(error instanceof ProcessKilled)) throw error;
    }
  }

  get isStalled(): boolean {
    return this.#world.nowMs() < this.#stalledUntilAtMs;
  }

  /** The process stands still: the world goes on. */
  stallUntil(atMs: Ms): void {
    if (this.#isDead || atMs <= this.#stalledUntilAtMs) return;
    this.#stalledUntilAtMs = atMs;
    this.#world.schedule(atMs, () => this.wake());
  }

  /** Everything that came meanwhile is there at once, in order. */
  wake(): void {
    this.#stalledUntilAtMs = Math.min(this.#stalledUntilAtMs, this.#world.nowMs());
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const task of waiting) this.run(task);
  }

  die(): void {
    this.#isDead = true;
    this.#waiting = [];
  }

  #shown(worldAtMs: number): Ms {
    const { offsetMs, drift } = this.#error;
    return toMs(Math.floor(worldAtMs + offsetMs + drift * (worldAtMs - this.#startedAtMs)));
  }

  /** The first whole instant of the world at which this clock shows at least `atMs`. */
  #worldAtMs(atMs: number): Ms {
    const { offsetMs, drift } = this.#error;
    const exact = (atMs - offsetMs + drift * this.#startedAtMs) / (1 + drift);
    let worldAtMs = Math.ceil(exact);
    while (this.#shown(worldAtMs) < atMs) worldAtMs += 1;
    return toMs(worldAtMs);
  }
}
