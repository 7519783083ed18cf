// How soon an instrument may ask for its next snapshot: at once when it has been calm, later and
// later while it keeps asking. Keeps a broken stream from using up what the venue allows to all.
import type { InstrumentId, Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';

const WAIT_FIRST_MS = 250;
const WAIT_MS_MAX = 30_000;
const CALM_AFTER_MS = 60_000;

export class ResyncPace {
  readonly #latest = new Map<InstrumentId, { readonly atMs: number; readonly count: number }>();

  /** How long to wait before the resync that is asked for now. */
  next(instrumentId: InstrumentId, nowMs: Ms): Ms {
    const latest = this.#latest.get(instrumentId);
    const isCalm = latest === undefined || nowMs - latest.atMs >= CALM_AFTER_MS;
    const count = isCalm ? 0 : latest.count;
    const waitMs = count === 0 ? 0 : Math.min(WAIT_FIRST_MS * 2 ** (count - 1), WAIT_MS_MAX);
    this.#latest.set(instrumentId, { atMs: nowMs + waitMs, count: count + 1 });
    return toMs(waitMs);
  }
}
