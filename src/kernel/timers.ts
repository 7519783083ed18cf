// Timers belong to the kernel: keyed by actor and name, part of the snapshot, fired in order of due
// time and then of setting. A restored engine has exactly those of the one that died.
import type { Ms } from '../domain/index.ts';

export interface Timer {
  readonly actor: string;
  readonly timer: string;
  readonly dueAtMs: Ms;
  /** Counts settings over the run: ties fire in the order in which they were set. */
  readonly order: number;
}

export interface TimersSnapshot {
  readonly pending: readonly Timer[];
  readonly order: number;
}

export class Timers {
  /** Sorted, the next one last. */
  readonly #pending: Timer[];
  #order: number;

  constructor(snapshot: TimersSnapshot = { pending: [], order: 0 }) {
    this.#pending = [...snapshot.pending];
    this.#order = snapshot.order;
  }

  set(actor: string, timer: string, dueAtMs: Ms): void {
    this.clear(actor, timer);
    this.#order += 1;
    const entry = { actor, timer, dueAtMs, order: this.#order };
    const place = this.#pending.findIndex((other) => other.dueAtMs <= dueAtMs);
    this.#pending.splice(place === -1 ? this.#pending.length : place, 0, entry);
  }

  clear(actor: string, timer: string): void {
    const place = this.#pending.findIndex(
      (entry) => entry.actor === actor && entry.timer === timer,
    );
    if (place !== -1) this.#pending.splice(place, 1);
  }

  next(): Timer | undefined {
    return this.#pending.at(-1);
  }

  /** Takes the next timer when it is due. */
  takeDue(atMs: Ms): Timer | undefined {
    const next = this.next();
    if (next === undefined || next.dueAtMs > atMs) return undefined;
    return this.#pending.pop();
  }

  snapshot(): TimersSnapshot {
    return { pending: [...this.#pending], order: this.#order };
  }
}
