// `node main db migrate|rebuild|status`: the tables that are filled from the journal. They work on
// a stopped data folder and hold its lock; what the journal says is never changed.
import { existsSync } from 'node:fs';
import { embeddedPath, LATEST_VERSION, migrate, openDatabase } from '../storage/index.ts';
import { Projection, remake, rowCounts, schemaVersion, StorageError } from '../storage/index.ts';
import type { Database } from '../storage/index.ts';
import type { RunFolder, TornTail } from '../journal/index.ts';
import { JournalError, listRuns, lockData, markerPath, openDataFolder } from '../journal/index.ts';
import { readJournal, readRunAbout } from '../journal/index.ts';
import type { ExitName } from './exit-code.ts';
import { Failure } from './exit-code.ts';
import { tornText } from './journal-state.ts';
import type { ReadFlags } from './read-flags.ts';
import { readConfig } from './run-flags.ts';

export const migrateDatabase = (flags: ReadFlags): Promise<ExitName> =>
  withDatabase(flags, async ({ database }) => {
    const applied = await migrate(database);
    const report = { database: database.place, version: LATEST_VERSION, applied };
    const what = applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`;
    tell(flags, report, `${database.place} is at version ${LATEST_VERSION}: ${what}\n`);
  });

export const rebuildDatabase = (flags: ReadFlags): Promise<ExitName> =>
  withDatabase(flags, async ({ database, dataPath }) => {
    const runs = listRuns(dataPath);
    await remake(database);
    const filled = [];
    for (const run of runs) filled.push(await fill(database, run));
    const rows = await rowCounts(database);
    const report = { database: database.place, version: LATEST_VERSION, runs: filled, rows };
    tell(flags, report, `${database.place}: ${countText(filled.length)}\n${tableText(rows)}`);
  });

export const databaseStatus = (flags: ReadFlags): Promise<ExitName> =>
  withDatabase({ ...flags, mayCreate: false }, async ({ database, dataPath }) => {
    const version = await schemaVersion(database);
    const isCurrent = version === LATEST_VERSION;
    const runs = listRuns(dataPath).map((run) => runState(database, run, isCurrent));
    const rows = isCurrent ? await rowCounts(database) : {};
    const schema = { version, latest: LATEST_VERSION };
    const report = { database: database.place, schema, runs: await Promise.all(runs), rows };
    const lines = report.runs.map(
      ({ runId, journalSeq, databaseSeq }) =>
        `  ${runId}: ${databaseSeq} of ${journalSeq} records are stored\n`,
    );
    const head = `${database.place} is at version ${version} of ${LATEST_VERSION}\n`;
    tell(flags, report, `${head}${lines.join('')}${tableText(rows)}`);
  });

const WAY_OUT = '`node main db rebuild` makes and fills one';

interface Workplace {
  readonly database: Database;
  readonly dataPath: string;
}

/** Opens what the flags and the configuration name, under the lock of the data folder. */
async function withDatabase(
  { config, data, mayCreate = true }: ReadFlags & { readonly mayCreate?: boolean },
  work: (place: Workplace) => Promise<void>,
): Promise<ExitName> {
  const loaded = readConfig({
    ...(config === undefined ? {} : { config }),
    ...(data === undefined ? {} : { data }),
  }).config;
  const dataPath = loaded.run.dataFolder;
  if (!existsSync(markerPath(dataPath))) {
    throw new Failure('usage', `${dataPath} is no data folder of trinity: no run was kept there`);
  }
  openDataFolder(dataPath);
  const lock = lockData(dataPath);
  try {
    const databaseUrl = loaded.storage.databaseUrl?.reveal();
    if (databaseUrl === undefined && !existsSync(embeddedPath(dataPath))) {
      if (!mayCreate) throw new Failure('usage', `${dataPath} has no database yet; ${WAY_OUT}`);
      process.stderr.write('creating the embedded database, a few seconds once\n');
    }
    const database = await openDatabase({ databaseUrl, dataPath });
    await work({ database, dataPath }).finally(() => database.close());
  } catch (error) {
    throw error instanceof StorageError ? toFailure(error) : error;
  } finally {
    lock.release();
  }
  return 'success';
}

function toFailure(error: StorageError): Failure {
  switch (error.code) {
    case 'storage.address':
    case 'storage.unreachable':
      return new Failure('configuration', error.message, { cause: error });
    case 'storage.foreign':
    case 'storage.newer-version':
    case 'storage.diverged':
    case 'storage.gap':
      return new Failure('data', error.message, { cause: error });
    case 'storage.failed':
      return new Failure('unexpected', error.message, { cause: error });
  }
}

const PROGRESS_EVERY_MS = 500;

async function fill(database: Database, run: RunFolder) {
  const projection = projectionOf(database, run);
  process.stderr.write(`${run.runId}: filling\n`);
  try {
    let toldAtMs = -Infinity;
    const { lastSeq, torn } = await projection.catchUp(readJournal(run), (seq) => {
      if (performance.now() - toldAtMs < PROGRESS_EVERY_MS) return;
      toldAtMs = performance.now();
      process.stderr.write(`${run.runId}: record ${seq}\n`);
    });
    process.stderr.write(`${run.runId}: all ${lastSeq} records${tornText(torn)}\n`);
    const { headHash } = await projection.position();
    return { runId: run.runId, records: lastSeq, headHash, torn: torn ?? null };
  } catch (error) {
    if (error instanceof JournalError) {
      const { lastSeq } = await projection.position();
      process.stderr.write(`${run.runId}: stored up to record ${lastSeq}, then:\n`);
    }
    throw error;
  }
}

function projectionOf(database: Database, run: RunFolder): Projection {
  const { engineVersion, createdAtMs } = readRunAbout(run.path);
  return new Projection(database, { runId: run.runId, engineVersion, createdAtMs });
}

interface RunState {
  readonly runId: string;
  readonly journalSeq: number;
  readonly databaseSeq: number;
  readonly torn: TornTail | null;
}

async function runState(database: Database, run: RunFolder, isCurrent: boolean): Promise<RunState> {
  const entries = readJournal(run);
  let step = entries.next();
  while (step.done !== true) step = entries.next();
  const databaseSeq = isCurrent ? (await projectionOf(database, run).position()).lastSeq : 0;
  const { lastSeq, torn } = step.value;
  return { runId: run.runId, journalSeq: lastSeq, databaseSeq, torn: torn ?? null };
}

function tell({ json }: ReadFlags, report: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : text);
}

const countText = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`);

const tableText = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .map(([name, count]) => `  ${name.padEnd(20)} ${count}\n`)
    .join('');
