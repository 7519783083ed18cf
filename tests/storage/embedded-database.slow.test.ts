// The embedded database after a kill in the middle and after damage: the journal fills it again.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { lastJson, newFolder, start } from '../cli/started-program.ts';
import { recordTenMinutes } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';
import { copyOfData, db, dumpOf } from './typed-db.ts';

let recorded: ProjectedRun;
beforeAll(async () => {
  recorded = await recordTenMinutes();
});

test('killed while it is filled, it is whole after the next time', async () => {
  const data = copyOfData(recorded);
  expect((await db(data, 'rebuild')).code).toBe(0);
  const whole = await dumpOf(data);
  const child = start(['db', 'rebuild', '--data', data], { folder: newFolder() });
  await child.says(/: record \d+\n/);
  child.signal('SIGKILL');
  expect((await child.ended).signal).toBe('SIGKILL');
  expect(lastJson(await db(data, 'status --json')).runs[0].databaseSeq).toBeLessThanOrEqual(
    recorded.result.inputs,
  );
  expect((await db(data, 'rebuild')).code).toBe(0);
  expect(await dumpOf(data)).toEqual(whole);
});

test('that is damaged says what to do', async () => {
  const data = copyOfData(recorded);
  expect((await db(data, 'migrate')).code).toBe(0);
  rmSync(join(data, 'postgres', 'global'), { recursive: true });
  const broken = await db(data, 'rebuild');
  expect([broken.code, broken.stderr]).toEqual([
    1,
    expect.stringMatching(/does not open: .*remove that folder and run `node main db rebuild`\n$/),
  ]);
  rmSync(join(data, 'postgres'), { recursive: true });
  expect((await db(data, 'rebuild')).code).toBe(0);
});
