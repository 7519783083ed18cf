// The lease at the effect gate, with whole engines in virtual time: a sure holder loses no time,
// and one that is cut off from the authority only takes exposure away.
import { describe, expect, test } from 'vitest';
import { LEASE_PROTOCOL, toQty, toRejectCode } from '../../src/domain/index.ts';
import type { Lease } from '../../src/ports/index.ts';
import { OrderGate } from '../../src/runtime/order-gate.ts';
import { soleLease } from '../../src/runtime/sole-lease.ts';
import { fillWhole, LEASE_MS, newsIn, placedAt, World } from './leased-world.ts';
import { runStarted } from '../machines/carry-plan.ts';
import { Shell } from './shell.ts';

const lastOf = (shell: Shell) => shell.journal.records.at(-1)?.input;
const rejections = (shell: Shell) =>
  shell.journal.records.flatMap(({ input }) =>
    input.type === 'order.rejected' ? [input.code] : [],
  );

describe('a holder that was heard of lately', () => {
  test('places at once and asks nobody', () => {
    const { shell, view } = new World().engine('one');
    shell.propose();
    expect(placedAt(shell)).toBe(2);
    expect(view.asked).toBe(0);
  });

  test('renews five times in a lease, and is sure for ever while that works', () => {
    const world = new World();
    const { shell, view } = world.engine('one');
    world.wait(600_000);
    expect(view.asked).toBe((600_000 / LEASE_MS) * 5);
    shell.propose();
    expect(placedAt(shell)).toBe(2);
    expect(view.asked).toBe(1_000);
  });

  test('hands it back on release, and the next one need not wait', async () => {
    const world = new World();
    const { lease } = world.engine('one');
    await lease.release();
    expect(world.record.claim('two', 0)).toMatchObject({
      kind: 'held',
      fence: 2,
      isHandedOver: true,
    });
  });
});

describe('a holder whose authority is away (S12)', () => {
  test.each(['cut', 'silent'] as const)('refuses entries: line %s', (line) => {
    const world = new World();
    const { shell, view } = world.engine('one');
    view.line = line;
    world.wait(2_000);
    shell.propose();
    expect(placedAt(shell)).toBe(0);
    const changes = shell.journal.records.flatMap(({ transitions }) => transitions);
    const refused = changes.findLast(({ changed }) => 'lastRefusal' in changed);
    expect(refused?.changed['lastRefusal']).toMatchObject({ gate: 'lease', found: 'unreachable' });
    expect(newsIn(shell)).toMatchObject([{ type: 'lease.unreachable' }]);
    expect(shell.kernel.openTrades().length + shell.kernel.movingTrades().length).toBe(0);
    expect(shell.failures).toEqual([]);
  });

  test('hedges the leg that was left alone', () => {
    const world = new World();
    const { shell, view } = world.engine('one');
    shell.propose();
    const [first] = shell.okx.placed;
    const [second] = shell.bybit.placed;
    if (first === undefined || second === undefined) throw new Error('both must be placed');
    view.line = 'cut';
    world.wait(100);
    fillWhole(shell, first);
    const { clientOrderId } = second;
    const code = toRejectCode('venue.no');
    shell.bybit.say({ type: 'order.rejected', clientOrderId, code, message: '' });
    world.wait(600);
    expect(placedAt(shell)).toBeGreaterThan(2);
    expect(shell.okx.placed.at(-1)).toMatchObject({
      side: 'sell',
      reduceOnly: true,
      qty: toQty(1),
    });
    expect(rejections(shell)).toEqual(['venue.no']);
  });

  test.each([
    { side: 'sell', reduceOnly: false, goes: true, why: 'works against what the first leg holds' },
    { side: 'buy', reduceOnly: false, goes: false, why: 'adds to what the first leg holds' },
    { side: 'buy', reduceOnly: true, goes: true, why: 'can only reduce' },
  ] as const)('lets an order go that takes exposure away: $why', ({ goes, ...change }) => {
    const { shell } = new World().engine('one');
    shell.propose();
    const first = shell.okx.placed[0] ?? expect.fail('it must be placed');
    fillWhole(shell, first);
    const passed: string[] = [];
    const gate = new OrderGate({
      lease: { ...soleLease, standing: () => ({ kind: 'unreachable', cause: 'line cut' }) },
      trade: (tradeId) => shell.kernel.trade(tradeId),
      refuse: (_order, code, message) => passed.push(`${code}: ${message}`),
      isClosed: () => false,
    });
    gate.pass({ order: { ...first, ...change }, go: () => passed.push('went') });
    expect(passed).toEqual([goes ? 'went' : 'lease.unreachable: line cut']);
  });

  test('goes on when it is back and nobody else came, and says so', () => {
    const world = new World();
    const { shell, view } = world.engine('one');
    view.line = 'cut';
    world.wait(60_000);
    view.line = 'good';
    world.wait(LEASE_MS / 5);
    shell.propose();
    expect(placedAt(shell)).toBe(2);
    expect(newsIn(shell)).toMatchObject([
      { type: 'lease.unreachable' },
      { type: 'lease.recovered', awayMs: 60_000 },
    ]);
    expect(shell.alerts.map(({ code }) => code)).toEqual(['LEASE_UNREACHABLE', 'LEASE_RECOVERED']);
  });

  test('is superseded when it is back and somebody else came', () => {
    const world = new World();
    const one = world.engine('one');
    one.view.line = 'silent';
    world.wait(2 * LEASE_MS);
    world.engine('two');
    one.view.line = 'good';
    world.wait(LEASE_MS / 5);
    one.shell.propose();
    expect(placedAt(one.shell)).toBe(0);
    expect(newsIn(one.shell)).toMatchObject([
      { type: 'lease.unreachable' },
      { type: 'lease.superseded' },
    ]);
    expect(one.shell.failures).toHaveLength(1);
  });

  test('and that was stopped as well asks anew before it believes that nobody answers', () => {
    const world = new World();
    const one = world.engine('one');
    one.view.line = 'cut';
    world.wait(1_000);
    expect(one.lease.standing()).toMatchObject({ kind: 'unreachable', cause: 'line cut' });
    one.clock.stop();
    one.view.line = 'good';
    world.wait(LEASE_MS);
    world.engine('two');
    expect(one.lease.standing()).toEqual({ kind: 'doubtful' });
  });
});

test('a superseded lease lets nothing through, also where nobody has ended the run yet', () => {
  const { shell } = new World().engine('one');
  shell.propose();
  const order = shell.okx.placed[0] ?? expect.fail('it must be placed');
  const place = { host: 'two', pid: 1, dataFolder: '/two' };
  const identity = { protocol: LEASE_PROTOCOL, engineVersion: '1.0.0', configHash: 'c' };
  const holder = { fence: 2, ...place, ...identity };
  const passed: string[] = [];
  const gate = new OrderGate({
    lease: { ...soleLease, standing: () => ({ kind: 'superseded', holder }) },
    trade: (tradeId) => shell.kernel.trade(tradeId),
    refuse: () => passed.push('refused'),
    isClosed: () => false,
  });
  for (const each of [order, { ...order, reduceOnly: true }, undefined]) {
    gate.pass({ order: each, go: () => passed.push('went') });
  }
  expect(passed).toEqual([]);
});

test('an authority that forgot begins a new tenure with a greater fence, and says so (S13)', () => {
  const world = new World();
  const { shell, lease } = world.engine('one');
  world.record.forget();
  world.wait(LEASE_MS / 5);
  expect(newsIn(shell)).toEqual([{ type: 'lease.forgotten', fence: 2 }]);
  expect(shell.alerts).toMatchObject([{ code: 'LEASE_FORGOTTEN', key: 'lease' }]);
  expect(lease.fence).toBe(2);
  shell.propose();
  expect(placedAt(shell)).toBe(2);
});

test('where it forgot and another was faster, the first is superseded with a greater fence', () => {
  const world = new World();
  const one = world.engine('one');
  world.record.forget();
  world.engine('two');
  world.wait(LEASE_MS / 5);
  expect(one.shell.failures).toHaveLength(1);
  one.shell.propose();
  expect(lastOf(one.shell)?.type).toBe('lease.superseded');
});

test('an engine that began says so to the authority of its lease', () => {
  expect(new World().engine('one').view.isConfirmed).toBe(true);
});

describe('a lease that was inherited', () => {
  const OTHER = { engineVersion: '0.9.0', configHash: 'd' };
  const holder = { fence: 1, host: 'dead', pid: 1, dataFolder: '/dead', protocol: LEASE_PROTOCOL };
  const from = { ...holder, ...OTHER };
  const ours = { engineVersion: '1.0.0', configHash: 'c' };

  function begun() {
    let confirmed = 0;
    const lease: Lease = {
      ...soleLease,
      onReport: (then) => then({ type: 'lease.inherited', from, ours }),
      confirm: () => (confirmed += 1),
    };
    const shell = new Shell({ lease });
    return { shell, confirmed: () => confirmed };
  }

  test('is confirmed when the record of it is on disk, and not before', () => {
    const { shell, confirmed } = begun();
    shell.engine.begin(runStarted());
    expect(shell.heard.at(-1)).toBe('lease.inherited');
    expect(confirmed()).toBe(0);
    shell.journal.sync();
    expect(confirmed()).toBe(1);
  });

  test('is never confirmed by an engine whose journal fails as it begins', () => {
    const { shell, confirmed } = begun();
    shell.journal.fail(new Error('disk full'));
    shell.engine.begin(runStarted());
    shell.journal.sync();
    expect(confirmed()).toBe(0);
  });
});
