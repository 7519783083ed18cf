// One session with a PostgreSQL, a server or the embedded one, through the same driver. A lost
// connection fails the next query and nothing else; every failure names the database and hides how
// we got in. There is one connection and no pool: the embedded database has one session.
import { Client, TypeOverrides, types } from 'pg';
import type { ClientConfig } from 'pg';
import { causeLine, StorageError } from './storage-error.ts';

export type DatabaseRow = Readonly<Record<string, unknown>>;

const CONNECT_WITHIN_MS = 5_000;

export class Database {
  /** `127.0.0.1:5432/trinity`, or the folder of the embedded one. */
  readonly place: string;
  readonly #client: Client;
  readonly #afterClose: () => Promise<void>;

  private constructor(client: Client, place: string, afterClose: () => Promise<void>) {
    this.#client = client;
    this.place = place;
    this.#afterClose = afterClose;
  }

  /** Throws `storage.unreachable` when nobody lets us in. */
  static async connect(
    config: ClientConfig,
    place: string,
    afterClose: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Database> {
    const client = new Client({
      ...config,
      application_name: 'trinity',
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      types: exactTypes(),
    });
    // Without a listener a server that restarts would end this process; the next query fails.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await afterClose();
      const text = `database ${place} cannot be used: ${causeLine(error)}`;
      throw new StorageError('storage.unreachable', text, { cause: error });
    }
    return new Database(client, place, afterClose);
  }

  async query(text: string, values: readonly unknown[] = []): Promise<readonly DatabaseRow[]> {
    try {
      // Without values the text may hold several statements.
      const given = values.length === 0 ? undefined : [...values];
      const { rows } = await this.#client.query<DatabaseRow>(text, given);
      return rows;
    } catch (error) {
      const cause = causeLine(error);
      throw new StorageError('storage.failed', `database ${this.place}: ${cause}`, {
        cause: error,
      });
    }
  }

  /** All of it or nothing; one at a time. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.query('begin');
    try {
      const result = await work();
      await this.query('commit');
      return result;
    } catch (error) {
      // A lost connection has rolled back by itself; the first error is the one to tell.
      await this.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
    await this.#afterClose();
  }
}

/** bigint stays exact; numeric is text already. */
function exactTypes(): TypeOverrides {
  const exact = new TypeOverrides();
  exact.setTypeParser(types.builtins.INT8, (text) => BigInt(text));
  return exact;
}
