// `node main db …` as people type it, on copies of one recorded data folder.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/index.ts';
import { newFolder, run } from '../cli/started-program.ts';
import { dump } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';

/** What makes an embedded database takes seconds, on a loaded machine many. */
export const SLOW_MS = 120_000;

export function copyOfData({ dataFolder }: Pick<ProjectedRun, 'dataFolder'>): string {
  const copy = join(newFolder(), 'data');
  cpSync(dataFolder, copy, { recursive: true });
  return copy;
}

export const db = (data: string, words: string, databaseUrl = '') =>
  run(['db', ...words.split(' '), '--data', data], {
    folder: newFolder(),
    env: { DATABASE_URL: databaseUrl },
  });

export async function dumpOf(dataPath: string, databaseUrl?: string) {
  const database = await openDatabase({ databaseUrl, dataPath });
  return dump(database).finally(() => database.close());
}
