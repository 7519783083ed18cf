// What holds within the tables beyond their rows: plain tables where there is no TimescaleDB, and
// one row for a payment however often a venue reports it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, remake, rowCounts } from '../../src/storage/index.ts';
import type { Database } from '../../src/storage/index.ts';
import { fillAnew, recordTenMinutes } from './projected-run.ts';
import { hasServer, newDatabaseUrl } from './test-server.ts';

describe.skipIf(!hasServer)('on a server', { timeout: 60_000 }, () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ databaseUrl: await newDatabaseUrl(), dataPath: '' });
  });
  afterAll(() => database.close());

  test('without TimescaleDB its migration changes nothing', async ({ skip }) => {
    const known = `select name from pg_available_extensions where name = 'timescaledb'`;
    if ((await database.query(known)).length > 0) skip('this server has TimescaleDB');
    await remake(database);
    const keys = await database.query(
      `select pg_get_constraintdef(oid) as key from pg_constraint where contype = 'p' and
         conrelid in ('transitions'::regclass, 'opportunities'::regclass, 'positions'::regclass,
           'portfolio_snapshots'::regclass, 'stream_health'::regclass)`,
    );
    expect(keys).toEqual(Array(5).fill({ key: 'PRIMARY KEY (run_id, seq, ordinal)' }));
    const extensions = `select extname from pg_extension where extname <> 'plpgsql'`;
    expect(await database.query(extensions)).toEqual([]);
  });

  test('a payment that is reported again is one payment', async () => {
    const { identity, records } = await recordTenMinutes();
    const at = records.findIndex(({ input }) => input.type === 'funding.paid');
    const told = records[at];
    if (told === undefined) throw new Error('the run has no payment');
    await fillAnew(database, { identity, records: records.slice(0, at + 1) });
    const before = await rowCounts(database);
    const again = { ...told, seq: records[at + 1]?.seq ?? told.seq, effects: [], transitions: [] };
    await fillAnew(database, { identity, records: [...records.slice(0, at + 1), again] });
    expect(await rowCounts(database)).toEqual(before);
  });
});
