// What is done with a whole database on request: shape it, fill it anew, say how it stands. The
// same on a stopped data folder and inside a running engine.
import type { StepRecord } from '../domain/index.ts';
import type { Database } from './database.ts';
import { LATEST_VERSION, migrate, remake, schemaVersion } from './migrations.ts';
import { Projection } from './projection.ts';
import type { RunIdentity } from './record-rows.ts';
import { rowCounts } from './row-counts.ts';
import { checkOwner } from './run-owner.ts';

/** A cut last write, as the reader of the journal tells it. */
export interface CutTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

interface JournalEnd {
  readonly lastSeq: number;
  readonly torn: CutTail | undefined;
}

/** A run of the data folder, as far as the tables are concerned. */
export interface JournaledRun {
  readonly identity: RunIdentity;
  /** From the first record on. */
  readonly read: () => Generator<{ readonly record: StepRecord }, JournalEnd>;
}

export interface MigrateReport {
  readonly database: string;
  readonly version: number;
  readonly applied: readonly string[];
}

export async function migrateWork(
  database: Database,
  runs: readonly JournaledRun[],
): Promise<MigrateReport> {
  await checkOwner(database, runs);
  const applied = await migrate(database);
  return { database: database.place, version: LATEST_VERSION, applied };
}

export interface RebuildReport {
  readonly database: string;
  readonly version: number;
  readonly runs: readonly {
    readonly runId: string;
    readonly records: number;
    readonly headHash: string;
    readonly torn: CutTail | null;
  }[];
  readonly rows: Readonly<Record<string, number>>;
}

export async function rebuildWork(
  database: Database,
  runs: readonly JournaledRun[],
  say: (text: string) => void,
): Promise<RebuildReport> {
  await checkOwner(database, runs);
  await remake(database);
  const filled = [];
  for (const run of runs) filled.push(await fill(database, run, say));
  const rows = await rowCounts(database);
  return { database: database.place, version: LATEST_VERSION, runs: filled, rows };
}

const PROGRESS_EVERY_MS = 500;

async function fill(database: Database, run: JournaledRun, say: (text: string) => void) {
  const { runId } = run.identity;
  const projection = new Projection(database, run.identity);
  say(`${runId}: filling`);
  try {
    let toldAtMs = -Infinity;
    const { lastSeq, torn } = await projection.catchUp(run.read(), (seq) => {
      if (performance.now() - toldAtMs < PROGRESS_EVERY_MS) return;
      toldAtMs = performance.now();
      say(`${runId}: record ${seq}`);
    });
    say(`${runId}: all ${lastSeq} records${cutText(torn)}`);
    const { headHash } = await projection.position();
    return { runId, records: lastSeq, headHash, torn: torn ?? null };
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('journal.')) {
      say(`${runId}: stored up to record ${(await projection.position()).lastSeq}, then:`);
    }
    throw error;
  }
}

const cutText = (torn: CutTail | undefined): string =>
  torn === undefined
    ? ''
    : `\n  the last write was cut short at byte ${torn.offset} of ${torn.file}: ` +
      `${torn.bytes} bytes belong to no record`;

export interface StatusReport {
  readonly database: string;
  readonly schema: { readonly version: number; readonly latest: number };
  readonly runs: readonly {
    readonly runId: string;
    readonly journalSeq: number;
    readonly databaseSeq: number;
    readonly torn: CutTail | null;
  }[];
  readonly rows: Readonly<Record<string, number>>;
}

export async function statusWork(
  database: Database,
  runs: readonly JournaledRun[],
): Promise<StatusReport> {
  await checkOwner(database, runs);
  const version = await schemaVersion(database);
  const isCurrent = version === LATEST_VERSION;
  const states = [];
  for (const { identity, read } of runs) {
    const projection = new Projection(database, identity);
    const databaseSeq = isCurrent ? (await projection.position()).lastSeq : 0;
    const { lastSeq: journalSeq, torn } = endOf(read());
    states.push({ runId: identity.runId, journalSeq, databaseSeq, torn: torn ?? null });
  }
  const rows = isCurrent ? await rowCounts(database) : {};
  const schema = { version, latest: LATEST_VERSION };
  return { database: database.place, schema, runs: states, rows };
}

function endOf(entries: ReturnType<JournaledRun['read']>): JournalEnd {
  let step = entries.next();
  while (step.done !== true) step = entries.next();
  return step.value;
}
