// Whether the order line of one venue is down. It outlives the engine at the other end, and so does
// the seeded time that messages take.
import type { SeededRandom, VenueId } from '../domain/index.ts';
import type { FaultDesk } from './fault-desk.ts';

export class LineTrouble {
  readonly way: SeededRandom;
  readonly #venueId: VenueId;
  readonly #onUp: () => void;
  readonly #impair: (untilAtMs: number) => void;
  #downCount = 0;
  #untilAtMs = 0;

  constructor(parts: {
    readonly venueId: VenueId;
    readonly random: SeededRandom;
    readonly onUp: () => void;
    readonly impair: (untilAtMs: number) => void;
  }) {
    this.way = parts.random;
    this.#venueId = parts.venueId;
    this.#onUp = parts.onUp;
    this.#impair = parts.impair;
  }

  get isDown(): boolean {
    return this.#downCount > 0;
  }

  /** While it is down: when it will be back, as far as is drawn yet. */
  get untilAtMs(): number {
    return this.#untilAtMs;
  }

  goDown(untilAtMs: number): void {
    this.#downCount += 1;
    this.#untilAtMs = Math.max(this.#untilAtMs, untilAtMs);
    this.#impair(untilAtMs);
  }

  comeUp(): void {
    this.#downCount -= 1;
    if (!this.isDown) this.#onUp();
  }

  begin(desk: FaultDesk): void {
    desk.spells({
      ...{ kind: 'line-down', place: this.#venueId, venueId: this.#venueId },
      lastsMs: [300, 30_000],
      begin: (untilAtMs) => this.goDown(untilAtMs),
      end: () => this.comeUp(),
    });
  }
}
