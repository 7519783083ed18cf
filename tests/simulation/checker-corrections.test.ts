// Runs written by hand in which a trade takes over what its venue says that it holds.
import { expect, it } from 'vitest';

import { inTime, verdict } from './written-changes.ts';
import { instrument, moved, step } from './written-run.ts';
import type { Json, WrittenRun } from './written-run.ts';

const B = { positionQty: '-0.3', feesUsd: '0.15' };
const fullA = { positionQty: '0.3', feesUsd: '0.15' };
const lessA = { positionQty: '0.2', feesUsd: '0.15', correction: { unexplainedQty: '-0.1' } };

/** At 30,000 venue a reports a quantity, and the trade takes over another or the same. */
function report(run: WrittenRun, qty: string, a: Json, state: string): void {
  const positions = [{ instrumentId: instrument('a'), qty }];
  const input = { type: 'account.reported', report: { venueId: 'a', positions } };
  inTime(run, step(30_000, input, [moved('t1', 'OPEN', state, { legs: { a, b: B } })]));
}

it('lets a trade hold what its venue reports, until the fill is heard', () => {
  expect(verdict((run) => report(run, '0.2', lessA, 'PANIC.flattening'))).toEqual([]);
});

it('finds a trade that holds something else than was reported', () => {
  expect(verdict((run) => report(run, '0.25', lessA, 'PANIC.flattening'))).toEqual(['I6']);
});

it('finds what was unexplained and is gone, with no fill that explains it', () => {
  const found = verdict((run) => {
    report(run, '0.2', lessA, 'PANIC.flattening');
    const legs = { a: fullA, b: B };
    inTime(run, step(31_000, { type: 'timer.fired' }, [moved('t1', 'PANIC', 'PANIC', { legs })]));
  });
  expect(found).toEqual(['I6']);
});

it('finds a fill that explains more than its own quantity', () => {
  const found = verdict((run) => {
    const odd = { ...lessA, positionQty: '-0.2', correction: { unexplainedQty: '-0.5' } };
    report(run, '-0.2', odd, 'PANIC.flattening');
  });
  expect(found).toContain('I6');
});

it('finds a leg that a report leaves alone and nobody panics', () => {
  expect(verdict((run) => report(run, '0.2', lessA, 'OPEN'))).toEqual(['I4']);
});

it('finds a risk-guard that counts something else than the trade', () => {
  const exposures = { t1: { positions: { [instrument('a')]: '0.3', [instrument('b')]: '-0.2' } } };
  const found = verdict((run) => {
    const guard = moved('risk-guard', 'watching', 'watching', { exposures });
    inTime(run, step(30_000, { type: 'timer.fired' }, [guard]));
  });
  expect(found).toEqual(['I6']);
});
