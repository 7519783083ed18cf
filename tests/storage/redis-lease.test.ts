// The lease at a real Redis: who gets it, who is refused, and what happens when Redis forgets,
// remembers something old, or holds something else.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { LEASE_PROTOCOL } from '../../src/domain/index.ts';
import type { EngineIdentity } from '../../src/domain/index.ts';
import type { LeaseAnswer } from '../../src/ports/index.ts';
import { startLease } from '../../src/runtime/lease-start.ts';
import { watchfulClock } from '../../src/runtime/watchful-clock.ts';
import { RedisLease, redisPlace } from '../../src/storage/index.ts';
import { hasRedis, newDeployment, openClient, OwnRedis, REDIS_URL } from './redis-server.ts';

const LEASE_MS = 400;
const WITHIN_MS = 5_000;

const leases: RedisLease[] = [];
afterEach(async () => {
  for (const lease of leases.splice(0)) await lease.release();
});

const IDENTITY: EngineIdentity = { engineVersion: '1.0.0', configHash: 'c'.repeat(64) };

interface Where {
  readonly deployment: string;
  readonly url?: string;
  readonly leaseMs?: number;
}

/** Another process, as far as Redis can tell. */
function engine(
  name: string,
  { deployment, url = REDIS_URL, leaseMs = LEASE_MS }: Where,
): RedisLease {
  const holder = { host: name, pid: 7, dataFolder: `/data/${name}`, ...IDENTITY };
  const lease = new RedisLease({ redisUrl: url, deployment, leaseMs, holder });
  leases.push(lease);
  return lease;
}

const claim = (lease: RedisLease, fenceSeen = 0): Promise<LeaseAnswer> =>
  new Promise((resolve) => lease.claim(fenceSeen, WITHIN_MS, resolve));

const held = (fence: number, rest: object = {}) =>
  expect.objectContaining({ kind: 'held', fence, ...rest });
const heldBy = (host: string, fence: number) =>
  expect.objectContaining({
    kind: 'other',
    holder: {
      ...{ host, pid: 7, dataFolder: `/data/${host}`, fence },
      ...{ protocol: LEASE_PROTOCOL, ...IDENTITY },
    },
  });

describe.runIf(hasRedis)('of two engines at one Redis', () => {
  test('the second is refused with the name of the first', async () => {
    const deployment = newDeployment();
    const [one, two] = [engine('one', { deployment }), engine('two', { deployment })];
    expect(await claim(one)).toEqual(held(1, { isNew: true, isHandedOver: false }));
    expect(await claim(two)).toEqual(heldBy('one', 1));
    expect(await claim(one, 1)).toEqual(held(1, { isNew: false }));
  });

  test('of ten that ask at once exactly one gets it', async () => {
    const deployment = newDeployment();
    const names = Array.from({ length: 10 }, (_, index) => `engine-${index}`);
    const answers = await Promise.all(names.map((name) => claim(engine(name, { deployment }))));
    expect(answers.filter(({ kind }) => kind === 'held')).toHaveLength(1);
  });

  test('the second gets it at once when it was handed over, with the next fence', async () => {
    const deployment = newDeployment();
    await claim(engine('one', { deployment }));
    await leases.pop()?.release();
    expect(await claim(engine('two', { deployment }))).toEqual(held(2, { isHandedOver: true }));
  });

  test('the first has lost it when its time ran out and the second came, for ever', async () => {
    const deployment = newDeployment();
    const [one, two] = [engine('one', { deployment }), engine('two', { deployment })];
    await claim(one);
    await pause(LEASE_MS + 20);
    expect(await claim(two)).toEqual(held(2, { isHandedOver: false }));
    expect(await claim(one, 1)).toEqual(heldBy('two', 2));
    await two.release();
    expect(await claim(one, 1)).toEqual(heldBy('two', 2));
  });

  test('the first keeps fence and lease when its time ran out and nobody came', async () => {
    const deployment = newDeployment();
    const one = engine('one', { deployment });
    await claim(one);
    await pause(LEASE_MS + 20);
    expect(await claim(one, 1)).toEqual(held(1, { isNew: false }));
  });

  test('engines of other deployments know nothing of each other', async () => {
    const [left, right] = [newDeployment(), newDeployment()];
    expect(await claim(engine('one', { deployment: left }))).toEqual(held(1));
    expect(await claim(engine('two', { deployment: right }))).toEqual(held(1));
  });
});

describe.runIf(hasRedis)('a Redis that lost its memory (S13, S14)', () => {
  test('gives the holder a greater fence than it ever had', async () => {
    const deployment = newDeployment();
    const one = engine('one', { deployment });
    await claim(one);
    await openClient().del(`trinity:{${deployment}}:lease`);
    expect(await claim(one, 41)).toEqual(held(42, { isNew: true, isHandedOver: false }));
  });

  test('and gave it to another has one holder all the same: the other', async () => {
    const deployment = newDeployment();
    const [one, two] = [engine('one', { deployment }), engine('two', { deployment })];
    await claim(one);
    await openClient().del(`trinity:{${deployment}}:lease`);
    expect(await claim(two)).toEqual(held(1));
    expect(await claim(one, 41)).toEqual(heldBy('two', 1));
  });

  test('because it was restored from an old copy, begins a tenure anew', async () => {
    const deployment = newDeployment();
    const old = await OwnRedis.start();
    await claim(engine('before', { deployment, url: old.url }));
    await openClient(old.url).set(`trinity:{${deployment}}:state`, 'old', 'PX', LEASE_MS);
    await openClient(old.url).save();
    await old.kill();
    const copy = await OwnRedis.start({ again: old });
    await pause(LEASE_MS);
    const now = engine('now', { deployment, url: copy.url });
    expect(await claim(now, 9)).toEqual(held(10, { isNew: true, isHandedOver: false }));
    expect(await claim(now, 10)).toEqual(held(10, { isNew: false }));
    expect(await openClient(copy.url).keys('*')).toEqual([`trinity:{${deployment}}:lease`]);
  });
});

describe.runIf(hasRedis)('a start', () => {
  const start = (lease: RedisLease, waits: string[] = []) =>
    startLease({
      ...{ authority: lease, leaseMs: LEASE_MS, clock: watchfulClock(), identity: IDENTITY },
      onWait: (cause) => waits.push(cause),
    });

  test('is refused while the holder lives, with its name (P16)', async () => {
    const deployment = newDeployment();
    const first = await start(engine('one', { deployment }));
    const waits: string[] = [];
    const second = await start(engine('two', { deployment }), waits);
    expect(first).toMatchObject({ kind: 'held' });
    expect(second).toMatchObject({ kind: 'refused', holder: { host: 'one', pid: 7, fence: 1 } });
    expect(waits).toEqual(['looking whether process 7 on one, which has the lease, lives']);
    if (first.kind === 'held') await first.lease.release();
  });

  test('waits for the end of a lease that nobody renews', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', { deployment }));
    const waits: string[] = [];
    const next = await start(engine('two', { deployment }), waits);
    expect(next).toMatchObject({ kind: 'held', lease: { fence: 2 } });
    expect(waits).toEqual([
      'looking whether process 7 on dead, which has the lease, lives',
      'no engine gave the lease back: waiting 280 ms, in case one still trades under it',
    ]);
    if (next.kind === 'held') await next.lease.release();
  });

  test('says why when there is no Redis, and never says a password', async () => {
    const own = await OwnRedis.start();
    await own.kill();
    const { port } = new URL(own.url);
    const url = `redis://me:hunter2@127.0.0.1:${port}`;
    const begun = await start(engine('one', { deployment: newDeployment(), url }));
    expect(begun).toEqual({
      kind: 'unreachable',
      cause: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    expect(redisPlace(url)).toBe(`127.0.0.1:${port}`);
    expect(() => redisPlace('hunter2')).toThrow('REDIS_URL must look like redis://');
  });
});

describe.runIf(hasRedis)('a key that somebody else uses', () => {
  test.each([
    ['of another type', async (key: string) => openClient().set(key, 'x'), /^WRONGTYPE /],
    [
      'with other fields',
      async (key: string) => openClient().hset(key, { renewedAtMs: '9'.repeat(15), leaseMs: '1' }),
      /^redis key trinity:\{test-.*\}:lease does not hold a lease of this program$/,
    ],
  ])('%s gives the lease to nobody and is left alone', async (_, write, cause) => {
    const deployment = newDeployment();
    await write(`trinity:{${deployment}}:lease`);
    const answer = await claim(engine('one', { deployment }));
    expect(answer).toEqual({ kind: 'unreachable', cause: expect.stringMatching(cause) });
  });
});
