// The program with REDIS_URL as people start it: a second engine is refused, one that was stopped
// for too long ends with a code of its own and a whole journal, and a Redis that hangs costs
// entries only.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { findRun, readJournal } from '../../src/journal/index.ts';
import {
  hasRedis,
  newDeployment,
  openClient,
  OwnRedis,
  REDIS_URL,
} from '../storage/redis-server.ts';
import { lastJson, newFolder, run, start } from './started-program.ts';

const RUN = '--paper --feed sandbox --seed 7 --json'.split(' ');
const LEASE_MS = '2000';

const envOf = (name: string, url = REDIS_URL) => ({
  REDIS_URL: url,
  TRINITY_DEPLOYMENT__NAME: name,
  TRINITY_DEPLOYMENT__LEASE_MS: LEASE_MS,
  TRINITY_STORAGE__IS_ENABLED: 'false',
});

describe.runIf(hasRedis).concurrent('engines of one deployment', { timeout: 120_000 }, () => {
  test('a second is refused; the first, stopped for too long, places nothing more', async () => {
    const env = envOf(newDeployment());
    const [one, two, three] = [newFolder(), newFolder(), newFolder()];
    const first = start(RUN, { folder: one, env });
    await first.says(/t1 .*→ OPEN$/m);
    const refused = await run(RUN, { folder: two, env });
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toContain(
      `process ${first.pid} on ${hostname()} (data folder ${join(one, 'data')}, fence 1, ` +
        `version ${VERSION}) has the lease of deployment ${env.TRINITY_DEPLOYMENT__NAME}; stop it first`,
    );
    first.signal('SIGSTOP');
    const second = start(RUN, { folder: three, env });
    await second.says(/engine running/);
    first.signal('SIGCONT');
    const ended = await first.ended;
    expect(ended.code).toBe(11);
    expect(ended.stderr).toMatch(
      /critical LEASE_LOST {2}process \d+ on .*fence 2, version .*\) has the lease/,
    );
    const { exitReason, headHash } = lastJson(ended);
    expect(exitReason).toMatch(/nothing is placed from here any more/);
    const verified = await run(['verify', '--json'], { folder: one });
    expect([verified.code, lastJson(verified).headHash]).toEqual([0, headHash]);
    const last = [...readJournal(findRun(join(one, 'data')))].at(-1)?.record;
    expect(last).toMatchObject({
      input: { type: 'lease.superseded', holder: { engineVersion: VERSION } },
      effects: [{ type: 'alert.raise', code: 'LEASE_LOST' }],
    });
    second.signal('SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  test('one shows its state while it runs, and the next may start at once after it', async () => {
    const env = envOf(newDeployment());
    const folder = newFolder();
    const first = start(RUN, { folder, env });
    await first.says(/t1 .*→ OPEN$/m);
    const key = `trinity:{${env.TRINITY_DEPLOYMENT__NAME}}:state`;
    const state = JSON.parse((await openClient().get(key)) ?? '');
    expect(state).toMatchObject({ mode: 'paper', feed: 'sandbox', engineState: 'running' });
    first.signal('SIGINT');
    expect((await first.ended).code).toBe(0);
    const next = await run([...RUN, '--exit-after', '1s'], { folder, env });
    expect(next.code).toBe(0);
    expect(next.stderr).not.toMatch(/lease .*(looking|waiting)/);
  });

  test('a Redis that hangs stops entries and nothing else, and is forgiven', async () => {
    const redis = await OwnRedis.start();
    const env = envOf(newDeployment(), redis.url);
    const engine = start(RUN, { folder: newFolder(), env });
    await engine.says(/t1 .*→ OPEN$/m);
    redis.signal('SIGSTOP');
    await engine.says(/warning LEASE_UNREACHABLE/);
    redis.signal('SIGCONT');
    await engine.says(/info LEASE_RECOVERED/);
    redis.signal('SIGSTOP');
    engine.signal('SIGINT');
    const ended = await engine.ended;
    expect(ended.code).toBe(0);
    expect(lastJson(ended).trades).toMatchObject({ open: 0, exposed: 0 });
  });

  test('a start without an answer from Redis is refused with the way out', async () => {
    const gone = await OwnRedis.start();
    await gone.kill();
    const { code, stdout, stderr } = await run(RUN, {
      folder: newFolder(),
      env: envOf(newDeployment(), gone.url),
    });
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(
      /redis at 127\.0\.0\.1:\d+ does not give the lease \(connect ECONNREFUSED/,
    );
  });
});
