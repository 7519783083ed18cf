// Brings books back in step: at a new connection, after a gap, or when somebody asks. By request
// the snapshot is fetched once deltas flow, so that the two overlap; by stream the subscription
// starts again.
import type { BookSnapshot, InstrumentId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';
import type { GetJson } from './rest-client.ts';
import { ResyncPace } from './resync-pace.ts';
import { SnapshotRequests } from './snapshot-requests.ts';
import type { SnapshotRoad } from './venue-protocol.ts';

export interface BookResyncOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly road: SnapshotRoad;
  readonly get: GetJson;
  readonly send: (text: string) => void;
  readonly onSnapshot: (snapshot: BookSnapshot) => void;
  readonly onFailure: (cause: string) => void;
}

export class BookResync {
  readonly #options: BookResyncOptions;
  readonly #requests: SnapshotRequests;
  readonly #pace = new ResyncPace();
  readonly #venueSymbols = new Map<InstrumentId, string>();
  readonly #awaitingDelta = new Set<InstrumentId>();
  readonly #waiting = new Map<InstrumentId, ScheduledTask>();

  constructor(options: BookResyncOptions) {
    this.#options = options;
    const { clock, signal, onSnapshot, onFailure } = options;
    const bring = (instrumentId: InstrumentId): Promise<BookSnapshot> => this.#bring(instrumentId);
    this.#requests = new SnapshotRequests({ clock, signal, bring, onSnapshot, onFailure });
  }

  add(instrumentId: InstrumentId, venueSymbol: string): void {
    this.#venueSymbols.set(instrumentId, venueSymbol);
  }

  /** Deltas may come on one socket of a connection before the others are open. */
  connecting(): void {
    if (this.#options.road.type === 'stream') return;
    for (const instrumentId of this.#venueSymbols.keys()) this.#awaitingDelta.add(instrumentId);
  }

  lost(): void {
    this.#awaitingDelta.clear();
    this.#requests.forget();
    for (const task of this.#waiting.values()) task.cancel();
    this.#waiting.clear();
  }

  heardDelta(instrumentId: InstrumentId): void {
    if (this.#awaitingDelta.delete(instrumentId)) this.#requests.ask(instrumentId);
  }

  /** At once, or later for a book that keeps asking. */
  resync(instrumentId: InstrumentId): void {
    if (!this.#venueSymbols.has(instrumentId)) {
      throw new RangeError(`no stream of this feed carries ${instrumentId}`);
    }
    if (this.#waiting.has(instrumentId) || this.#awaitingDelta.has(instrumentId)) return;
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const task = clock.schedule(toMs(nowMs + this.#pace.next(instrumentId, nowMs)), () => {
      this.#waiting.delete(instrumentId);
      this.#again(instrumentId);
    });
    this.#waiting.set(instrumentId, task);
  }

  async settled(): Promise<void> {
    await this.#requests.settled();
  }

  #again(instrumentId: InstrumentId): void {
    const { road, send } = this.#options;
    if (road.type === 'request') this.#requests.ask(instrumentId);
    else for (const text of road.again(this.#symbolOf(instrumentId))) send(text);
  }

  async #bring(instrumentId: InstrumentId): Promise<BookSnapshot> {
    const { road, get } = this.#options;
    if (road.type !== 'request') throw new Error(`${instrumentId} gets its snapshots by stream`);
    return road.read(await get(road.path(this.#symbolOf(instrumentId))), instrumentId);
  }

  #symbolOf(instrumentId: InstrumentId): string {
    const venueSymbol = this.#venueSymbols.get(instrumentId);
    if (venueSymbol === undefined) throw new RangeError(`no symbol is known for ${instrumentId}`);
    return venueSymbol;
  }
}
