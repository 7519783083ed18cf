// Programs of different versions or limits at one Redis, as people start them (P14): who takes over
// from a dead engine that was set in another way waits for a person, and a lease in words that are
// not ours is left alone.
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { LEASE_PROTOCOL } from '../../src/domain/index.ts';
import { hasRedis, newDeployment, openClient, REDIS_URL } from '../storage/redis-server.ts';
import { newFolder, run, start } from './started-program.ts';

const RUN = '--paper --feed sandbox --seed 7 --json'.split(' ');

const envOf = (name: string) => ({
  REDIS_URL,
  TRINITY_DEPLOYMENT__NAME: name,
  TRINITY_DEPLOYMENT__LEASE_MS: '2000',
  TRINITY_STORAGE__IS_ENABLED: 'false',
});

/** The folder of an engine that died with its lease, and how one with other limits is started. */
async function afterADeath() {
  const env = envOf(newDeployment());
  const folder = newFolder();
  const first = start(RUN, { folder, env });
  await first.says(/engine running/);
  first.signal('SIGKILL');
  await first.ended;
  return { folder, env: { ...env, TRINITY_ENGINE__OPEN_TRADES_MAX: '1' } };
}

describe.runIf(hasRedis)('engines that differ', { timeout: 120_000 }, () => {
  test('one that takes over from a dead one with other limits waits for a person (P14)', async () => {
    const other = await afterADeath();
    const next = start(RUN, other);
    await next.says(
      /warning LEASE_INHERITED {2}process \d+ on .* died with the lease; it was version/,
    );
    await next.says(/engine halted/);
    const resumed = await run(['resume', '--json'], { folder: other.folder });
    expect(resumed.code).toBe(0);
    await next.says(/engine running/);
    next.signal('SIGINT');
    expect((await next.ended).code).toBe(0);
  });

  test('a start that fails in between does not make other limits the usual ones (P14)', async () => {
    const other = await afterADeath();
    const failed = await run([...RUN, '--exchange', '127.0.0.1:9'], other);
    expect(failed.code).toBe(9);
    const next = start(RUN, other);
    await next.says(/warning LEASE_INHERITED/);
    await next.says(/engine halted/);
    next.signal('SIGINT');
    expect((await next.ended).code).toBe(0);
  });

  test('a start over a lease of another protocol is refused with the way out (P14)', async () => {
    const env = envOf(newDeployment());
    const key = `trinity:{${env.TRINITY_DEPLOYMENT__NAME}}:lease`;
    const tenure = { fence: 3, token: 'x', host: 'old', pid: 9, dataFolder: '/old', leaseMs: 1 };
    await openClient().hset(key, { ...tenure, renewedAtMs: 1, isReleased: '0' });
    const { code, stdout, stderr } = await run(RUN, { folder: newFolder(), env });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/process 9 on old .*version unknown, lease protocol 1\) has the lease/);
    expect(stderr).toContain(`(version ${VERSION}, lease protocol ${LEASE_PROTOCOL})`);
    expect(stderr).toContain(`remove the key ${key} at redis`);
    await openClient().del(key);
    expect((await run([...RUN, '--exit-after', '1s'], { folder: newFolder(), env })).code).toBe(0);
  });
});
