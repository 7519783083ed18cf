// Engines of different versions at one real Redis (P14): a tenure in a protocol that is not ours is
// left as it is, and whoever takes over from an engine that was not the same one hears of it.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { EngineIdentity, LeaseReport } from '../../src/domain/index.ts';
import { LEASE_PROTOCOL } from '../../src/domain/index.ts';
import type { LeaseAnswer } from '../../src/ports/index.ts';
import { startLease } from '../../src/runtime/lease-start.ts';
import { watchfulClock } from '../../src/runtime/watchful-clock.ts';
import { RedisLease } from '../../src/storage/index.ts';
import { hasRedis, newDeployment, openClient, REDIS_URL } from './redis-server.ts';

const LEASE_MS = 400;
const WITHIN_MS = 5_000;
const OLD: EngineIdentity = { engineVersion: '1.0.0', configHash: 'c'.repeat(64) };
const NEW: EngineIdentity = { engineVersion: '1.1.0', configHash: 'c'.repeat(64) };
const TIGHT: EngineIdentity = { engineVersion: '1.0.0', configHash: 'd'.repeat(64) };

const leases: RedisLease[] = [];
afterEach(async () => {
  for (const lease of leases.splice(0)) await lease.release();
});

const keyOf = (deployment: string): string => `trinity:{${deployment}}:lease`;

function engine(name: string, deployment: string, identity: EngineIdentity): RedisLease {
  const holder = { host: name, pid: 7, dataFolder: `/data/${name}`, ...identity };
  const lease = new RedisLease({ redisUrl: REDIS_URL, deployment, leaseMs: LEASE_MS, holder });
  leases.push(lease);
  return lease;
}

const claim = (lease: RedisLease, fenceSeen = 0): Promise<LeaseAnswer> =>
  new Promise((resolve) => lease.claim(fenceSeen, WITHIN_MS, resolve));

const start = (authority: RedisLease, identity: EngineIdentity) =>
  startLease({
    ...{ authority, identity, leaseMs: LEASE_MS, clock: watchfulClock() },
    onWait: () => undefined,
  });

/** What a start hears of the one before it. */
async function reports(authority: RedisLease, identity: EngineIdentity) {
  const begun = await start(authority, identity);
  if (begun.kind !== 'held') throw new Error(`the lease must be had, not ${begun.kind}`);
  const heard: LeaseReport[] = [];
  begun.lease.onReport((report) => heard.push(report));
  await begun.lease.release();
  return heard;
}

/** As the engines wrote it that knew no protocol. */
const oldTenure = (fence: number, renewedAtMs: number) => ({
  ...{ fence, token: `old-${fence}`, host: 'old', pid: 9, dataFolder: '/data/old' },
  ...{ renewedAtMs, leaseMs: LEASE_MS, isReleased: '0' },
});
/** As one may write it that is not there yet: what we do not know of it is left out or other. */
const newTenure = (protocol: number) => ({
  ...{ fence: 3, token: 'new', partToken: 'new', protocol, isReleased: '0' },
  ...{ engineVersion: '9.0.0', configHash: 'f', renewedAtMs: 1, heldBy: 'somebody' },
});
const whenever = Date.now();

describe.runIf(hasRedis)('a tenure of another protocol', () => {
  test.each([
    ['of before it had a number', oldTenure(3, whenever + 60_000), { protocol: 1, host: 'old' }],
    ['of before, long over', oldTenure(3, 1), { protocol: 1, engineVersion: '', fence: 3 }],
    ['newer, long over', newTenure(LEASE_PROTOCOL + 1), { engineVersion: '9.0.0', fence: 3 }],
  ])('%s refuses a start at once and is left as it is (P14)', async (_, tenure, holder) => {
    const deployment = newDeployment();
    await openClient().hset(keyOf(deployment), tenure);
    const before = await openClient().hgetall(keyOf(deployment));
    expect(await start(engine('one', deployment, OLD), OLD)).toMatchObject({
      kind: 'foreign',
      holder,
    });
    expect(await openClient().hgetall(keyOf(deployment))).toEqual(before);
  });

  test('that was handed back is free, and the fence goes on', async () => {
    const deployment = newDeployment();
    await openClient().hset(keyOf(deployment), { ...oldTenure(3, whenever), isReleased: '1' });
    expect(await reports(engine('one', deployment, OLD), OLD)).toEqual([]);
    expect(await openClient().hgetall(keyOf(deployment))).toMatchObject({
      ...{ fence: '4', host: 'one', engineVersion: '1.0.0', protocol: `${LEASE_PROTOCOL}` },
    });
  });

  test('that came over ours is told from ours, and never overtaken', async () => {
    const deployment = newDeployment();
    const one = engine('one', deployment, OLD);
    await claim(one);
    // It takes what it knows and leaves the rest, so that our own version still stands there.
    await openClient().hset(keyOf(deployment), oldTenure(2, 1));
    const holder = { host: 'old', fence: 2, protocol: 1, engineVersion: '', configHash: '' };
    expect(await claim(one, 1)).toMatchObject({ kind: 'other', holder });
    expect(await claim(one, 41)).toMatchObject({ kind: 'other', holder });
  });
});

describe.runIf(hasRedis)('an engine of another version', () => {
  test('is named with it while it lives, and when it took over', async () => {
    const deployment = newDeployment();
    const first = await start(engine('one', deployment, OLD), OLD);
    if (first.kind !== 'held') throw new Error('the first must have it');
    expect(await start(engine('two', deployment, NEW), NEW)).toMatchObject({
      kind: 'refused',
      holder: { host: 'one', engineVersion: '1.0.0' },
    });
    await openClient().hset(keyOf(deployment), {
      renewedAtMs: 1,
      token: 'dead',
      partToken: 'dead',
    });
    expect(await claim(engine('three', deployment, NEW))).toMatchObject({ kind: 'held', fence: 2 });
    const heard: LeaseReport[] = [];
    first.lease.onReport((report) => heard.push(report));
    await pause(LEASE_MS / 2);
    expect(heard).toMatchObject([
      { type: 'lease.superseded', holder: { host: 'three', fence: 2, engineVersion: '1.1.0' } },
    ]);
  });

  test.each([
    ['another version', NEW],
    ['another configuration', TIGHT],
  ])('with %s that died with the lease is told to the next', async (_, ours) => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    const heard = await reports(engine('next', deployment, ours), ours);
    const from = { host: 'dead', pid: 7, dataFolder: '/data/dead', fence: 1, ...OLD };
    expect(heard).toEqual([
      { type: 'lease.inherited', from: { ...from, protocol: LEASE_PROTOCOL }, ours },
    ]);
  });

  test('that handed the lease back is nobody’s news, nor is the same one that died', async () => {
    const deployment = newDeployment();
    await claim(engine('before', deployment, NEW));
    await leases.pop()?.release();
    expect(await reports(engine('next', deployment, OLD), OLD)).toEqual([]);
    await claim(engine('dead', deployment, OLD));
    expect(await reports(engine('again', deployment, OLD), OLD)).toEqual([]);
  });
});

describe.runIf(hasRedis)('a start over a dead engine that never begins to work', () => {
  /** Takes the lease over, and ends before its engine has recorded anything. */
  async function fails(authority: RedisLease, identity: EngineIdentity): Promise<void> {
    const begun = await start(authority, identity);
    if (begun.kind !== 'held') throw new Error(`the lease must be had, not ${begun.kind}`);
    await begun.lease.release();
  }
  const fromDead = { type: 'lease.inherited', from: { host: 'dead', fence: 1, ...OLD } };

  test('leaves it to the next to hear who died, without a wait, however often', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    await fails(engine('first', deployment, NEW), NEW);
    await fails(engine('same', deployment, OLD), OLD);
    await fails(engine('second', deployment, TIGHT), TIGHT);
    const next = engine('next', deployment, NEW);
    expect(await claim(next)).toMatchObject({
      ...{ kind: 'held', fence: 5, isHandedOver: true },
      from: { host: 'dead', pid: 7, dataFolder: '/data/dead', fence: 1, ...OLD },
    });
    await next.release();
    expect(await reports(engine('again', deployment, NEW), NEW)).toMatchObject([fromDead]);
    expect(await reports(engine('as before', deployment, OLD), OLD)).toEqual([]);
  });

  test('and is killed leaves it too', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    await pause(LEASE_MS + 20);
    const brief = engine('brief', deployment, NEW);
    expect(await claim(brief)).toMatchObject({ kind: 'held', fence: 2, isHandedOver: false });
    expect(await claim(brief, 2)).toMatchObject({ kind: 'held', isNew: false });
    expect(await reports(engine('next', deployment, NEW), NEW)).toMatchObject([fromDead]);
  });

  test('is forgotten with one that begins and ends cleanly', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    const begun = await start(engine('next', deployment, NEW), NEW);
    if (begun.kind !== 'held') throw new Error('the next must have it');
    begun.lease.confirm();
    await begun.lease.release();
    expect(await reports(engine('last', deployment, TIGHT), TIGHT)).toEqual([]);
  });

  test('is forgotten with one that begins and dies, which is told itself', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    await pause(LEASE_MS + 20);
    const next = engine('next', deployment, NEW);
    await claim(next);
    next.confirm();
    await claim(next, 2);
    expect(await reports(engine('last', deployment, OLD), OLD)).toMatchObject([
      { type: 'lease.inherited', from: { host: 'next', fence: 2, ...NEW } },
    ]);
  });

  test('is forgotten with one of before the protocol had a number', async () => {
    const deployment = newDeployment();
    await claim(engine('dead', deployment, OLD));
    await fails(engine('first', deployment, NEW), NEW);
    // It worked in between, was stopped, and left what it does not know as it was.
    await openClient().hset(keyOf(deployment), { ...oldTenure(3, whenever), isReleased: '1' });
    expect(await reports(engine('next', deployment, NEW), NEW)).toEqual([]);
    expect(await openClient().hget(keyOf(deployment), 'from')).toBeNull();
  });
});
