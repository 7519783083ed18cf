// What the fold over a journal counts: each fill once, whichever way and however often a venue
// tells it.
import { describe, expect, test } from 'vitest';
import { minus, total, toMs, toPrice, toTradeId } from '../../src/domain/index.ts';
import { toUsd, ZERO_USD } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { fillsOf, profitOf, stateOf } from '../../src/operator/trade-history.ts';
import { account, BYBIT, carryPlan, OKX } from '../machines/carry-plan.ts';
import { Story } from '../machines/story.ts';

const tradeOf = (story: Story, ordinal = 1) => {
  const history = new RunHistory();
  for (const record of story.records) history.add(record);
  const trade = history.trade(toTradeId(ordinal));
  if (trade === undefined) throw new Error(`the history must know t${ordinal}`);
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

test('a liquidation that is told late belongs to the trade that lost it, not to the next', () => {
  const story = Story.open({ cooldownMs: toMs(0), dailyLossUsdMax: toUsd('1000000') });
  const loss = { ...story.fillOf(story.order('a'), '1'), side: 'sell' as const };
  const fill = { ...loss, clientOrderId: 'autoclose-1' as never };
  for (const _ of [1, 2]) {
    story.wait(1);
    story.tell(account(OKX, { askedAtMs: story.atMs }));
  }
  story.quote('b', ['10000', '10001']);
  story.fillWhole('b');
  story.tell({ type: 'operator.resume' });
  for (const venueId of [OKX, BYBIT]) {
    story.wait(1);
    story.tell(account(venueId, { askedAtMs: story.atMs }));
  }
  story.propose(carryPlan());
  expect(stateOf(tradeOf(story, 2))).toBe('OPENING.sent');
  for (const _ of [1, 2]) story.tell({ type: 'position.liquidated', fill });
  expect(tradeOf(story, 2).liquidations).toEqual([]);
  expect(tradeOf(story, 1).liquidations).toEqual([fill]);
  expect(profitOf(tradeOf(story, 1)).unexplainedUsd).toBe('0');
});

test('what is told to an engine that has stopped does not change its last state', () => {
  const story = Story.running();
  story.tell({ type: 'operator.stop', reason: 'test' });
  story.tell({ type: 'operator.resume' });
  const history = new RunHistory();
  for (const record of story.records) history.add(record);
  expect(history.engineState).toBe('stopped');
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

describe('a trade that adopted a fill', () => {
  test('is told like any other, its profit explained, and the next trade has the next name', () => {
    const story = Story.opening({ dailyLossUsdMax: toUsd('10000') });
    const lost = story.order('a');
    story.reject('a');
    story.reject('b');
    story.wait(30_001);
    const clientOrderId = lost.clientOrderId.replace('00001', '00004');
    const fill = { ...story.fillOf(lost, '1'), clientOrderId: clientOrderId as never };
    story.tell({ type: 'order.filled', fill });
    story.tell({
      type: 'quote.answered',
      tradeId: toTradeId(4),
      legId: lost.legId,
      quote: { bidPrice: toPrice('10000'), askPrice: toPrice('10001'), ageMs: toMs(1) },
    });
    story.fill('a', '1', story.order('a', toTradeId(4)));
    const trade = tradeOf(story, 4);
    expect(stateOf(trade)).toBe('CLOSED');
    expect(trade.orders.map(({ outcome }) => outcome)).toEqual(['adopted', 'sent']);
    expect(profitOf(trade)).toMatchObject({ unexplainedUsd: '0', feesUsd: '-10' });
    story.wait(61_000);
    story.propose(carryPlan());
    expect(tradeOf(story, 5).plan.key).toBe(carryPlan().key);
  });
});
