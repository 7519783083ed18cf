// When the list of instruments and their funding intervals is read again: at least hourly, and
// soon after each settlement, because that is when venues change intervals. Times are the venue's
// own.
import type { Ms } from '../domain/index.ts';

const EVERY_MS = 3_600_000;
/** Binance may take 15 s to settle. */
const AFTER_SETTLEMENT_MS = 20_000;

export class Relisting {
  #listedAtMs = -Infinity;
  #settlementAtMs = Infinity;

  /** The list was read, or tried for, at this instant. */
  listed(atMs: Ms): void {
    this.#listedAtMs = atMs;
    this.#settlementAtMs = Infinity;
  }

  /** The venue announced a settlement. */
  announce(settlementAtMs: Ms): void {
    if (settlementAtMs <= this.#listedAtMs) return;
    this.#settlementAtMs = Math.min(this.#settlementAtMs, settlementAtMs);
  }

  isDue(atMs: Ms): boolean {
    return (
      atMs >= this.#listedAtMs + EVERY_MS || atMs >= this.#settlementAtMs + AFTER_SETTLEMENT_MS
    );
  }
}
