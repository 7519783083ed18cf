// Keeps the tables level with journals while a run goes on. There is no queue: what is missing is
// read from the journal, from the position that the database tells, so that whatever happens to the
// database or to a commit, nothing is lost and nothing counts twice. A failure of any kind ends the
// connection; the next attempt begins with the position.
import type { Seq } from '../domain/index.ts';
import type { StoreNews } from '../ports/index.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { RunFilling } from './run-filling.ts';
import type { FollowedRun } from './run-filling.ts';
import { checkOwner } from './run-owner.ts';
import { StorageError } from './storage-error.ts';
import { codeOf, TroubleEpisode } from './trouble-episode.ts';
import type { RetryPace } from './trouble-episode.ts';

export interface LiveProjectionParts {
  readonly open: () => Promise<Database>;
  /** The one that goes on. */
  readonly run: FollowedRun;
  /** Those that ended; what they lack is stored when the one that goes on is level. */
  readonly endedRuns: readonly FollowedRun[];
  readonly onNews: (news: StoreNews) => void;
  readonly pace?: RetryPace;
  /** Trouble was told before this one began: its end will be told. */
  readonly isTroubled?: boolean;
}

interface Task {
  run(database: Database): Promise<void>;
  refuse(error: unknown): void;
}

const PACE: RetryPace = { retryMsMin: 500, retryMsMax: 30_000 };
const BATCH_ROWS = 1_000;
/** A database that is too slow for a whole batch may be quick enough for a small one. */
const BATCH_ROWS_MIN = 50;

export class LiveProjection {
  readonly #parts: LiveProjectionParts;
  readonly #episode: TroubleEpisode;
  readonly #tasks: Task[] = [];
  #endedRuns: readonly FollowedRun[];
  #ended: RunFilling | undefined;
  #batchRows = BATCH_ROWS;
  #untilSeq = 0;
  #storedSeq = 0;
  #endAtMs = Infinity;
  #isFinishing = false;
  #hasOpened = false;
  #wake: (() => void) | undefined;
  #isPausing = false;

  constructor(parts: LiveProjectionParts) {
    this.#parts = parts;
    this.#endedRuns = parts.endedRuns;
    const { pace = PACE, isTroubled = false, onNews } = parts;
    this.#episode = new TroubleEpisode(pace, onNews, isTroubled);
  }

  /** The last record of the run that is known to be stored. */
  get storedSeq(): number {
    return this.#storedSeq;
  }

  /** The journal may be read up to here. */
  follow(seq: Seq): void {
    this.#untilSeq = Math.max(this.#untilSeq, seq);
    if (!this.#isPausing) this.#wake?.();
  }

  /** Works with the database in turn; rejects when it cannot be used now. */
  ask<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const run = (database: Database): Promise<void> => work(database).then(resolve, reject);
      this.#tasks.push({ run, refuse: reject });
      this.#wake?.();
    });
  }

  /** Stores what is missing of the run unless the time is over or the database fails. */
  finish(graceMs: number): void {
    this.#isFinishing = true;
    this.#endAtMs = performance.now() + graceMs;
    this.#wake?.();
  }

  /** Works until it is finished; never throws. */
  async work(): Promise<void> {
    do {
      try {
        await this.#session();
      } catch (error) {
        this.#batchRows = Math.max(BATCH_ROWS_MIN, Math.floor(this.#batchRows / 4));
        this.#episode.failed(error);
        for (const task of this.#tasks.splice(0)) task.refuse(error);
        if (!this.#isFinishing) await this.#pause(this.#episode.pauseMs);
      }
    } while (!this.#isFinishing);
    const error = new StorageError('storage.unreachable', 'the engine is ending');
    for (const task of this.#tasks.splice(0)) task.refuse(error);
  }

  async #session(): Promise<void> {
    const database = await this.#parts.open();
    try {
      await checkOwner(database, [this.#parts.run, ...this.#parts.endedRuns]);
      await migrate(database);
      if (!this.#hasOpened) this.#parts.onNews({ type: 'opened', place: database.place });
      this.#hasOpened = true;
      await this.#fill(database);
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
    await database.close();
  }

  /** Returns when everything is stored and it shall end, or when its time is over. */
  async #fill(database: Database): Promise<void> {
    let filling = await this.#open(database);
    while (performance.now() < this.#endAtMs) {
      const task = this.#tasks.shift();
      if (task !== undefined) {
        await task.run(database);
        // It may have made the tables anew.
        filling = await this.#open(database);
      } else if (await filling.fill(this.#untilSeq, this.#batchRows)) {
        this.#storedSeq = filling.storedSeq;
      } else {
        if (this.#untilSeq > 0) this.#episode.over(filling.storedSeq);
        this.#batchRows = BATCH_ROWS;
        if (this.#isFinishing) return;
        if (!(await this.#fillEnded(database))) await this.#pause();
      }
    }
  }

  async #open(database: Database): Promise<RunFilling> {
    this.#ended = undefined;
    const filling = await RunFilling.open(database, this.#parts.run);
    this.#storedSeq = filling.storedSeq;
    return filling;
  }

  /** Some of the first run that lacks something; one that cannot be stored is told and left. */
  async #fillEnded(database: Database): Promise<boolean> {
    const [run, ...others] = this.#endedRuns;
    if (run === undefined) return false;
    try {
      this.#ended ??= await RunFilling.open(database, run);
      const lastSeq = run.lastSeq();
      while (await this.#ended.fill(lastSeq, this.#batchRows)) if (this.#isUrgent()) return true;
    } catch (error) {
      const code = codeOf(error);
      const isOfRun = /^journal\.|^storage\.(diverged|gap)$/.test(code);
      if (!isOfRun || !(error instanceof Error)) throw error;
      this.#parts.onNews({ type: 'trouble', code, text: error.message });
    }
    this.#endedRuns = others;
    this.#ended = undefined;
    return true;
  }

  #isUrgent(): boolean {
    return this.#isFinishing || this.#tasks.length > 0 || this.#untilSeq > this.#storedSeq;
  }

  /** Until somebody calls, or so long; news of the journal do not shorten a rest. */
  async #pause(ms?: number): Promise<void> {
    if (this.#isFinishing || this.#tasks.length > 0) return;
    if (ms === undefined && this.#untilSeq > this.#storedSeq) return;
    this.#isPausing = ms !== undefined;
    await new Promise<void>((resolve) => {
      const rest = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(rest);
        resolve();
      };
    });
    this.#wake = undefined;
    this.#isPausing = false;
  }
}
