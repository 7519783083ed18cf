// What waited for the disk: an entry that comes too late, or after a command, does not leave; what
// takes a position away always does.
import { describe, expect, test } from 'vitest';
import type { Fill, OrderRequest } from '../../src/domain/index.ts';
import { toFillId, toMs, toUsd } from '../../src/domain/index.ts';
import { heldBack } from '../../src/runtime/held-back.ts';
import { Shell } from './shell.ts';

describe('an order whose record was long in becoming durable', () => {
  test('is not sent when it would open: it was decided on prices of long ago', () => {
    const shell = Shell.running();
    shell.propose();
    shell.wait(5000);
    shell.journal.sync();
    expect(shell.calls.filter((call) => call.endsWith('place'))).toEqual([]);
    expect(shell.heard.filter((type) => type === 'order.rejected')).toHaveLength(2);
  });

  test.each([
    ['operator.kill'],
    ['operator.halt'],
    ['operator.stop'],
    ['operator.kill', 'operator.resume'],
  ] as const)('is not sent when it would open and %s came first', (...said) => {
    const shell = Shell.running();
    shell.propose();
    for (const type of said) shell.engine.accept({ type, reason: 'drill' });
    shell.journal.sync();
    expect(shell.calls.filter((call) => call.endsWith('place'))).toEqual([]);
    const codes = shell.journal.records.flatMap(({ input }) =>
      input.type === 'order.rejected' ? [input.code] : [],
    );
    expect(codes).toEqual(['engine.overruled', 'engine.overruled']);
  });

  test.each([
    { said: 'operator.halt', side: 'sell', goes: true, why: 'it covers the leg that is alone' },
    { said: 'operator.halt', side: 'buy', goes: false, why: 'it adds to what is held' },
    { said: 'operator.kill', side: 'sell', goes: false, why: 'only reductions go after a kill' },
  ] as const)('after $said: a $side goes: $goes, $why', ({ said, side, goes }) => {
    const shell = Shell.running();
    shell.propose();
    shell.journal.sync();
    const bought = shell.okx.placed[0] ?? expect.fail('it must be placed');
    shell.okx.say({ type: 'order.filled', fill: fillOf(bought) });
    shell.engine.accept({ type: said, reason: 'drill' });
    const order = { ...bought, side };
    const since = { isKilled: said === 'operator.kill', waitedMs: 0 };
    const code = goes ? undefined : 'engine.overruled';
    expect(heldBack(order, shell.kernel, since)?.code).toBe(code);
    const late = { ...since, waitedMs: 5000 };
    expect(heldBack({ ...order, reduceOnly: true }, shell.kernel, late)).toBeUndefined();
  });

  test('is sent all the same when it takes a position away', () => {
    const shell = Shell.running();
    shell.propose();
    shell.journal.sync();
    for (const venue of [shell.okx, shell.bybit]) {
      for (const order of venue.placed) venue.say({ type: 'order.filled', fill: fillOf(order) });
    }
    shell.journal.sync();
    shell.calls.length = 0;
    shell.engine.accept({ type: 'operator.kill', reason: 'drill' });
    shell.wait(5000);
    shell.journal.sync();
    expect(shell.calls.filter((call) => call.endsWith('place'))).toHaveLength(2);
  });
});

const fillOf = (order: OrderRequest): Fill => ({
  fillId: toFillId(`f-${order.clientOrderId}`),
  clientOrderId: order.clientOrderId,
  venueId: order.venueId,
  instrumentId: order.instrumentId,
  side: order.side,
  qty: order.qty,
  price: order.limitPrice,
  feeUsd: toUsd('1'),
  liquidity: 'taker',
  filledAtMs: toMs(0),
});
