// Runs written by hand in which one word about data, journal, limits or commands is wrong.
import { describe, expect, it } from 'vitest';

import { alarm, command, given, inTime, restart, stepOf, verdict } from './written-changes.ts';
import type { Row } from './written-changes.ts';
import { instrument, moved, step } from './written-run.ts';
import type { Json, WrittenRun } from './written-run.ts';

/** The first life ended for that cause, and a second one goes on. */
function ended(run: WrittenRun, cause: string): void {
  restart(run, 'run.resumed');
  run.rest.lives = run.rest.lives.map((life) => (life.life === 1 ? { ...life, cause } : life));
}

const ROWS: readonly Row[] = [
  [
    'I7',
    'a trade was entered on a gapped book',
    (run) => {
      run.rest.badData.push({
        instrumentId: instrument('a'),
        kind: 'gapped',
        fromAtMs: 900,
        toAtMs: 1_100,
      });
    },
  ],
  [
    'I7',
    'a trade was entered on stale data',
    (run) => {
      run.rest.badData.push({
        instrumentId: instrument('b'),
        kind: 'stale',
        fromAtMs: 900,
        toAtMs: 1_100,
      });
    },
  ],
  ['I8', 'a restart began anew', (run) => restart(run, 'account.reported')],
  [
    'I8',
    'the same inputs come out differently',
    (run) => {
      run.rest.replay = { headHash: 'f'.repeat(64), divergedAtSeq: null };
    },
  ],
  [
    'I9',
    'a restarted engine still reconciles after 5 s',
    (run) => {
      restart(run, 'run.resumed');
      run.steps.at(-1)?.transitions.push(moved('engine', 'running', 'reconciling'));
      run.steps.push({ ...step(80_000, { type: 'x' }, [moved('engine', '', 'running')]), life: 2 });
    },
  ],
  [
    'I10',
    'a trade was entered after a contradiction',
    (run) => {
      stepOf(run, 'account.reported').effects.push(alarm);
      run.rest.faults.push({ kind: 'fill-late', fromAtMs: 0, toAtMs: 100 });
    },
  ],
  [
    'I10',
    'a contradiction is raised where there is none',
    (run) => {
      run.steps.push(step(100_000, { type: 'account.reported' }, [], [alarm]));
    },
  ],
  [
    'I10',
    'a fill of our own is taken for a stranger’s',
    (run) => {
      run.rest.faults.push({ kind: 'fill-late', fromAtMs: 0, toAtMs: 100 });
      stepOf(run, 'order.filled').effects.push({ ...alarm, code: 'FOREIGN_FILL' });
    },
  ],
  [
    'I11',
    'an entry left after a kill',
    (run) => {
      given(run, 900, 'operator.kill');
      inTime(run, step(900, { type: 'operator.kill', reason: 'test' }));
    },
  ],
  [
    'I11',
    'a killed engine ran again by itself',
    (run) => {
      given(run, 60_000, 'operator.kill');
      command(run, 60_000, 'operator.kill', [moved('engine', 'running', 'killed')]);
      run.steps.push(step(70_000, { type: 'x' }, [moved('engine', 'killed', 'running')]));
    },
  ],
  [
    'I12',
    'more trades were open than allowed',
    (run) => (run.rest.limits = { ...run.rest.limits, openTradesMax: 0 }),
  ],
  [
    'I12',
    'a trade was worth more than allowed',
    (run) => {
      run.rest.limits = { ...run.rest.limits, tradeNotionalUsdMax: '299.99' };
    },
  ],
  [
    'I12',
    'a venue would bind more margin than allowed',
    (run) => {
      run.rest.limits = { ...run.rest.limits, marginUsageMax: '0.0299' };
    },
  ],
  [
    'I13',
    'a queue grew beyond its limit',
    (run) => {
      run.rest.queues.push({ name: 'inputs', highest: 11, limit: 10 });
    },
  ],
  [
    'I14',
    'an engine without the lease placed an order',
    (run) => {
      run.rest.leases.push({ engineId: 'b', fence: 2, fromAtMs: 0, toAtMs: 120_000 });
    },
  ],
  [
    'I15',
    'an order is unknown at the end',
    (run) => {
      run.steps.push(step(60_000, { type: 'x' }, [moved('t1.a', 'sent', 'unknown')]));
    },
  ],
  [
    'I15',
    'a leg is alone at the end',
    (run) => {
      run.venues.b.executions.splice(2);
      run.rest.endedAtMs = 121_000;
    },
  ],
  [
    'I15',
    'the engine does not run although nobody stopped it',
    (run) => {
      run.steps.push(step(60_000, { type: 'x' }, [moved('engine', 'running', 'halted')]));
    },
  ],
  [
    'I15',
    'no engine runs at the end',
    (run) => {
      run.rest.lives = run.rest.lives.map((life) => ({
        ...life,
        endedAtMs: 90_000,
        cause: 'killed',
      }));
    },
  ],
  [
    'I15',
    'an engine that threw was started again',
    (run) => ended(run, 'failed: the machines faulted on order.filled for t1'),
  ],
  [
    'I15',
    'an engine ended for a full disk that was not full',
    (run) => ended(run, 'failed: journal: disk full'),
  ],
  [
    'I15',
    'one market is not seen at the end',
    (run) => {
      run.steps.push(step(60_000, { type: 'x' }, [moved('stream:b', 'healthy', 'stale')]));
    },
  ],
  [
    'I15',
    'accounts are asked for no more',
    (run) => {
      stepOf(run, 'run.started').input['limits'] = { accountEveryMs: 10_000 };
    },
  ],
  [
    'I16',
    'a command was journaled twice',
    (run) => {
      given(run, 100_000, 'operator.halt');
      command(run, 100_000, 'operator.halt');
      command(run, 100_001, 'operator.halt');
    },
  ],
  ['I16', 'a command was not journaled', (run) => given(run, 100_000, 'operator.halt')],
  [
    'I18',
    'a fee is booked rounded down',
    (run) => {
      const { input } = stepOf(run, 'order.filled');
      input['fill'] = { ...(input['fill'] as Json), feeUsd: '0.07' };
    },
  ],
  ['I18', 'entries do not make the balance', (run) => (run.venues.a.balanceUsd = '4999')],
  [
    'I19',
    "a stranger's order was cancelled",
    (run) => {
      for (const foreign of run.venues.a.orders.slice(0, 1)) foreign.fate = 'cancelled';
    },
  ],
  [
    'I19',
    'an order that is not ours was asked about',
    (run) => {
      for (const request of run.venues.a.requests.slice(0, 1)) {
        run.venues.a.requests.push({ ...request, kind: 'query', clientOrderId: 'hand-a' });
      }
    },
  ],
];

describe('the checker', () => {
  it.each(ROWS)('speaks of %s: %s', (invariant, _, change) => {
    expect(verdict(change)).toContain(invariant);
  });
  it.each([
    ['disk full', 'disk-full'],
    ['sync failed', 'sync-error'],
  ])('says nothing of a life that ended for “%s” while there was %s', (said, kind) => {
    const judged = verdict((run) => {
      ended(run, `failed: journal: ${said}`);
      run.rest.faults.push({ kind, fromAtMs: 59_000, toAtMs: 59_000 });
    });
    expect(judged).toEqual(verdict((run) => ended(run, 'killed')));
  });
});
