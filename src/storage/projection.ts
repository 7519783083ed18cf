// Brings the tables of one run level with its journal. Rows and the position that they stand for go
// in together, so that a batch counts once however often it is offered and after whichever crash; a
// gap is refused, and so is a journal that tells another story than the one that is stored.
import { GENESIS_HASH, stateAfter } from '../domain/index.ts';
import type { StepRecord } from '../domain/index.ts';
import type { Database } from './database.ts';
import { addRows } from './record-rows.ts';
import type { RunIdentity } from './record-rows.ts';
import { RowBatch } from './row-batch.ts';
import { StorageError } from './storage-error.ts';

export interface ProjectionPosition {
  readonly lastSeq: number;
  readonly headHash: string;
}

/** About as many rows go into one transaction. */
const BATCH_ROWS = 1_000;

export class Projection {
  readonly #database: Database;
  readonly #run: RunIdentity;

  constructor(database: Database, run: RunIdentity) {
    this.#database = database;
    this.#run = run;
  }

  /** The last record whose rows are stored. */
  async position(): Promise<ProjectionPosition> {
    const { lastSeq, headHash } = await this.#stored('');
    return { lastSeq, headHash };
  }

  /** Stores what is not stored yet of consecutive records; returns how many that were. */
  write(records: readonly StepRecord[]): Promise<number> {
    return this.#database.transaction(async () => {
      await this.#database.query(
        `insert into runtime_state (run_id, last_seq, head_hash) values ($1, 0, $2)
           on conflict do nothing`,
        [this.#run.runId, GENESIS_HASH],
      );
      const stored = await this.#stored('for update');
      const fresh = records.filter(({ seq }) => seq > stored.lastSeq);
      this.#checkStory(records, stored);
      const head = fresh.at(-1);
      if (head === undefined) return 0;
      this.#checkOrder(fresh, stored.lastSeq);
      await this.#insert(fresh, stored.runTag ?? runTagOf(fresh));
      await this.#advance(fresh, head);
      return fresh.length;
    });
  }

  /** Reads what is missing from the first record on; returns what the reader returns. */
  async catchUp<End>(
    entries: Generator<{ readonly record: StepRecord }, End>,
    onProgress: (lastSeq: number) => void = () => undefined,
  ): Promise<End> {
    const { lastSeq } = await this.position();
    let batch: StepRecord[] = [];
    let rowCount = 0;
    let step = entries.next();
    while (step.done !== true) {
      const { record } = step.value;
      // The record at the position goes along: its hash says whether this is the same journal.
      if (record.seq >= lastSeq) {
        batch.push(record);
        rowCount += 1 + record.transitions.length + record.effects.length;
      }
      if (rowCount >= BATCH_ROWS) {
        await this.write(batch);
        onProgress(record.seq);
        batch = [];
        rowCount = 0;
      }
      step = entries.next();
    }
    if (batch.length > 0) await this.write(batch);
    return step.value;
  }

  async #insert(records: readonly StepRecord[], runTag: string): Promise<void> {
    const batch = new RowBatch();
    for (const record of records) addRows(batch, record, { ...this.#run, runTag });
    for (const { text, values } of batch.statements()) await this.#database.query(text, values);
  }

  async #advance(records: readonly StepRecord[], head: StepRecord): Promise<void> {
    const transitions = records.flatMap((record) => record.transitions);
    await this.#database.query(
      `update runtime_state set last_seq = $2, head_hash = $3, at_ms = $4,
         engine_state = coalesce($5, engine_state) where run_id = $1`,
      [this.#run.runId, head.seq, head.hash, head.atMs, stateAfter('engine', transitions) ?? null],
    );
  }

  async #stored(lock: '' | 'for update') {
    const [row] = await this.#database.query(
      `select last_seq, head_hash, (select run_tag from runs where runs.run_id = state.run_id)
         from runtime_state as state where run_id = $1 ${lock}`,
      [this.#run.runId],
    );
    const { last_seq: lastSeq = 0n, head_hash: headHash = GENESIS_HASH, run_tag: tag } = row ?? {};
    const runTag = typeof tag === 'string' ? tag : undefined;
    return { lastSeq: Number(lastSeq), headHash: String(headHash), runTag };
  }

  #checkStory(records: readonly StepRecord[], stored: ProjectionPosition): void {
    const same = records.find(({ seq }) => seq === stored.lastSeq);
    if (same === undefined || same.hash === stored.headHash) return;
    throw new StorageError(
      'storage.diverged',
      `database ${this.#database.place} holds another run ${this.#run.runId}: record ` +
        `${stored.lastSeq} is ${stored.headHash.slice(0, 16)} there and ` +
        `${same.hash.slice(0, 16)} in the journal; \`node main db rebuild\` fills it anew`,
    );
  }

  #checkOrder(fresh: readonly StepRecord[], lastSeq: number): void {
    const at = fresh.findIndex(({ seq }, index) => seq !== lastSeq + 1 + index);
    if (at < 0) return;
    throw new StorageError(
      'storage.gap',
      `run ${this.#run.runId}: record ${fresh[at]?.seq ?? 0} cannot follow record ${lastSeq + at}`,
    );
  }
}

function runTagOf([first]: readonly StepRecord[]): string {
  if (first?.input.type === 'run.started') return first.input.runTag;
  throw new StorageError(
    'storage.diverged',
    `record ${first?.seq ?? 0} is ${first?.input.type ?? 'absent'}, and no run has started`,
  );
}
