// Which database: the server that DATABASE_URL names, otherwise the embedded one in the data
// folder. The caller holds the lock of the data folder, which covers the embedded database as well.
import { Database } from './database.ts';
import { openEmbedded } from './embedded-database.ts';
import { StorageError } from './storage-error.ts';

export interface DatabaseChoice {
  /** From the configuration; absent for the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly dataPath: string;
  /** A query that takes longer is given up; absent, queries may take long. */
  readonly queryWithinMs?: number;
}

export function openDatabase(choice: DatabaseChoice): Promise<Database> {
  const { databaseUrl, dataPath, queryWithinMs } = choice;
  if (databaseUrl === undefined) return openEmbedded(dataPath, queryWithinMs);
  const place = serverPlace(databaseUrl);
  return Database.connect({ connectionString: databaseUrl }, place, { queryWithinMs });
}

/** Host, port and database of an address, without user and password. */
export function serverPlace(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new StorageError(
      'storage.address',
      'DATABASE_URL must look like postgres://user:password@host:5432/database',
    );
  }
  return `${url.host === '' ? 'localhost' : url.host}${url.pathname}`;
}
