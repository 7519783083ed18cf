// Notices that the process stood still: suspended, starved, or busy with something else. What comes
// right after such a pause comes now but was sent long ago, so whoever decides by it must know.
// Reads no clock: it is told whenever anything happens.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';

export interface Stall {
  readonly resumedAtMs: Ms;
  readonly stalledMs: Ms;
}

/** Something happens at least once a second: the ages of the books are looked at. */
const QUIET_MS_MAX = 1_500;

export class StallWatch {
  #heardAtMs: Ms | undefined;

  /** The pause that ends now, if there was one. */
  beat(atMs: Ms): Stall | undefined {
    const quietMs = atMs - (this.#heardAtMs ?? atMs);
    this.#heardAtMs = atMs;
    return quietMs > QUIET_MS_MAX ? { resumedAtMs: atMs, stalledMs: toMs(quietMs) } : undefined;
  }
}
