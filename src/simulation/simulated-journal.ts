// The journal of one life of the engine on the simulated disk: records collect while a sync is in
// flight and are safe together. A failed sync ends it for good, as it does on a real disk.
import type { Seq, StepRecord } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import type { LifeClock } from './life-clock.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

export class SimulatedJournal implements Journal {
  readonly #life: number;
  readonly #disk: SimulatedDisk;
  readonly #clock: LifeClock;
  readonly #waiters: { readonly seq: Seq; readonly then: () => void }[] = [];
  readonly #listeners: ((error: Error) => void)[] = [];
  #failure: Error | undefined;
  #durableCount: number;
  #isSyncing = false;
  waitingMost = 0;

  constructor(life: number, disk: SimulatedDisk, clock: LifeClock) {
    this.#life = life;
    this.#disk = disk;
    this.#clock = clock;
    this.#durableCount = disk.lineCount;
  }

  /** An order or a question is on its way to the disk and not to its venue yet. */
  get hasWaiters(): boolean {
    return this.#waiters.length > 0;
  }

  append(record: StepRecord): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#disk.append(this.#life, record);
  }

  whenDurable(seq: Seq, then: () => void): void {
    if (seq <= this.#durableCount && this.#waiters.length === 0) {
      then();
      return;
    }
    this.#waiters.push({ seq, then });
    this.waitingMost = Math.max(this.waitingMost, this.#waiters.length);
    this.#sync();
  }

  onFailure(then: (error: Error) => void): void {
    if (this.#failure === undefined) this.#listeners.push(then);
    else then(this.#failure);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #sync(): void {
    if (this.#isSyncing || this.#failure !== undefined) return;
    this.#isSyncing = true;
    const count = this.#disk.lineCount;
    this.#disk.sync(count, (failure) =>
      this.#clock.run(() => {
        this.#isSyncing = false;
        if (failure === undefined) this.#release(count);
        else this.#fail(new Error(`journal: ${failure}`));
      }),
    );
  }

  #release(count: number): void {
    this.#durableCount = count;
    let waiter = this.#waiters[0];
    while (waiter !== undefined && waiter.seq <= count) {
      this.#waiters.shift();
      waiter.then();
      waiter = this.#waiters[0];
    }
    if (this.#waiters.length > 0) this.#sync();
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const listener of this.#listeners) listener(error);
  }
}
