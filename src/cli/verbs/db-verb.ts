// `node main db migrate|rebuild|status`: the tables that are filled from the journal. On a stopped
// data folder they hold its lock; a running engine is asked instead, because its database has one
// user. What the journal says is never changed.
import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { embeddedPath, LATEST_VERSION, migrateWork, openDatabase } from '../../storage/index.ts';
import { rebuildWork, statusWork, StorageError } from '../../storage/index.ts';
import type { Database, MigrateReport, RebuildReport, StatusReport } from '../../storage/index.ts';
import { JournalError, lockData, markerPath, openDataFolder } from '../../journal/index.ts';
import { migrateReportSchema, rebuildReportSchema } from './database-report-schema.ts';
import { statusReportSchema } from './database-report-schema.ts';
import type { ExitName } from '../exit-code.ts';
import { Failure } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { readConfig } from '../run-flags.ts';
import { askRunning, hasDoor } from '../running-engine.ts';
import { storageExit } from '../storage-exit.ts';
import type { DatabaseWord } from '../store-messages.ts';
import { storedRuns } from '../stored-runs.ts';
import type { StoredRun } from '../stored-runs.ts';

export const migrateDatabase = (flags: ReadFlags): Promise<ExitName> =>
  onDatabase(flags, {
    word: 'migrate',
    schema: migrateReportSchema,
    work: migrateWork,
    text: ({ database, applied }) => {
      const what = applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`;
      return `${database} is at version ${LATEST_VERSION}: ${what}\n`;
    },
  });

export const rebuildDatabase = (flags: ReadFlags): Promise<ExitName> =>
  onDatabase(flags, {
    word: 'rebuild',
    schema: rebuildReportSchema,
    work: (database, runs) => rebuildWork(database, runs, say),
    text: ({ database, runs, rows }) =>
      `${database}: ${countText(runs.length)}\n${tableText(rows)}`,
  });

export const databaseStatus = (flags: ReadFlags): Promise<ExitName> =>
  onDatabase(flags, {
    word: 'status',
    schema: statusReportSchema,
    work: statusWork,
    text: ({ database, schema: { version, latest }, runs, rows }) => {
      const lines = runs.map(
        ({ runId, journalSeq, databaseSeq }) =>
          `  ${runId}: ${databaseSeq} of ${journalSeq} records are stored\n`,
      );
      const head = `${database} is at version ${version} of ${latest}\n`;
      return `${head}${lines.join('')}${tableText(rows)}`;
    },
  });

interface Reports {
  readonly migrate: MigrateReport;
  readonly rebuild: RebuildReport;
  readonly status: StatusReport;
}

interface DatabaseVerb<Word extends DatabaseWord> {
  readonly word: Word;
  /** Of its report, as a running engine sends it. */
  readonly schema: z.ZodType<Reports[Word]>;
  readonly work: (database: Database, runs: readonly StoredRun[]) => Promise<Reports[Word]>;
  readonly text: (report: Reports[Word]) => string;
}

const WAY_OUT = '`node main db rebuild` makes and fills one';
/** A status reads every journal, a rebuild says every half second how far it is. */
const SILENCE_MS_MAX = 120_000;

/** Opens what the flags and the configuration name, or asks the engine that has it open. */
async function onDatabase<Word extends DatabaseWord>(
  flags: ReadFlags,
  verb: DatabaseVerb<Word>,
): Promise<ExitName> {
  const { config, data } = flags;
  const loaded = readConfig({
    ...(config === undefined ? {} : { config }),
    ...(data === undefined ? {} : { data }),
  }).config;
  const dataPath = loaded.run.dataFolder;
  if (!existsSync(markerPath(dataPath))) {
    throw new Failure('usage', `${dataPath} is no data folder of trinity: no run was kept there`);
  }
  openDataFolder(dataPath);
  const lock = lockUnlessRunning(dataPath);
  if (lock === undefined) {
    const question = { type: 'database.ask', word: verb.word } as const;
    const options = { onProgress: say, silenceMsMax: SILENCE_MS_MAX };
    tell(flags, verb, verb.schema.parse(await askRunning(dataPath, question, options)));
    return 'success';
  }
  try {
    const databaseUrl = loaded.storage.databaseUrl?.reveal();
    if (databaseUrl === undefined && !existsSync(embeddedPath(dataPath))) {
      if (verb.word === 'status') {
        throw new Failure('usage', `${dataPath} has no database yet; ${WAY_OUT}`);
      }
      process.stderr.write('creating the embedded database, a few seconds once\n');
    }
    const database = await openDatabase({ databaseUrl, dataPath });
    const report = await verb.work(database, storedRuns(dataPath)).finally(() => database.close());
    tell(flags, verb, report);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new Failure(storageExit(error.code), error.message, { cause: error });
  } finally {
    lock.release();
  }
  return 'success';
}

/** Nothing when an engine with a door holds the folder; throws for any other holder. */
function lockUnlessRunning(dataPath: string): { release(): void } | undefined {
  try {
    return lockData(dataPath);
  } catch (error) {
    const pid = error instanceof JournalError ? error.holderPid : undefined;
    if (pid !== undefined && hasDoor(dataPath, pid)) return undefined;
    throw error;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function tell<Word extends DatabaseWord>(
  { json }: ReadFlags,
  { text }: DatabaseVerb<Word>,
  report: Reports[Word],
): void {
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : text(report));
}

const countText = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`);

const tableText = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .map(([name, count]) => `  ${name.padEnd(20)} ${count}\n`)
    .join('');
