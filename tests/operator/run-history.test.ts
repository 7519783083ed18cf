// What the fold over a journal counts: each fill once, whichever way and however often a venue
// tells it.
import { describe, expect, test } from 'vitest';
import { minus, total, toTradeId, ZERO_USD } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { fillsOf, profitOf } from '../../src/operator/trade-history.ts';
import { Story } from '../machines/story.ts';

const tradeOf = (story: Story) => {
  const history = new RunHistory();
  for (const record of story.records) history.add(record);
  const trade = history.trade(toTradeId(1));
  if (trade === undefined) throw new Error('the history must know t1');
  return trade;
};

describe('a fill that is told twice counts once', () => {
  test('when it is of our own order', () => {
    const story = Story.opening();
    const fill = story.fillWhole('a');
    const once = profitOf(tradeOf(story));
    story.tell({ type: 'order.filled', fill });
    story.answer('a', { kind: 'ended', end: 'filled', fills: [fill] });
    expect(profitOf(tradeOf(story))).toEqual(once);
  });

  test('when the venue closed the position itself', () => {
    const story = Story.open();
    const fill = { ...story.fillOf(story.order('a'), '1'), side: 'sell' as const };
    story.tell({ type: 'position.liquidated', fill });
    const once = tradeOf(story);
    story.tell({ type: 'position.liquidated', fill });
    expect(fillsOf(tradeOf(story))).toEqual(fillsOf(once));
    expect(profitOf(tradeOf(story))).toEqual(profitOf(once));
  });
});

describe('the profit of a trade that still holds', () => {
  test('counts what is held at the price of its last fill, not as money lost', () => {
    const story = Story.opening();
    const fill = story.fillWhole('a');
    const { totalUsd, feesUsd, fundingUsd, basisUsd, slippageUsd } = profitOf(tradeOf(story));
    expect(totalUsd).toBe(minus(ZERO_USD, fill.feeUsd));
    const parts = [fundingUsd, basisUsd, slippageUsd, feesUsd];
    expect(total(parts)).toBe(totalUsd);
  });
});
