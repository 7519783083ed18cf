// How often people hear of an alert that is raised again and again: at once, then after one minute,
// two, four and so on, with the count. For the screen and whatever else reaches people; journal,
// tables and log keep every one.
import type { Ms } from '../domain/index.ts';
import type { AlertEffect } from './run-history.ts';

/** How often it was raised, and since when. */
export interface AlertCount {
  readonly count: number;
  readonly sinceAtMs: Ms;
}

interface Raised extends AlertCount {
  readonly lastAtMs: Ms;
  readonly waitMs: number;
  /** Not said again before. */
  readonly nextAtMs: number;
}

const WAIT_MS_MIN = 60_000;
const WAIT_MS_MAX = 3_600_000;
/** What was not raised for so long is over: the next one is news. */
const OVER_AFTER_MS = 300_000;

export class AlertPace {
  readonly #raised = new Map<string, Raised>();

  /** To be called with each alert, in order; undefined when people are not to hear of this one. */
  hear({ code, key, severity }: AlertEffect, atMs: Ms): AlertCount | undefined {
    this.#forget(key, severity, atMs);
    const name = `${key} ${code}`;
    const before = this.#raised.get(name);
    const count = (before?.count ?? 0) + 1;
    const sinceAtMs = before?.sinceAtMs ?? atMs;
    const told = { count, sinceAtMs, lastAtMs: atMs };
    if (before !== undefined && atMs < before.nextAtMs) {
      this.#raised.set(name, { ...before, ...told });
      return undefined;
    }
    const waitMs = before === undefined ? WAIT_MS_MIN : Math.min(before.waitMs * 2, WAIT_MS_MAX);
    this.#raised.set(name, { ...told, waitMs, nextAtMs: atMs + waitMs });
    return { count, sinceAtMs };
  }

  /** Good news of a key end what was said of it before. */
  #forget(key: string, severity: AlertEffect['severity'], atMs: Ms): void {
    for (const [name, { lastAtMs }] of this.#raised) {
      const isOver = atMs - lastAtMs > OVER_AFTER_MS;
      if (isOver || (severity === 'info' && name.startsWith(`${key} `))) this.#raised.delete(name);
    }
  }
}
