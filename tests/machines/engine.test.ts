// The engine from boot to stop, and what its commands do to trades.
import { describe, expect, test } from 'vitest';
import { toPrice, toQty } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual, runStarted } from './carry-plan.ts';
import { Story } from './story.ts';

const asked = (story: Story): number =>
  story.records.flatMap(({ effects }) => effects).filter(({ type }) => type === 'account.ask')
    .length;
const showAccounts = (story: Story): void => {
  for (const venueId of [OKX, BYBIT]) story.tell(account(venueId));
};
const closeBoth = (story: Story): void => {
  for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
  for (const leg of ['a', 'b']) story.fillWhole(leg);
};

describe('the engine reconciles', () => {
  test('until every venue has shown its account, asking again each second', () => {
    const story = new Story();
    story.tell(runStarted());
    expect(asked(story)).toBe(2);
    story.tell(account(OKX));
    story.tell(account(OKX));
    expect(story.kernel.engineState).toBe('reconciling');
    story.wait(1000);
    expect(asked(story)).toBe(3);
    story.tell(account(BYBIT));
    expect(story.kernel.engineState).toBe('running');
  });

  test('also when it was halted meanwhile and resumes', () => {
    const story = new Story();
    story.tell(runStarted());
    story.tell({ type: 'operator.halt', reason: 'wait' });
    story.tell({ type: 'operator.resume' });
    expect(story.kernel.engineState).toBe('reconciling');
    story.tell(account(OKX));
    story.tell(account(BYBIT));
    expect(story.kernel.engineState).toBe('running');
  });
});

describe('a halt', () => {
  test('opens nothing new and lets open trades live', () => {
    const story = Story.open();
    story.tell({ type: 'operator.halt', reason: 'lunch' });
    story.propose(carryPlan('ETH'));
    expect(story.placed).toHaveLength(2);
    story.signalExit();
    closeBoth(story);
    expect(story.ladder).toContain('CLOSED');
    story.tell({ type: 'operator.resume' });
    expect(story.kernel.engineState).toBe('reconciling');
    showAccounts(story);
    story.propose(carryPlan('ETH'));
    expect(story.placed).toHaveLength(6);
  });
});

describe('a resume', () => {
  const mismatched = account(OKX, {
    positions: [
      {
        instrumentId: perpetual(OKX, 'ETH'),
        qty: toQty('3'),
        entryPrice: toPrice('2000'),
        markPrice: toPrice('2000'),
      },
    ],
  });

  test('does not open on accounts that contradict our fills: it halts again and says so', () => {
    const story = Story.running();
    story.tell(mismatched);
    story.tell(mismatched);
    expect(story.kernel.engineState).toBe('halted');
    story.tell({ type: 'operator.resume' });
    story.tell(mismatched);
    story.tell(account(BYBIT));
    expect(story.kernel.engineState).toBe('halted');
    expect(story.alerts).toEqual(['POSITION_MISMATCH', 'POSITION_MISMATCH']);
    story.tell({ type: 'operator.resume' });
    showAccounts(story);
    expect(story.kernel.engineState).toBe('running');
  });
});

describe('a kill', () => {
  test('panics every trade, and stays until an operator resumes', () => {
    const story = Story.open();
    story.propose(carryPlan('ETH'));
    story.tell({ type: 'operator.kill', reason: 'drill' });
    expect(story.kernel.engineState).toBe('killed');
    const moves = story.records.at(-1)?.transitions ?? [];
    expect(moves.filter(({ to }) => to.startsWith('PANIC')).map(({ actor }) => actor)).toEqual(
      expect.arrayContaining(['t1', 't2']),
    );
    story.tell({ type: 'operator.halt', reason: 'too late' });
    expect(story.kernel.engineState).toBe('killed');
    story.tell({ type: 'operator.resume' });
    showAccounts(story);
    expect(story.kernel.engineState).toBe('running');
  });
});

describe('a stop', () => {
  test('with nothing open ends the run at once', () => {
    const story = Story.running();
    story.tell({ type: 'operator.stop', reason: 'done' });
    expect(story.kernel.engineState).toBe('stopped');
  });

  test('brings an open trade home in good order first', () => {
    const story = Story.open();
    story.tell({ type: 'operator.stop', reason: 'done' });
    expect(story.kernel.engineState).toBe('draining.homing');
    closeBoth(story);
    expect(story.kernel.engineState).toBe('stopped');
    expect(story.alerts).toEqual([]);
  });

  test('lets a trade that is opening open, and takes it home from there', () => {
    const story = Story.opening();
    story.tell({ type: 'operator.stop', reason: 'done' });
    story.fillWhole('a');
    story.fillWhole('b');
    expect(story.trade.cause).toBe('stopping');
    closeBoth(story);
    expect(story.kernel.engineState).toBe('stopped');
    expect(story.ladder).toContain('→ OPEN → CLOSING.quoting');
  });

  test('flattens what is not home within the grace, then stops', () => {
    const story = Story.open({ shutdownGraceMs: 1000 as never });
    story.tell({ type: 'operator.stop', reason: 'done' });
    story.wait(1000);
    expect(story.kernel.engineState).toBe('draining.flattening');
    expect(story.trade.cause).toBe('grace ended');
    closeBoth(story);
    expect(story.kernel.engineState).toBe('stopped');
    expect(story.alerts).toEqual(['TRADE_PANIC']);
  });

  test('gives up after a second grace, and calls a person', () => {
    const story = Story.open({ shutdownGraceMs: 900 as never });
    story.tell({ type: 'operator.stop', reason: 'done' });
    story.wait(1800);
    expect(story.kernel.engineState).toBe('left');
    expect(story.alerts).toEqual(['TRADE_PANIC', 'STOPPED_EXPOSED']);
    const last = story.records.flatMap(({ effects }) => effects).at(-1);
    expect(last).toMatchObject({ severity: 'critical', code: 'STOPPED_EXPOSED' });
  });

  test('that turns into a kill still waits for an operator', () => {
    const story = Story.open();
    story.tell({ type: 'operator.stop', reason: 'done' });
    story.tell({ type: 'operator.kill', reason: 'now' });
    closeBoth(story);
    expect(story.kernel.engineState).toBe('killed');
    story.tell({ type: 'operator.stop', reason: 'done' });
    expect(story.kernel.engineState).toBe('stopped');
  });
});
