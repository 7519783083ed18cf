// The tables of a run that goes on, on a server that is frozen, killed, full, forgets and comes
// back: afterwards they are those of a fresh rebuild, row for row, and people were told once.
import { describe, expect, test } from 'vitest';
import {
  migrateWork,
  Projection,
  rebuildWork,
  remake,
  rowCounts,
} from '../../src/storage/index.ts';
import type { FollowedRun } from '../../src/storage/index.ts';
import { commitCutter } from './commit-cutter.ts';
import { liveStage } from './live-stage.ts';
import { hasBinaries } from './own-server.ts';
import { entriesOf } from './projected-run.ts';
import { admin } from './test-server.ts';

describe.skipIf(!hasBinaries)('on a server of its own', { timeout: 60_000 }, () => {
  const { stage, whole } = liveStage();

  test('nothing happens: every row is there, and nobody was troubled', async () => {
    const run = stage().following();
    await run.goOn(1, stage().lastSeq);
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
    expect(run.news).toEqual([
      { type: 'opened', place: new URL(stage().server.url).host + '/postgres' },
    ]);
  });

  test.each(['frozen and thawed', 'killed and started again'])('it is %s', async (how) => {
    const run = stage().following();
    await run.goOn(1, 100);
    await run.heard('opened');
    if (how === 'frozen and thawed') stage().server.freeze();
    else await stage().server.kill();
    await run.goOn(101, 300);
    await run.heard('trouble');
    await run.goOn(301, 400);
    if (how === 'frozen and thawed') stage().server.thaw();
    else await stage().server.start();
    await run.heard('recovered');
    await run.goOn(401, stage().lastSeq);
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
    expect(run.news.map(({ type }) => type)).toEqual(['opened', 'trouble', 'recovered']);
  });

  test('connections are cut again and again, also at a commit', async () => {
    const run = stage().following();
    for (let seq = 1; seq <= stage().lastSeq; seq += 20) {
      await run.goOn(seq, Math.min(seq + 19, stage().lastSeq));
      await admin(
        `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'trinity' and pid <> pg_backend_pid()`,
        stage().server.url,
      );
    }
    run.projection.follow(stage().lastSeq);
    await run.heard('opened');
    await run.projection.ask(() => Promise.resolve()).catch(() => undefined);
    await run.stored(stage().lastSeq);
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
  });

  test('commits are done and never answered', async () => {
    const cutter = await commitCutter(stage().server.url);
    const run = stage().following({ url: cutter.url });
    for (let seq = 1; seq <= stage().lastSeq; seq += 100) {
      const until = Math.min(seq + 99, stage().lastSeq);
      await run.goOn(seq, until);
      await run.stored(until);
    }
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
    expect(cutter.cuts()).toBeGreaterThan(3);
  });

  test('it forgets what it had acknowledged, as after a failover', async () => {
    const run = stage().following();
    await run.goOn(1, 300);
    await run.stored(300);
    const database = await stage().open();
    await remake(database);
    const older = new Projection(database, stage().recorded.identity);
    await older.catchUp(entriesOf(stage().recorded.records.slice(0, 120)));
    await database.close();
    await run.goOn(301, stage().lastSeq);
    await run.heard('recovered');
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
    expect(run.news).toMatchObject([{}, { code: 'storage.gap' }, { type: 'recovered' }]);
  });

  test('it is full for a while: rows are refused, none is missing afterwards', async () => {
    const database = await stage().open();
    await migrateWork(database, []);
    await database.query('alter table fills add constraint planted check (qty < 0) not valid');
    const run = stage().following();
    await run.goOn(1, stage().lastSeq);
    await run.heard('trouble');
    await database.query('alter table fills drop constraint planted');
    await database.close();
    await run.heard('recovered');
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
  });

  test('a run that died goes on from the position that is stored', async () => {
    const first = stage().following();
    await first.goOn(1, 250);
    expect(await first.finished()).toBe(250);
    const second = stage().following();
    await second.goOn(251, stage().lastSeq);
    expect(await second.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
  });

  test('it is rebuilt while the run goes on', async () => {
    const run = stage().following();
    await run.goOn(1, 200);
    const said: string[] = [];
    const report = await run.projection.ask((database) =>
      rebuildWork(database, [stage().run()], (text) => said.push(text)),
    );
    expect(report).toMatchObject({ runs: [{ records: stage().lastSeq }] });
    await run.goOn(201, stage().lastSeq);
    expect(await run.finished()).toBe(stage().lastSeq);
    expect(await stage().tables()).toEqual(whole());
  });

  test('what ended runs lack is stored beside it; one that cannot be read is told', async () => {
    const other = { ...stage().run(), identity: { ...stage().recorded.identity, runId: 'other' } };
    const broken: FollowedRun = {
      identity: { ...stage().recorded.identity, runId: 'broken' },
      lastSeq: () => 5,
      follow: () => {
        throw Object.assign(new Error('x.journal at byte 7: no'), { code: 'journal.damaged' });
      },
    };
    const run = stage().following({ endedRuns: [broken, other] });
    await run.goOn(1, stage().lastSeq);
    const database = await stage().open();
    const position = () => new Projection(database, other.identity).position();
    await run.heard('opened');
    while ((await position()).lastSeq < stage().lastSeq)
      await new Promise((next) => setTimeout(next, 20));
    expect(await rowCounts(database)).toMatchObject({ runs: 2 });
    await database.close();
    await run.finished();
    const damaged = { type: 'trouble', code: 'journal.damaged', text: 'x.journal at byte 7: no' };
    expect(run.news.slice(1)).toEqual([damaged]);
  });
});
