// A trade took over what its venue says that it holds; then the fill comes that was missing. It
// explains the difference: money is booked, the position is not moved a second time.
import { describe, expect, test } from 'vitest';
import type { Fill } from '../../src/domain/index.ts';
import { toMs, toQty, toTradeId } from '../../src/domain/index.ts';
import { loss, report } from './late-words.ts';
import { Story } from './story.ts';

const leg = (story: Story) => story.trade.legs['a' as never];
const state = (story: Story): string | undefined =>
  story.records.flatMap(({ transitions }) => transitions).findLast(({ actor }) => actor === 't1')
    ?.to;
const guard = (story: Story): { dayResultUsd?: string } =>
  story.records
    .flatMap(({ transitions }) => transitions)
    .filter(({ actor }) => actor === 'risk-guard')
    .reduce((seen, { changed }) => ({ ...seen, ...changed }), {});

describe('a liquidation that is heard after the reports', () => {
  const closed = (): { story: Story; late: Fill } => {
    const story = Story.open();
    const late = loss(story, '1');
    report(story, '0');
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    return { story, late };
  };

  test('is ours and no stranger’s, and leaves the trade closed', () => {
    const { story, late } = closed();
    expect(story.trade.legs).toMatchObject({ a: { correction: { unexplainedQty: '-1' } } });
    story.tell({ type: 'position.liquidated', fill: late });
    expect(state(story)).toBe('CLOSED');
    expect(leg(story)).toMatchObject({ positionQty: '0', feesUsd: '10' });
    expect(leg(story)).not.toHaveProperty('correction');
    expect(story.alerts).toEqual(['POSITION_MISMATCH', 'TRADE_PANIC']);
  });

  test('counts once, however often it is told', () => {
    const { story, late } = closed();
    for (const _ of [1, 2]) story.tell({ type: 'position.liquidated', fill: late });
    expect(leg(story)).toMatchObject({ positionQty: '0', feesUsd: '10' });
    expect(story.alerts).not.toContain('FOREIGN_FILL');
  });

  test('makes the day’s result what the fills make it', () => {
    const { story, late } = closed();
    const fills = [...story.records.flatMap(({ input }) => fillIn(input)), late];
    story.tell({ type: 'position.liquidated', fill: late });
    const due = fills.reduce(
      (sum, { side, price, qty, feeUsd }) =>
        sum + (side === 'sell' ? 1 : -1) * Number(price) * Number(qty) - Number(feeUsd),
      0,
    );
    expect(Number(guard(story).dayResultUsd)).toBeCloseTo(due, 9);
  });

  test('of a part leaves the other part to be sold, and no more', () => {
    const story = Story.open();
    const late = loss(story, '0.4');
    report(story, '0.6');
    story.quote('a', ['10000', '10001']);
    expect(story.order('a')).toMatchObject({ qty: '0.6', reduceOnly: true });
    story.tell({ type: 'position.liquidated', fill: late });
    expect(story.position('a')).toBe('0.6');
    story.fillWhole('a');
    expect(story.position('a')).toBe('0');
  });

  test('of more than was reported opens the trade again, for what is left of it', () => {
    const { story, late } = closed();
    story.tell({ type: 'position.liquidated', fill: { ...late, qty: toQty('1.5') } });
    expect(state(story)).toBe('PANIC.flattening');
    expect(story.position('a')).toBe('-0.5');
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    expect(state(story)).toBe('CLOSED');
  });

  test('is an old story once the trade is forgotten', () => {
    const { story, late } = closed();
    story.wait(30_000);
    expect(story.kernel.trade(toTradeId(1))).toBeUndefined();
    story.tell({ type: 'position.liquidated', fill: late });
    expect(story.alerts).not.toContain('FOREIGN_FILL');
  });
});

describe('a fill of our own that is heard after the reports', () => {
  /** The venue executed all of leg a and told of half. */
  const taken = (): { story: Story; late: Fill } => {
    const story = Story.opening();
    story.fill('a', '0.5');
    const late = story.fillOf(story.order('a'), '0.5');
    story.end('a', 'cancelled', '0.5');
    story.fillWhole('b');
    report(story, '1');
    expect(story.position('a')).toBe('1');
    return { story, late };
  };

  test('moves nothing', () => {
    const { story, late } = taken();
    story.tell({ type: 'order.filled', fill: late });
    expect(leg(story)).toMatchObject({ positionQty: '1', feesUsd: '10' });
    expect(leg(story)).not.toHaveProperty('correction');
  });

  test('is told from a fill of the order that followed', () => {
    const { story, late } = taken();
    story.quote('a', ['10000', '10001']);
    story.fill('a', '0.25');
    expect(leg(story)).toMatchObject({
      positionQty: '0.75',
      correction: { unexplainedQty: '0.5' },
    });
    story.tell({ type: 'order.filled', fill: late });
    story.fill('a', '0.75');
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    expect(state(story)).toBe('CLOSED');
  });

  test('is known after a restart', () => {
    const { story, late } = taken();
    story.restart();
    story.tell({ type: 'order.filled', fill: late });
    expect(story.position('a')).toBe('1');
  });
});

test('what two corrections leave unexplained is one difference', () => {
  const story = Story.open();
  report(story, '0.9');
  story.wait(toMs(10));
  report(story, '0.7');
  expect(leg(story)).toMatchObject({ positionQty: '0.7', correction: { unexplainedQty: '-0.3' } });
  report(story, '1');
  expect(leg(story)).toMatchObject({ positionQty: '1' });
  expect(leg(story)).not.toHaveProperty('correction');
});

const fillIn = (input: { readonly type: string }): readonly Fill[] =>
  input.type === 'order.filled' ? [(input as unknown as { fill: Fill }).fill] : [];
