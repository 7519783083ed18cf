// Runs written by hand in which one word about orders, fills or exposure is wrong.
import { describe, expect, it } from 'vitest';

import { minus, toUsd } from '../../src/domain/index.ts';
import { firstSent, inTime, stepOf, verdict } from './written-changes.ts';
import type { Row } from './written-changes.ts';
import { instrument, moved, order, step } from './written-run.ts';
import type { Json, WrittenRun, WrittenStep } from './written-run.ts';
import { execute, heard } from './written-trade.ts';

/** At venue a, on the day's last quiet minute: 40 USD leave, and the engine hears of it. */
function withdraw(run: WrittenRun): void {
  const { ledger, transfers, balanceUsd } = run.venues.a;
  const made = {
    transferId: 'm1',
    kind: 'withdrawal',
    amountUsd: '-40',
    madeAtMs: 60_000,
  } as const;
  transfers.push(made);
  run.venues.a.balanceUsd = minus(toUsd(balanceUsd), toUsd('40'));
  ledger.push({
    ...{ ordinal: ledger.length + 1, atMs: 60_000, kind: 'withdrawal', amountUsd: '-40' },
    ...{ balanceUsd: run.venues.a.balanceUsd, instrumentId: '', fillId: '' },
  });
  run.steps.push(transferred(run, 'm1'));
}

function transferred(run: WrittenRun, transferId: string): WrittenStep {
  const made = run.venues.a.transfers.find((each) => each.transferId === transferId);
  return step(60_010, { type: 'transfer.made', transfer: { venueId: 'a', ...made } });
}

const ROWS: readonly Row[] = [
  [
    'I1',
    'an order left before its record was safe',
    (run) => {
      for (const sent of firstSent(run)) sent.atMs = 1_000;
    },
  ],
  [
    'I1',
    'an order left whose record was never safe',
    (run) => {
      stepOf(run, 'opportunity.found').durableAtMs = null;
    },
  ],
  [
    'I1',
    'an order left that no record asks for',
    (run) => {
      for (const sent of firstSent(run)) run.sent.push({ ...sent, kind: 'query', atMs: 5_000 });
    },
  ],
  [
    'I1',
    'an order left with another quantity',
    (run) => {
      for (const sent of firstSent(run)) sent.qty = '0.31';
    },
  ],
  [
    'I2',
    'an order was sent twice',
    (run) => {
      for (const sent of firstSent(run)) run.sent.push({ ...sent, atMs: 1_400 });
    },
  ],
  [
    'I2',
    'a venue took one id twice',
    (run) => {
      run.venues.a.orders.push(...run.venues.a.orders.slice(1, 2));
    },
  ],
  [
    'I3',
    'an execution was never heard of',
    (run) => {
      const fill = { ...(stepOf(run, 'order.filled').input['fill'] as Json) };
      run.venues.a.positions.push({ instrumentId: instrument('a'), qty: '0' });
      expect(fill['fillId']).toBeDefined();
      for (const own of run.venues.a.executions.slice(0, 1)) {
        execute(run, 'a', { ...own, fillId: 'unheard', clientOrderId: order('a', 1) });
      }
    },
  ],
  [
    'I3',
    'a fill is journaled at another price',
    (run) => {
      const { input } = stepOf(run, 'order.filled');
      input['fill'] = { ...(input['fill'] as Json), price: '999' };
    },
  ],
  [
    'I3',
    'the venue holds what the engine does not know',
    (run) => {
      run.venues.b.positions.push({ instrumentId: instrument('b'), qty: '0.3' });
    },
  ],
  [
    'I3',
    'a payment is counted twice',
    (run) => {
      inTime(run, { ...stepOf(run, 'funding.paid'), atMs: 20_020 });
    },
  ],
  [
    'I3',
    'a withdrawal was never heard of',
    (run) => {
      withdraw(run);
      run.steps.pop();
    },
  ],
  [
    'I3',
    'a withdrawal is journaled that no venue made',
    (run) => {
      withdraw(run);
      run.venues.a.transfers.pop();
    },
  ],
  [
    'I18',
    'a withdrawal is journaled with another amount',
    (run) => {
      withdraw(run);
      const { input } = stepOf(run, 'transfer.made');
      input['transfer'] = { ...(input['transfer'] as Json), amountUsd: '-41' };
    },
  ],
  [
    'I18',
    'a withdrawal is no entry of the venue',
    (run) => {
      withdraw(run);
      const { transfers } = run.venues.a;
      for (const each of [...transfers]) transfers.push({ ...each, transferId: 'm2' });
      run.steps.push(transferred(run, 'm2'));
    },
  ],
  [
    'I4',
    'a leg stood alone for two seconds',
    (run) => {
      for (const fill of run.venues.b.executions.slice(0, 2)) fill.filledAtMs = 3_000;
    },
  ],
  [
    'I4',
    'the engine knew a leg alone and did nothing',
    (run) => {
      for (const at of [2, 3]) stepOf(run, 'order.filled', at).atMs = 1_900;
      run.steps.sort((left, right) => left.atMs - right.atMs);
    },
  ],
  [
    'I4',
    'a leg grew beyond its plan',
    (run) => {
      for (const own of run.venues.a.executions.slice(0, 1))
        execute(run, 'a', { ...own, fillId: 'more' });
    },
  ],
  [
    'I5',
    'an order without an answer became rejected',
    (run) => {
      run.steps.push(
        step(50_000, { type: 'timer.fired' }, [
          moved('t1.a', 'unknown', 'rejected', { order: { clientOrderId: order('a', 2) } }),
        ]),
      );
    },
  ],
  [
    'I5',
    'an order was taken for absent too early',
    (run) => {
      const answer = {
        type: 'order.answered',
        clientOrderId: order('a', 2),
        evidence: { kind: 'absent' },
      };
      run.steps.push(
        step(41_000, answer, [
          moved('t1.a', 'unknown', 'rejected', { order: { clientOrderId: order('a', 2) } }),
        ]),
      );
    },
  ],
  [
    'I5',
    'a refusal is journaled that no venue made',
    (run) => {
      run.steps.push(step(50_000, { type: 'order.rejected', clientOrderId: order('a', 2) }));
    },
  ],
  [
    'I6',
    'a fill was heard and not counted',
    (run) => {
      for (const transition of stepOf(run, 'order.filled', 1).transitions) {
        const changed = transition['changed'] as Json;
        if (transition['actor'] === 't1.a') changed['countedFills'] = [];
      }
    },
  ],
  [
    'I6',
    'a fill was counted twice',
    (run) => {
      run.steps.push(heard(run, 41_000, stepOf(run, 'order.filled', 7).input['fill'] as Json));
    },
  ],
];

it('finds nothing wrong with a withdrawal that is told', () => {
  expect(verdict(withdraw)).toEqual([]);
});

describe('the checker', () => {
  it.each(ROWS)('speaks of %s: %s', (invariant, _, change) => {
    expect(verdict(change)).toContain(invariant);
  });
});
