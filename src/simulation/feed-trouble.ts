// What is wrong with one venue's market stream for a while: cut, frozen, held up, crossed. It
// outlives the engine that listens, as a network does.
import type { InstrumentId, VenueId } from '../domain/index.ts';
import type { FaultDesk } from './fault-desk.ts';

/** The stream of whichever life of the engine is listening. */
export interface TroubledLine {
  connect(): void;
  cut(): void;
  release(): void;
}

export class FeedTrouble {
  readonly #venueId: VenueId;
  readonly #line: () => TroubledLine | undefined;
  #cutCount = 0;
  #frozenCount = 0;
  #heldCount = 0;
  readonly #frozen = new Set<InstrumentId>();
  readonly #crossed = new Set<InstrumentId>();

  constructor(venueId: VenueId, line: () => TroubledLine | undefined) {
    this.#venueId = venueId;
    this.#line = line;
  }

  get isCut(): boolean {
    return this.#cutCount > 0;
  }

  get isHeld(): boolean {
    return this.#heldCount > 0;
  }

  isFrozen(instrumentId: InstrumentId): boolean {
    return this.#frozenCount > 0 || this.#frozen.has(instrumentId);
  }

  isCrossed(instrumentId: InstrumentId): boolean {
    return this.#crossed.has(instrumentId);
  }

  cut(): void {
    this.#cutCount += 1;
    this.#line()?.cut();
  }

  mend(): void {
    this.#cutCount -= 1;
    if (!this.isCut) this.#line()?.connect();
  }

  begin(desk: FaultDesk, instruments: readonly InstrumentId[]): void {
    const place = this.#venueId;
    const about = { place, venueId: this.#venueId };
    const cut = { begin: () => this.cut(), end: () => this.mend() };
    desk.spells({ ...about, ...cut, kind: 'feed-disconnect', lastsMs: [200, 20_000] });
    desk.spells({
      ...{ ...about, kind: 'feed-freeze', lastsMs: [300, 15_000] },
      begin: () => (this.#frozenCount += 1),
      end: () => (this.#frozenCount -= 1),
    });
    desk.spells({
      ...{ ...about, kind: 'feed-late', lastsMs: [200, 5_000] },
      begin: () => (this.#heldCount += 1),
      end: () => {
        this.#heldCount -= 1;
        if (!this.isHeld) this.#line()?.release();
      },
    });
    const choose = (kind: 'feed-freeze-symbol' | 'feed-crossed'): InstrumentId | undefined =>
      instruments[desk.random(kind, `${place}/symbol`).below(instruments.length)];
    for (const kind of ['feed-freeze-symbol', 'feed-crossed'] as const) {
      const set = kind === 'feed-crossed' ? this.#crossed : this.#frozen;
      let chosen: InstrumentId | undefined;
      desk.spells({
        ...{ ...about, kind, lastsMs: [300, 8_000] },
        pace: 2,
        begin: () => {
          chosen = choose(kind);
          if (chosen !== undefined) set.add(chosen);
        },
        end: () => {
          if (chosen !== undefined) set.delete(chosen);
        },
      });
    }
  }
}
