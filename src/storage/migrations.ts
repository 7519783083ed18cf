// The shape of the database: plain SQL files, up and down, applied in order and remembered with a
// checksum. Refuses a database that holds tables of somebody else, or that a newer or a different
// version has shaped.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from './database.ts';
import { StorageError } from './storage-error.ts';

interface Migration {
  readonly version: number;
  /** `0001-runs` */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly checksum: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

const migrations: readonly Migration[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.up.sql'))
  .sort()
  .map((file) => toMigration(file.slice(0, -'.up.sql'.length)));

function toMigration(name: string): Migration {
  const up = readFileSync(new URL(`${name}.up.sql`, FOLDER), 'utf8');
  const down = readFileSync(new URL(`${name}.down.sql`, FOLDER), 'utf8');
  const checksum = createHash('sha256').update(up).update(down).digest('hex');
  return { version: Number(name.slice(0, 4)), name, up, down, checksum };
}

export const LATEST_VERSION = migrations.at(-1)?.version ?? 0;

/** The version that the database has; 0 when it is empty. Throws for one that is not ours. */
export async function schemaVersion(database: Database): Promise<number> {
  const tables = await tablesOf(database);
  if (!tables.includes('trinity_migrations')) {
    if (tables.length === 0) return 0;
    const some = tables.slice(0, 3).join(', ');
    const text = `database ${database.place} holds tables that are not ours (${some}); name an`;
    throw new StorageError('storage.foreign', `${text} empty one in DATABASE_URL`);
  }
  const applied = await database.query(
    'select version, name, checksum from trinity_migrations order by version',
  );
  for (const row of applied) checkApplied(row, database.place);
  return applied.length;
}

/** Applies what is missing; returns the names of what was applied. */
export const migrate = (database: Database): Promise<readonly string[]> =>
  database.transaction(() => applyMissing(database));

/** Throws all of our tables away and makes them anew, empty; tables of others stay. */
export async function remake(database: Database): Promise<void> {
  await database.transaction(async () => {
    await unapplyAll(database);
    await applyMissing(database);
  });
}

/** Takes every migration back. */
export const unmigrate = (database: Database): Promise<void> =>
  database.transaction(() => unapplyAll(database));

async function applyMissing(database: Database): Promise<readonly string[]> {
  await schemaVersion(database);
  await database.query(
    `create table if not exists trinity_migrations (
       version integer primary key, name text not null, checksum text not null)`,
  );
  // A second program that migrates waits here and then finds nothing to do.
  await database.query('lock table trinity_migrations in exclusive mode');
  const version = await schemaVersion(database);
  const missing = migrations.slice(version);
  for (const migration of missing) {
    await database.query(migration.up);
    await database.query('insert into trinity_migrations values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
  }
  return missing.map(({ name }) => name);
}

async function unapplyAll(database: Database): Promise<void> {
  const version = await schemaVersion(database);
  if ((await tablesOf(database)).length === 0) return;
  for (const { down } of migrations.slice(0, version).reverse()) await database.query(down);
  await database.query('drop table trinity_migrations');
}

/** Tables and views where ours would be; those of an extension belong to it. */
async function tablesOf(database: Database): Promise<readonly string[]> {
  const rows = await database.query(
    `select c.relname::text as name from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      order by 1`,
  );
  return rows.map(({ name }) => String(name));
}

function checkApplied(row: Readonly<Record<string, unknown>>, place: string): void {
  const { version, name, checksum } = row;
  const known = migrations.find((each) => each.version === version);
  if (known === undefined) {
    const text = `database ${place} has migration ${String(name)}; this program knows`;
    throw new StorageError(
      'storage.newer-version',
      `${text} ${LATEST_VERSION} of them: use the newer version that made it, or an empty database`,
    );
  }
  if (known.checksum === checksum) return;
  const text = `database ${place} was shaped by another form of migration ${known.name};`;
  throw new StorageError('storage.foreign', `${text} name an empty one in DATABASE_URL`);
}
