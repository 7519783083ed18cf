// The shell keeps its order: journal before effect, timers before later inputs, and nothing after a
// failure.
import { describe, expect, test } from 'vitest';
import { toFillId, toMs, toRejectCode, toUsd, toVenueId } from '../../src/domain/index.ts';
import { carryPlan, proposal, START_AT_MS } from '../machines/carry-plan.ts';
import { fillWhole } from './leased-world.ts';
import { Shell } from './shell.ts';

describe('nothing reaches a venue', () => {
  test('before the record that asked for it is durable', () => {
    const shell = Shell.running();
    shell.propose();
    expect(shell.journal.records.at(-1)?.effects.map(({ type }) => type)).toContain('order.place');
    expect(shell.calls).toEqual([]);
    shell.journal.sync();
    expect(shell.calls).toEqual(['okx place', 'bybit place']);
    shell.journal.sync();
    expect(shell.calls).toHaveLength(2);
  });

  test('out of order: a question waits behind the order that it asks about', () => {
    const shell = Shell.running();
    shell.propose();
    shell.wait(300);
    expect(shell.calls).toEqual([]);
    shell.journal.sync();
    expect(shell.calls).toEqual(['okx place', 'bybit place', 'okx query', 'bybit query']);
  });
});

describe('inputs are stepped one by one', () => {
  test('and a timer that is due comes before an input of the same instant', () => {
    const shell = Shell.running();
    const dueAtMs = toMs(START_AT_MS + 300);
    shell.clock.schedule(dueAtMs, () =>
      shell.engine.accept({ type: 'operator.halt', reason: 'lunch' }),
    );
    shell.propose();
    shell.wait(300);
    expect(shell.heard.slice(-3)).toEqual(['timer.fired', 'timer.fired', 'operator.halt']);
    expect(shell.journal.records.slice(-3).map(({ atMs }) => atMs)).toEqual([
      dueAtMs,
      dueAtMs,
      dueAtMs,
    ]);
  });

  test('also when a venue answers before the call returns', () => {
    const shell = Shell.running();
    shell.journal.isInstant = true;
    for (const venue of [shell.okx, shell.bybit]) {
      venue.onPlace = (order) => fillWhole(shell, order);
    }
    shell.propose();
    expect(shell.heard.slice(-5)).toEqual([
      'opportunity.found',
      ...['order.accepted', 'order.filled', 'order.accepted', 'order.filled'],
    ]);
    const moves = shell.journal.records.flatMap(({ transitions }) => transitions);
    expect(moves.findLast(({ actor }) => actor === 't1')?.to).toBe('OPEN');
    expect(shell.failures).toEqual([]);
  });

  test('and a wish for a quote is answered at once, with nothing where there is no book', () => {
    const shell = Shell.running();
    shell.journal.isInstant = true;
    const code = toRejectCode('venue.no');
    shell.okx.onPlace = ({ clientOrderId }) =>
      shell.okx.say({ type: 'order.rejected', clientOrderId, code, message: '' });
    shell.propose();
    const [order] = shell.bybit.placed;
    if (order === undefined) throw new Error('bybit must have an order');
    const { clientOrderId, instrumentId, venueId, side, qty, limitPrice } = order;
    const fill = {
      ...{ clientOrderId, instrumentId, venueId, side, qty, price: limitPrice },
      ...{ fillId: toFillId('f1'), feeUsd: toUsd('5') },
      ...{ liquidity: 'taker' as const, filledAtMs: shell.clock.nowMs() },
    };
    shell.bybit.say({ type: 'order.filled', fill });
    // The chase finds no quote and panics; the panic goes on without one.
    expect(shell.heard.slice(-3)).toEqual(['order.filled', 'quote.answered', 'quote.answered']);
    expect(shell.bybit.placed.at(-1)).toMatchObject({ side: 'buy', reduceOnly: true });
    expect(shell.alerts.map(({ code }) => code)).toEqual(['TRADE_PANIC']);
  });
});

describe('a failure stops everything, and is told once', () => {
  const failed = (shell: Shell): readonly string[] => shell.failures.map(({ message }) => message);

  test('when the journal fails by itself', () => {
    const shell = Shell.running();
    shell.propose();
    const count = shell.journal.records.length;
    shell.journal.fail(new Error('disk full'));
    shell.journal.fail(new Error('disk full again'));
    shell.propose();
    shell.wait(10_000);
    shell.journal.sync();
    expect(failed(shell)).toEqual(['disk full']);
    expect(shell.journal.records).toHaveLength(count);
    expect(shell.calls).toEqual([]);
    expect(shell.clock.nextDueAtMs()).toBeUndefined();
  });

  test('when the journal does not take a record', () => {
    const shell = Shell.running();
    shell.journal.onFailure(() => undefined);
    shell.journal.fail(new Error('disk full'));
    shell.propose();
    shell.propose();
    expect(failed(shell)).toEqual(['disk full']);
    expect(shell.calls).toEqual([]);
  });

  test('when a machine faults', () => {
    const shell = Shell.running();
    const plan = { ...carryPlan(), legs: null as never };
    shell.engine.accept({ ...proposal(carryPlan(), shell.clock.nowMs()), plan });
    shell.propose();
    expect(failed(shell)).toEqual(['the machines faulted on opportunity.found for scanner']);
    expect(shell.heard.at(-1)).toBe('account.reported');
  });

  test('when more inputs wait than any burst explains', () => {
    const shell = Shell.running();
    shell.onStep = () => {
      for (let count = 0; count <= 100_000; count += 1) {
        shell.engine.accept({ type: 'operator.resume' });
      }
    };
    shell.engine.accept({ type: 'operator.resume' });
    expect(failed(shell)).toEqual(['100000 inputs are waiting: the engine does not keep up']);
    expect(shell.heard.filter((type) => type === 'operator.resume')).toHaveLength(1);
  });

  test('when a venue cannot be spoken to, or is not there', () => {
    const shell = Shell.running();
    shell.okx.onPlace = () => {
      throw new Error('socket gone');
    };
    shell.propose();
    shell.journal.sync();
    expect(failed(shell)).toEqual(['socket gone']);
    expect(shell.calls).toEqual(['okx place']);

    const other = Shell.running();
    const plan = carryPlan();
    const legs = plan.legs.map((leg) => ({ ...leg, venueId: toVenueId('nowhere') }));
    other.engine.accept({ type: 'account.reported', report: accountOf('nowhere') });
    other.engine.accept({ ...proposal(plan, other.clock.nowMs()), plan: { ...plan, legs } });
    expect(failed(other)).toEqual(['venue nowhere must be configured to be traded on']);
  });
});

test('a closed shell sets no alarm and takes nothing', () => {
  const shell = Shell.running();
  shell.propose();
  shell.engine.close();
  const count = shell.journal.records.length;
  shell.wait(60_000);
  shell.engine.accept({ type: 'operator.resume' });
  expect(shell.journal.records).toHaveLength(count);
  expect(shell.failures).toEqual([]);
});

const accountOf = (name: string) => ({
  ...{ venueId: toVenueId(name), askedAtMs: START_AT_MS },
  equityUsd: toUsd('100000'),
  marginUsedUsd: toUsd('0'),
  positions: [],
});
