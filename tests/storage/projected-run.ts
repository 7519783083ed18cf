// A recorded run and the tables that it becomes, as texts that can be compared.
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { StepRecord } from '../../src/domain/index.ts';
import { findRun, readJournal } from '../../src/journal/index.ts';
import { Projection, remake, tableNames } from '../../src/storage/index.ts';
import type { Database, RunIdentity } from '../../src/storage/index.ts';
import { lastJson, newFolder, run } from '../cli/started-program.ts';

export interface ProjectedRun {
  readonly dataFolder: string;
  readonly identity: RunIdentity;
  readonly records: readonly StepRecord[];
  readonly result: ReturnType<typeof lastJson>;
}

/** Ten minutes in virtual time: trades of every fate, funding, a panic. */
export async function recordTenMinutes(): Promise<ProjectedRun> {
  const words = '--clock virtual --seed 7 --exit-after 600s --json'.split(' ');
  const ended = await run(words, { folder: newFolder() });
  expect(ended.code, ended.stderr).toBe(0);
  const result = lastJson(ended);
  const dataFolder = dirname(dirname(String(result.runDir)));
  const folder = findRun(dataFolder);
  return {
    dataFolder,
    identity: { runId: folder.runId, engineVersion: '0.1.0', createdAtMs: 1_790_000_000_000 },
    records: [...readJournal(folder)].map(({ record }) => record),
    result,
  };
}

/** As a journal gives them. */
export function* entriesOf(
  records: readonly StepRecord[],
): Generator<{ record: StepRecord }, void> {
  for (const record of records) yield { record };
}

export async function fillAnew(
  database: Database,
  { identity, records }: Pick<ProjectedRun, 'identity' | 'records'>,
): Promise<Projection> {
  await remake(database);
  const projection = new Projection(database, identity);
  await projection.catchUp(entriesOf(records));
  return projection;
}

/** Every row of every table. */
export async function dump(database: Database): Promise<Readonly<Record<string, string[]>>> {
  const tables: Record<string, string[]> = {};
  for (const name of tableNames) {
    const rows = await database.query(`select kept::text as line from ${name} as kept`);
    tables[name] = rows.map(({ line }) => String(line)).sort();
  }
  return tables;
}
