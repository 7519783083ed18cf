// A database that is not ours to fill, met by a run that goes on: told once, left as it is, and
// filled when somebody has settled it.
import { describe, expect, test } from 'vitest';
import { rebuildWork, rowCounts } from '../../src/storage/index.ts';
import { liveStage } from './live-stage.ts';
import { hasBinaries } from './own-server.ts';
import { admin } from './test-server.ts';

describe.skipIf(!hasBinaries)('on a server of its own', { timeout: 60_000 }, () => {
  const { stage, whole } = liveStage();

  test.each([
    ['tables of others', 'create table invoices (id int)', 'storage.foreign'],
    [
      'a newer shape',
      `create table trinity_migrations (version integer, name text, checksum text);
       insert into trinity_migrations values (99, '0099-later', 'x')`,
      'storage.newer-version',
    ],
  ])('with %s it is told once and left alone, until that is settled', async (_, text, code) => {
    await admin('drop schema public cascade; create schema public', stage().server.url);
    await admin(text, stage().server.url);
    const run = stage().following();
    await run.goOn(1, stage().lastSeq);
    await run.heard('trouble');
    await expect(run.projection.ask(rowCounts)).rejects.toMatchObject({ code });
    expect(run.news).toMatchObject([{ code, text: expect.stringContaining('database 127.0.0.1') }]);
    const names = `select relname from pg_class where relnamespace = 'public'::regnamespace`;
    expect(await admin(names, stage().server.url)).toHaveLength(1);
    await admin('drop schema public cascade; create schema public', stage().server.url);
    await run.heard('recovered');
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
  });

  test('with the rows of another data folder it is left alone', async () => {
    const { identity } = stage().recorded;
    const stranger = { ...stage().run(), identity: { ...identity, createdAtMs: 1 } };
    const first = stage().following({ run: stranger });
    await first.goOn(1, stage().lastSeq);
    await first.finished();
    const before = await stage().tables();
    const run = stage().following();
    await run.goOn(1, stage().lastSeq);
    await run.heard('trouble');
    expect(run.news).toMatchObject([
      { code: 'storage.foreign', text: expect.stringContaining('another data folder') },
    ]);
    const database = await stage().open();
    const refusal = rebuildWork(database, [stage().run()], () => undefined);
    await expect(refusal).rejects.toMatchObject({ code: 'storage.foreign' });
    await database.close();
    expect(await stage().tables()).toEqual(before);
  });
});
