// What time it is at a venue, as last measured against our clock. Data from the future proves that
// one of the two clocks was moved or stood still, and has it measured again at once.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock } from '../ports/index.ts';
import type { ClockOffset } from './clock-offset.ts';
import { causeOf } from './cause.ts';
import { measureClockOffset } from './clock-offset.ts';
import type { GetJson } from './rest-client.ts';

export interface VenueClockOptions {
  readonly clock: Clock;
  readonly get: GetJson;
  readonly path: string;
  readonly readTime: (reply: unknown) => Ms;
  readonly onMeasured: (offset: ClockOffset) => void;
  readonly onFailure: (cause: string) => void;
}

/** Far above what a measurement is wrong by. */
const AHEAD_MS_MAX = 1_000;
/** A venue whose data contradicts its own clock is not asked with every frame. */
const DOUBT_EVERY_MS = 5_000;

export class VenueClock {
  readonly #options: VenueClockOptions;
  #offsetMs = 0;
  #doubtedAtMs = -Infinity;
  #work: Promise<void> = Promise.resolve();

  constructor(options: VenueClockOptions) {
    this.#options = options;
  }

  nowMs(): Ms {
    return toMs(this.#options.clock.nowMs() + this.#offsetMs);
  }

  /** Leaves things as they were when the venue answers nothing. */
  async measure(): Promise<void> {
    const { clock, get, path, readTime, onMeasured, onFailure } = this.#options;
    const nowMs = (): Ms => clock.nowMs();
    let measured: ClockOffset | undefined;
    try {
      measured = await measureClockOffset({ get, path, readTime, nowMs });
    } catch (error) {
      onFailure(causeOf(error));
    }
    if (measured === undefined) return;
    this.#offsetMs = measured.offsetMs;
    onMeasured(measured);
  }

  /** The venue says that something happened at this instant of its own. */
  heard(eventAtMs: Ms): void {
    if (eventAtMs - this.nowMs() <= AHEAD_MS_MAX) return;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#doubtedAtMs < DOUBT_EVERY_MS) return;
    this.#doubtedAtMs = nowMs;
    this.#work = this.measure();
  }

  async settled(): Promise<void> {
    await this.#work;
  }
}
