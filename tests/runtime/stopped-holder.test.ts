// An engine that was stopped for a while and goes on: before anything is placed it hears whether
// the lease is still its own. Real processes do the same in tests/storage/redis-
// takeover.slow.test.ts.
import { describe, expect, test } from 'vitest';
import { LEASE_MS, newsIn, openTrade, placedAt, World } from './leased-world.ts';

describe('a holder that was stopped', () => {
  test('asks before it places; the order goes when the answer is yes', () => {
    const world = new World();
    const { shell, view, clock } = world.engine('one');
    view.answersAfterMs = 40;
    clock.stop();
    world.wait(LEASE_MS - 1);
    // The books were the first to be seen to; the renewal comes after.
    shell.propose();
    expect(placedAt(shell)).toBe(0);
    world.wait(40);
    expect(shell.calls).toEqual(['okx place', 'bybit place']);
    expect(view.asked).toBe(1);
  });

  test('keeps questions behind the orders that wait', () => {
    const world = new World();
    const { shell, view, clock } = world.engine('one');
    view.answersAfterMs = 240;
    clock.stop();
    world.wait(LEASE_MS - 1);
    shell.propose();
    const [order] = shell.journal.records.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.type === 'order.place' ? [effect.order] : [])),
    );
    if (order === undefined) throw new Error('an order must be wanted');
    shell.okx.say({ type: 'order.unknown', clientOrderId: order.clientOrderId, cause: 'x' });
    expect(shell.calls).toEqual([]);
    world.wait(240);
    expect(shell.calls).toEqual(['okx place', 'bybit place', 'okx query']);
  });

  test.each(['before its renewal', 'after its renewal'])(
    'for longer than its time places nothing %s when another took over (P17)',
    (when) => {
      const world = new World();
      const one = world.engine('one');
      openTrade(one.shell);
      const before = placedAt(one.shell);
      one.clock.stop();
      world.wait(LEASE_MS);
      const two = world.engine('two');
      world.wait(10_000);
      two.shell.propose();
      expect(placedAt(two.shell)).toBe(2);
      if (when === 'after its renewal') one.clock.goOn();
      // A kill wants to leave at once, whatever it costs: even that is not ours any more.
      one.shell.engine.accept({ type: 'operator.kill', reason: 'x' });
      one.shell.propose();
      world.wait(60_000);
      expect(placedAt(one.shell)).toBe(before);
      expect(one.shell.failures.map(({ message }) => message)).toEqual([
        'process 1 on two (data folder /two, fence 2, version 1.0.0) has the lease now: nothing ' +
          'is placed from here any more; see to it that only one engine is started on these accounts',
      ]);
      expect(newsIn(one.shell)).toMatchObject([
        { type: 'lease.superseded', holder: { host: 'two' } },
      ]);
      expect(one.shell.journal.records.at(-1)?.effects).toMatchObject([
        {
          ...{ type: 'alert.raise', severity: 'critical', code: 'LEASE_LOST', key: 'lease' },
          text: expect.stringContaining('fence 2, version 1.0.0) has the lease now'),
        },
      ]);
      expect(two.shell.failures).toEqual([]);
    },
  );

  test('and whose place another took and left again is superseded all the same', async () => {
    const world = new World();
    const one = world.engine('one');
    one.clock.stop();
    world.wait(LEASE_MS);
    const two = world.engine('two');
    await two.lease.release();
    one.clock.goOn();
    one.shell.propose();
    expect(placedAt(one.shell)).toBe(0);
    expect(one.shell.failures).toHaveLength(1);
  });

  test('goes on when its time ran out and nobody came', () => {
    const world = new World();
    const { shell, clock, lease } = world.engine('one');
    clock.stop();
    world.wait(10 * LEASE_MS);
    clock.goOn();
    expect(lease.standing()).toEqual({ kind: 'held' });
    expect(lease.fence).toBe(1);
    shell.propose();
    expect(placedAt(shell)).toBe(2);
  });
});
