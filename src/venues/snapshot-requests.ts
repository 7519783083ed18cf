// Brings book snapshots by request, one after another and within what the venue allows per
// minute. A request that fails is made again later; what arrives after the connection changed is
// thrown away.
import type { BookSnapshot, InstrumentId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock } from '../ports/index.ts';
import { causeOf } from './cause.ts';
import { pause } from './pause.ts';
import { RestFailure } from './rest-client.ts';

export interface SnapshotRequestsOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly bring: (instrumentId: InstrumentId) => Promise<BookSnapshot>;
  readonly onSnapshot: (snapshot: BookSnapshot) => void;
  readonly onFailure: (cause: string) => void;
}

/** Binance counts 20 for 1,000 levels and allows 2,400 a minute: a quarter stays free. */
const PER_MINUTE_MAX = 90;
const MINUTE_MS = 60_000;
const WAIT_FIRST_MS = 500;
const WAIT_MS_MAX = 30_000;

export class SnapshotRequests {
  readonly #options: SnapshotRequestsOptions;
  readonly #queue = new Set<InstrumentId>();
  readonly #askedAtMs: number[] = [];
  #epoch = 0;
  #failureCount = 0;
  #work: Promise<void> | undefined;

  constructor(options: SnapshotRequestsOptions) {
    this.#options = options;
  }

  /** Asking twice brings one. */
  ask(instrumentId: InstrumentId): void {
    this.#queue.add(instrumentId);
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  /** The connection is another one: what was asked for it is of no use. */
  forget(): void {
    this.#epoch += 1;
    this.#queue.clear();
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await this.#keepPace();
      if (signal.aborted) return;
      if (this.#queue.delete(next)) await this.#bring(next);
    }
  }

  #next(): InstrumentId | undefined {
    for (const instrumentId of this.#queue) return instrumentId;
    return undefined;
  }

  async #keepPace(): Promise<void> {
    const { clock, signal } = this.#options;
    const oldestAtMs = this.#askedAtMs[0];
    if (this.#askedAtMs.length < PER_MINUTE_MAX || oldestAtMs === undefined) return;
    const waitMs = oldestAtMs + MINUTE_MS - clock.nowMs();
    if (waitMs > 0) await pause(clock, toMs(waitMs), signal);
    this.#askedAtMs.shift();
  }

  async #bring(instrumentId: InstrumentId): Promise<void> {
    const { clock, signal } = this.#options;
    const epoch = this.#epoch;
    this.#askedAtMs.push(clock.nowMs());
    let snapshot: BookSnapshot;
    try {
      snapshot = await this.#options.bring(instrumentId);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onFailure(causeOf(error));
      if (epoch === this.#epoch) this.#queue.add(instrumentId);
      const backOffMs = Math.min(WAIT_FIRST_MS * 2 ** this.#failureCount, WAIT_MS_MAX);
      this.#failureCount += 1;
      const askedMs = error instanceof RestFailure ? error.retryAfterMs : 0;
      await pause(clock, toMs(Math.max(backOffMs, askedMs)), signal);
      return;
    }
    this.#failureCount = 0;
    if (epoch === this.#epoch && !signal.aborted) this.#options.onSnapshot(snapshot);
  }
}
