// Fills the tables of one run from where they stand, a transaction at a time. The record at the
// position goes along, so that another journal of the same name is noticed.
import type { Seq, StepRecord } from '../domain/index.ts';
import { toSeq } from '../domain/index.ts';
import type { Database } from './database.ts';
import { Projection } from './projection.ts';
import type { RunIdentity } from './record-rows.ts';

export interface FollowedRun {
  readonly identity: RunIdentity;
  /** Cheap: how far the journal is written. */
  lastSeq(): number;
  /** A reading from this record on; asked again, it goes on. */
  follow(firstSeq: Seq): { records(untilSeq: Seq): Generator<StepRecord> };
}

export class RunFilling {
  readonly run: FollowedRun;
  readonly #projection: Projection;
  readonly #reading: ReturnType<FollowedRun['follow']>;
  #storedSeq: number;

  private constructor(run: FollowedRun, projection: Projection, storedSeq: number) {
    this.run = run;
    this.#projection = projection;
    this.#storedSeq = storedSeq;
    this.#reading = run.follow(toSeq(Math.max(storedSeq, 1)));
  }

  static async open(database: Database, run: FollowedRun): Promise<RunFilling> {
    const projection = new Projection(database, run.identity);
    const { lastSeq } = await projection.position();
    return new RunFilling(run, projection, lastSeq);
  }

  /** The last record whose rows are known to be stored. */
  get storedSeq(): number {
    return this.#storedSeq;
  }

  /** False when nothing is written that is not stored. */
  async fill(untilSeq: number, rowsMax: number): Promise<boolean> {
    if (untilSeq <= this.#storedSeq) return false;
    const batch: StepRecord[] = [];
    let rowCount = 0;
    for (const record of this.#reading.records(toSeq(untilSeq))) {
      batch.push(record);
      rowCount += 1 + record.transitions.length + record.effects.length;
      if (rowCount >= rowsMax) break;
    }
    const head = batch.at(-1);
    if (head === undefined) return false;
    await this.#projection.write(batch);
    this.#storedSeq = Math.max(this.#storedSeq, head.seq);
    return true;
  }
}
