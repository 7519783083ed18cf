// The way between us and the venue, in one direction: messages take a drawn time and keep their
// order, as on one connection. Whatever is still under way when the exchange stops never arrives.
import type { Clock, ScheduledTask } from '../ports/index.ts';
import type { Ms, SeededRandom } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';

/** Everything that the exchange has scheduled, so that stopping leaves nothing behind. */
export class Agenda {
  readonly #clock: Clock;
  readonly #tasks = new Set<ScheduledTask>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  at(atMs: Ms, task: () => void): void {
    if (this.#isClosed) return;
    const scheduled = this.#clock.schedule(atMs, () => {
      this.#tasks.delete(scheduled);
      task();
    });
    this.#tasks.add(scheduled);
  }

  close(): void {
    this.#isClosed = true;
    for (const task of this.#tasks) task.cancel();
    this.#tasks.clear();
  }
}

export interface Delivery {
  readonly deliver: () => void;
  /** Held up by so much on top; does not hold up what follows. */
  readonly delayMs: number;
}

interface Waiting {
  readonly atMs: Ms;
  readonly deliver: () => void;
}

export class Wire {
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #latencyMs: { readonly min: number; readonly max: number };
  /** By instant, then in order of sending. */
  readonly #waiting: Waiting[] = [];
  #lastAtMs: Ms = toMs(0);

  constructor(parts: {
    readonly clock: Clock;
    readonly agenda: Agenda;
    readonly random: SeededRandom;
    readonly latencyMs: { readonly min: number; readonly max: number };
  }) {
    this.#clock = parts.clock;
    this.#agenda = parts.agenda;
    this.#random = parts.random;
    this.#latencyMs = parts.latencyMs;
  }

  /** What is sent together travels together. */
  send(deliveries: readonly Delivery[]): void {
    const { min, max } = this.#latencyMs;
    const wayMs = min + this.#random.below(max - min + 1);
    this.#lastAtMs = toMs(Math.max(this.#clock.nowMs() + wayMs, this.#lastAtMs));
    for (const { deliver, delayMs } of deliveries) {
      const atMs = toMs(this.#lastAtMs + delayMs);
      const behind = this.#waiting.findLastIndex((each) => each.atMs <= atMs);
      this.#waiting.splice(behind + 1, 0, { atMs, deliver });
      this.#agenda.at(atMs, () => this.#deliverNext());
    }
  }

  /** Timers of a real machine may swap when they are due together; what they deliver does not. */
  #deliverNext(): void {
    this.#waiting.shift()?.deliver();
  }
}
