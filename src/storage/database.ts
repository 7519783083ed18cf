// One session with a PostgreSQL, a server or the embedded one, through the same driver. A lost
// connection fails the next query and nothing else; every failure names the database and hides how
// we got in. There is one connection and no pool: the embedded database has one session.
import { Socket } from 'node:net';
import { Client, TypeOverrides, types } from 'pg';
import type { ClientConfig } from 'pg';
import { within } from './patience.ts';
import { causeLine, StorageError } from './storage-error.ts';

export type DatabaseRow = Readonly<Record<string, unknown>>;

const CONNECT_WITHIN_MS = 5_000;
/** A server that hangs does not say goodbye either. */
const GOODBYE_WITHIN_MS = 1_000;

export interface ConnectionTerms {
  /** Nobody but the owner of a data folder reaches it. */
  readonly isPrivate?: boolean;
  /** Of what stands behind the connection. */
  readonly afterClose?: () => Promise<void>;
  /** One that takes longer is given up, and the connection with it; absent, queries take long. */
  readonly queryWithinMs?: number | undefined;
}

export class Database {
  /** `127.0.0.1:5432/trinity`, or the folder of the embedded one. */
  readonly place: string;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #terms: ConnectionTerms;
  readonly #lostBy: () => Error | undefined;

  private constructor(parts: {
    readonly client: Client;
    readonly socket: Socket;
    readonly place: string;
    readonly terms: ConnectionTerms;
    readonly lostBy: () => Error | undefined;
  }) {
    this.#client = parts.client;
    this.#socket = parts.socket;
    this.place = parts.place;
    this.#terms = parts.terms;
    this.#lostBy = parts.lostBy;
  }

  get isPrivate(): boolean {
    return this.#terms.isPrivate === true;
  }

  /** Throws `storage.unreachable` when nobody lets us in. */
  static async connect(
    config: ClientConfig,
    place: string,
    terms: ConnectionTerms = {},
  ): Promise<Database> {
    const socket = new Socket();
    const client = new Client({
      ...config,
      // Ours, so that it can be cut: the driver has no other end for a server that hangs.
      stream: () => socket,
      application_name: 'trinity',
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      types: exactTypes(),
    });
    // Without a listener a server that restarts would end this process; the next query fails and
    // tells the cause.
    let lostBy: Error | undefined;
    client.on('error', (error) => (lostBy ??= error));
    try {
      await client.connect();
    } catch (error) {
      // What stands behind is closed in any case; the first error is the one to tell.
      await terms.afterClose?.().catch(() => undefined);
      const text = `database ${place} cannot be used: ${causeLine(error)}`;
      throw new StorageError('storage.unreachable', text, { cause: error });
    }
    return new Database({ client, socket, place, terms, lostBy: () => lostBy });
  }

  /** Throws `storage.failed`; one that was given up may have been done all the same. */
  async query(text: string, values: readonly unknown[] = []): Promise<readonly DatabaseRow[]> {
    const { queryWithinMs } = this.#terms;
    const late =
      queryWithinMs === undefined ? undefined : setTimeout(() => this.#cut(), queryWithinMs);
    try {
      // Without values the text may hold several statements.
      const given = values.length === 0 ? undefined : [...values];
      const { rows } = await this.#client.query<DatabaseRow>(text, given);
      return rows;
    } catch (error) {
      const cause = causeLine(this.#lostBy() ?? error);
      throw new StorageError('storage.failed', `database ${this.place}: ${cause}`, {
        cause: error,
      });
    } finally {
      clearTimeout(late);
    }
  }

  #cut(): void {
    const seconds = (this.#terms.queryWithinMs ?? 0) / 1_000;
    this.#socket.destroy(new Error(`no answer within ${seconds} s`));
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

  /** Throws when what stands behind the connection does not close in order. */
  async close(): Promise<void> {
    // Whatever was committed has been answered: a goodbye that fails loses nothing, and what stands
    // behind the connection is to close all the same.
    await within(
      this.#client.end().catch(() => undefined),
      GOODBYE_WITHIN_MS,
    );
    this.#socket.destroy();
    await this.#terms.afterClose?.();
  }
}

/** bigint stays exact; numeric is text already. */
function exactTypes(): TypeOverrides {
  const exact = new TypeOverrides();
  exact.setTypeParser(types.builtins.INT8, (text) => BigInt(text));
  return exact;
}
