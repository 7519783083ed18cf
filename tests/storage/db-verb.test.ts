// `node main db …` as people type it: on the embedded database and on a server, killed and started
// again, and refused with the way out.
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lockData } from '../../src/journal/index.ts';
import { LATEST_VERSION, openDatabase } from '../../src/storage/index.ts';
import { lastJson, newFolder, start } from '../cli/started-program.ts';
import { recordTenMinutes } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';
import { admin, hasServer, newDatabaseUrl, urlOf } from './test-server.ts';
import { copyOfData, db, dumpOf, SLOW_MS } from './typed-db.ts';

let recorded: ProjectedRun;
beforeAll(async () => {
  recorded = await recordTenMinutes();
});

/** Names and contents of everything below a folder. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    hash.update(name);
    if (/\.(journal|json)$/.test(name)) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

describe('the embedded database', () => {
  test('is made, filled and told; the journal stays as it is', { timeout: SLOW_MS }, async () => {
    const data = copyOfData(recorded);
    const runs = join(data, 'runs');
    const before = fingerprint(runs);
    const early = await db(data, 'status');
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining('no database yet')]);

    const rebuilt = await db(data, 'rebuild --json');
    expect(rebuilt.code, rebuilt.stderr).toBe(0);
    expect(rebuilt.stderr).toMatch(/seed7: record \d+\n.*seed7: all \d+ records\n$/s);
    const { inputs, headHash, transitions } = recorded.result;
    const { runId } = recorded.identity;
    expect(lastJson(rebuilt)).toMatchObject({
      database: join(data, 'postgres'),
      version: LATEST_VERSION,
      runs: [{ runId, records: inputs, headHash, torn: null }],
      rows: { runs: 1, transitions },
    });

    expect(lastJson(await db(data, 'status --json'))).toMatchObject({
      schema: { version: LATEST_VERSION, latest: LATEST_VERSION },
      runs: [{ runId, journalSeq: inputs, databaseSeq: inputs, torn: null }],
      rows: { transitions },
    });
    expect(fingerprint(runs)).toBe(before);
    expect(existsSync(join(data, 'engine.lock'))).toBe(false);
  });

  test('is refused while another process holds it, and named', { timeout: SLOW_MS }, async () => {
    const data = copyOfData(recorded);
    const lock = lockData(data);
    for (const word of ['migrate', 'rebuild', 'status']) {
      const { code, stderr } = await db(data, word);
      expect([code, stderr]).toEqual([3, expect.stringContaining(`process ${process.pid}`)]);
    }
    lock.release();
    expect(existsSync(join(data, 'postgres'))).toBe(false);
  });
});

describe('refused before anything is written', { timeout: SLOW_MS }, () => {
  test('a folder without runs, and one that is not ours', async () => {
    const empty = newFolder();
    const nothing = await db(join(empty, 'nowhere'), 'rebuild');
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('no data folder')]);
    expect(readdirSync(empty)).toEqual([]);
    writeFileSync(join(empty, 'trinity.json'), '{"format":"trinity-data","version":99}\n');
    const newer = await db(empty, 'rebuild');
    expect([newer.code, newer.stderr]).toEqual([5, expect.stringContaining('data version 99')]);
    expect(readdirSync(empty)).toEqual(['trinity.json']);
  });

  test.each([
    ['mysql://root:canary-7f3a@127.0.0.1/x', 'a DATABASE_URL like postgres://'],
    ['canary-7f3a', 'a DATABASE_URL like postgres://'],
    ['postgres://u:canary-7f3a@127.0.0.1:1/x', 'database 127.0.0.1:1/x cannot be used'],
  ])('the address %s, without telling its password', async (url, words) => {
    const data = copyOfData(recorded);
    const { code, stdout, stderr } = await db(data, 'rebuild', url);
    expect([code, stderr]).toEqual([4, expect.stringContaining(words)]);
    expect(stdout + stderr).not.toContain('canary-7f3a');
    expect(existsSync(join(data, 'postgres'))).toBe(false);
  });
});

describe.skipIf(!hasServer)('a server', { timeout: SLOW_MS }, () => {
  test('takes the place of the embedded one', async () => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    const rebuilt = await db(data, 'rebuild --json', url);
    expect(lastJson(rebuilt).database).toBe(`${new URL(url).host}${new URL(url).pathname}`);
    expect(existsSync(join(data, 'postgres'))).toBe(false);
    const { inputs } = recorded.result;
    expect((await db(data, 'status', url)).stdout).toContain(`${inputs} of ${inputs} records are`);
    expect((await db(data, 'migrate', url)).stdout).toContain(': nothing to do\n');
  });

  test('killed while it is filled, it is whole after the next time', async () => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    expect((await db(data, 'rebuild', url)).code).toBe(0);
    const whole = await dumpOf(data, url);
    const child = start(['db', 'rebuild', '--data', data], {
      folder: newFolder(),
      env: { DATABASE_URL: url },
    });
    await child.says(/: record \d+\n/);
    child.signal('SIGKILL');
    await child.ended;
    expect((await db(data, 'rebuild', url)).code).toBe(0);
    expect(await dumpOf(data, url)).toEqual(whole);
  });

  test.each([
    ['a database that is not there', 2, 'x', 'does not exist'],
    ['tables of others', 5, 'create table invoices (id int)', 'not ours (invoices)'],
  ])('is refused for %s', async (_, code, statement, words) => {
    const data = copyOfData(recorded);
    const url = statement === 'x' ? urlOf('trinity_nowhere') : await newDatabaseUrl();
    if (statement !== 'x') await admin(statement, url);
    for (const word of ['migrate', 'rebuild', 'status']) {
      const refused = await db(data, word, url);
      const expected = code === 2 ? 4 : code;
      expect([refused.code, refused.stderr]).toEqual([expected, expect.stringContaining(words)]);
    }
    if (statement !== 'x') expect(await admin('select * from invoices', url)).toEqual([]);
  });

  test.each([
    ["insert into trinity_migrations values (99, '0099-later', 'x')", 'has migration 0099-later'],
    [
      "update trinity_migrations set checksum = 'x' where version = 1",
      'form of migration 0001-runs',
    ],
  ])('that another version has shaped is left alone: %s', async (statement, words) => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    expect((await db(data, 'rebuild', url)).code).toBe(0);
    const before = await dumpOf(data, url);
    await admin(statement, url);
    for (const word of ['migrate', 'rebuild', 'status']) {
      const refused = await db(data, word, url);
      expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining(words)]);
    }
    expect(await dumpOf(data, url)).toEqual(before);
  });

  test('lost in the middle fails the next query, not the process', async () => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    const database = await openDatabase({ databaseUrl: url, dataPath: data });
    const [own] = await database.query('select pg_backend_pid() as pid');
    await admin(`select pg_terminate_backend(${String(own?.['pid'])})`);
    const refusal = { code: 'storage.failed', message: expect.stringContaining('trinity_test_') };
    await expect(database.query('select 1')).rejects.toMatchObject(refusal);
    await database.close();
  });

  test('a last record that was cut short is told and left out', async () => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    const segment = join(data, 'runs', recorded.identity.runId, 'segment-000001.journal');
    truncateSync(segment, statSync(segment).size - 5);
    const rebuilt = await db(data, 'rebuild --json', url);
    expect(rebuilt.code, rebuilt.stderr).toBe(0);
    const last = recorded.records.at(-2);
    expect(lastJson(rebuilt).runs).toMatchObject([
      { records: last?.seq, headHash: last?.hash, torn: { file: segment } },
    ]);
    expect(rebuilt.stderr).toContain('the last write was cut short');
  });

  test('damage in a journal ends it with the place, what was before it is stored', async () => {
    const [data, url] = [copyOfData(recorded), await newDatabaseUrl()];
    const segment = join(data, 'runs', recorded.identity.runId, 'segment-000001.journal');
    const text = readFileSync(segment, 'latin1');
    const at = text.lastIndexOf('"operator.stop"');
    writeFileSync(segment, `${text.slice(0, at)}#${text.slice(at + 1)}`, 'latin1');
    const broken = await db(data, 'rebuild', url);
    expect([broken.code, broken.stderr]).toEqual([5, expect.stringMatching(/at byte \d+/)]);
    expect(broken.stderr).toMatch(/stored up to record \d+, then:/);
  });
});
