// Whose database it is: one that holds runs, and none of them from our data folder, belongs to
// somebody else and is left alone. A run is known by its name and the instant of its creation,
// because a seed gives the same name everywhere.
import type { Database } from './database.ts';
import { schemaVersion } from './migrations.ts';
import type { RunIdentity } from './record-rows.ts';
import { StorageError } from './storage-error.ts';

/** Throws `storage.foreign`; an empty database is anybody's, one in our data folder is ours. */
export async function checkOwner(
  database: Database,
  ours: readonly { readonly identity: RunIdentity }[],
): Promise<void> {
  if (database.isPrivate || (await schemaVersion(database)) === 0) return;
  const stored = await database.query('select run_id, created_at_ms from runs');
  const known = new Set(ours.map(({ identity }) => nameOf(identity.runId, identity.createdAtMs)));
  const [first] = stored;
  const isOurs = stored.some((row) => known.has(nameOf(row['run_id'], row['created_at_ms'])));
  if (first === undefined || isOurs) return;
  throw new StorageError(
    'storage.foreign',
    `database ${database.place} holds runs of another data folder (${String(first['run_id'])}); ` +
      'name an empty one in DATABASE_URL',
  );
}

const nameOf = (runId: unknown, createdAtMs: unknown): string =>
  `${String(runId)} ${String(createdAtMs)}`;
