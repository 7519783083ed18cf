// The migrations that make hypertables, run as they are against a stand-in that refuses what
// TimescaleDB documents as refused; it has never run on the extension itself. What must hold beyond
// the asking: the keys keep a repeated row out as before, and every row is that of plain tables.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate, openDatabase, Projection, remake } from '../../src/storage/index.ts';
import type { Database } from '../../src/storage/index.ts';
import { dump, fillAnew, recordTenMinutes } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';
import { admin, hasServer, newDatabaseUrl } from './test-server.ts';
import { addStandIn } from './timescale-stand-in.ts';
import type { StandIn } from './timescale-stand-in.ts';

const role = `trinity_plain_${process.pid}`;
const password = 'of-a-role-that-lives-for-one-test';
const HYPERTABLES = [
  'opportunities',
  'portfolio_snapshots',
  'positions',
  'stream_health',
  'transitions',
];
const KEY = 'PRIMARY KEY (run_id, seq, ordinal, at_ms)';
const PLAIN_KEY = 'PRIMARY KEY (run_id, seq, ordinal)';

interface Case extends StandIn {
  readonly isPlainRole: boolean;
}

const plainRole: Case = { isPlainRole: true, hasLoaderSetting: true, hasSuperuserView: false };
const superuser: Case = { isPlainRole: false, hasLoaderSetting: false, hasSuperuserView: true };
const both: Case = { ...superuser, hasLoaderSetting: true };

describe.skipIf(!hasServer)('where TimescaleDB is loaded', { timeout: 60_000 }, () => {
  let recorded: ProjectedRun;
  const opened: Database[] = [];
  const owned: string[] = [];
  beforeAll(async () => {
    recorded = await recordTenMinutes();
    await admin(`create role ${role} login password '${password}'`);
  }, 60_000);
  afterAll(async () => {
    for (const database of opened) await database.close();
    // A role that still owns a database stays.
    for (const name of owned) await admin(`drop database ${name} with (force)`);
    await admin(`drop role ${role}`);
  });

  async function databaseWith(wanted: Case | undefined): Promise<Database> {
    const url = await newDatabaseUrl();
    if (wanted !== undefined) await addStandIn(url, wanted);
    return open(wanted?.isPlainRole === true ? await asPlainRole(url) : url);
  }

  async function open(databaseUrl: string): Promise<Database> {
    const database = await openDatabase({ databaseUrl, dataPath: '' });
    opened.push(database);
    return database;
  }

  async function asPlainRole(given: string): Promise<string> {
    const url = new URL(given);
    const name = url.pathname.slice(1);
    await admin(`alter database ${name} owner to ${role}`);
    owned.push(name);
    [url.username, url.password] = [role, password];
    return url.href;
  }

  const keysOf = (database: Database) =>
    database.query(
      `select conrelid::regclass::text as name, pg_get_constraintdef(oid) as key from pg_constraint
         where contype = 'p' and conrelid::regclass::text = any ($1) order by 1`,
      [HYPERTABLES],
    );
  const keys = (key: string) => HYPERTABLES.map((name) => ({ name, key }));

  describe.each([
    ['a role without rights on the server', plainRole],
    ['a role that reads every setting', superuser],
    ['one that both migrations speak to', both],
  ])('and %s asks', (_, wanted) => {
    test('the tables that only grow are made hypertables, a chunk a day', async () => {
      const database = await databaseWith(wanted);
      await migrate(database);
      const made = await database.query(
        `select made::text as name, time_column::text, chunk from standin.hypertables order by 1`,
      );
      const day = { time_column: 'at_ms', chunk: 86_400_000n };
      expect(made).toEqual(HYPERTABLES.map((name) => ({ name, ...day })));
      expect(await keysOf(database)).toEqual(keys(KEY));
      // No migration after them may add what a hypertable refuses.
      const wrong = await database.query(
        `select indexrelid::regclass::text from pg_index join standin.hypertables on made = indrelid
           join pg_attribute on attrelid = indrelid and attname = 'at_ms'
           where indisunique and not attnum = any (indkey)`,
      );
      expect(wrong).toEqual([]);
    });

    test('their rows are those of plain tables, however often they come', async () => {
      const [database, plain] = [await databaseWith(wanted), await databaseWith(undefined)];
      const projection = await fillAnew(database, recorded);
      await fillAnew(plain, recorded);
      expect(await keysOf(plain)).toEqual(keys(PLAIN_KEY));
      const tables = await dump(database);
      for (const name of HYPERTABLES) expect(tables[name]?.length).toBeGreaterThan(0);
      expect(tables).toEqual(await dump(plain));
      // As a position that was set back has it: every row is offered again.
      await database.query('update runtime_state set last_seq = 100, head_hash = $1', [
        recorded.records[99]?.hash,
      ]);
      const again = recorded.records.slice(100);
      expect(await projection.write(again)).toBe(again.length);
      expect(await dump(database)).toEqual(tables);
      await remake(database);
      expect(await keysOf(database)).toEqual(keys(KEY));
      await new Projection(database, recorded.identity).write(recorded.records);
      expect(await dump(database)).toEqual(tables);
    });
  });

  test('a role that lacks a right on the way has plain tables, every one of them', async () => {
    const url = await newDatabaseUrl();
    await addStandIn(url, plainRole);
    await admin('revoke all on standin.hypertables from public', url);
    const database = await open(await asPlainRole(url));
    await migrate(database);
    expect(await keysOf(database)).toEqual(keys(PLAIN_KEY));
  });

  test.each([
    ['a unique key without the time', 'primary key (id)', 'without the column at_ms'],
    ['a time that is text', ', other text', 'chunk of its own integer type'],
  ])('the stand-in itself refuses %s', async (_, rest, refusal) => {
    const url = await newDatabaseUrl();
    await addStandIn(url, plainRole);
    const type = refusal.includes('type') ? 'text' : 'bigint';
    await admin(`create table odd (id bigint, at_ms ${type}${rest.replace(/^p/, ', p')})`, url);
    const words = `'odd', 'at_ms', chunk_time_interval => 1::bigint`;
    const asked = `select standin.create_hypertable(${words})`;
    await expect(admin(asked, url)).rejects.toThrow(refusal);
  });
});
