// `scripts/setup-db` on a real server: a role and a database that Trinity can use, and nothing that
// is there already is changed.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { LATEST_VERSION, migrate, openDatabase, schemaVersion } from '../../src/storage/index.ts';
import { admin, hasServer, urlOf } from './test-server.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
const name = `trinity_setup_${process.pid}`;
const url = new URL(urlOf('postgres'));

const setUp = (...words: readonly string[]) =>
  spawnSync(resolve('scripts/setup-db'), words, {
    encoding: 'utf8',
    env: {
      ...process.env,
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
    },
  });

afterAll(async () => {
  if (!hasServer || !hasPsql) return;
  await admin(`drop database if exists ${name} with (force)`);
  await admin(`drop role if exists ${name}`);
});

describe.skipIf(!hasServer || !hasPsql)('scripts/setup-db', () => {
  test('makes what the line that it prints opens', async () => {
    const { status, stdout, stderr } = setUp(name);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^DATABASE_URL=postgres:\/\/\S+\n$/);
    const databaseUrl = stdout.trim().slice('DATABASE_URL='.length);
    const database = await openDatabase({ databaseUrl, dataPath: '' });
    await migrate(database);
    expect(await schemaVersion(database)).toBe(LATEST_VERSION);
    await database.close();
    const [role] = await admin(
      `select rolsuper, rolcreatedb from pg_roles where rolname = '${name}'`,
    );
    expect(role).toEqual({ rolsuper: false, rolcreatedb: false });
  });

  test('changes nothing the second time', () => {
    const { status, stdout, stderr } = setUp(name);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${name} exists already`);
  });

  test.each(['Trinity', 'x;drop', '', '1st'])('refuses the name "%s"', (word) => {
    expect(setUp(word).status).toBe(2);
  });
});
