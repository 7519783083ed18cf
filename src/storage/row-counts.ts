// How many rows each table of the projection has.
import type { Database } from './database.ts';
import * as tables from './tables.ts';

/** In the order of the alphabet. */
export const tableNames: readonly string[] = [
  ...new Set(['runtime_state', ...Object.values(tables).map(({ name }) => name)]),
].sort();

export async function rowCounts(database: Database): Promise<Readonly<Record<string, number>>> {
  const counts = tableNames.map((name) => `select '${name}' as name, count(*) from ${name}`);
  const rows = await database.query(`${counts.join(' union all ')} order by name`);
  return Object.fromEntries(rows.map(({ name, count }) => [String(name), Number(count)]));
}
