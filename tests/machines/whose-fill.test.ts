// Whose a fill or a liquidation is, when the trade that it belongs to may be over, corrected,
// forgotten or never have been known: none takes what is another's.
import { describe, expect, test } from 'vitest';
import type { EngineLimits } from '../../src/domain/index.ts';
import { clientOrderId, toLegId, toMs, toPrice, toTradeId, toUsd } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { profitOf } from '../../src/operator/trade-history.ts';
import { account, BYBIT, carryPlan, OKX, perpetual, RUN_TAG } from './carry-plan.ts';
import { loss, report } from './late-words.ts';
import { Story } from './story.ts';

const WIDE: Partial<EngineLimits> = {
  dailyLossUsdMax: toUsd('100000'),
  cooldownMs: toMs(1000),
};

const position = (story: Story, trade: number): string | undefined =>
  story.kernel.trade(toTradeId(trade))?.legs[toLegId('a')]?.positionQty;

function flattened(story: Story): void {
  story.quote('b', ['10000', '10001']);
  story.fillWhole('b');
}

/** A second trade on the same pair, after a person has looked. */
function openNext(story: Story): void {
  story.tell({ type: 'operator.resume' });
  for (const venueId of [OKX, BYBIT]) {
    story.wait(1);
    story.tell(account(venueId, { askedAtMs: story.atMs }));
  }
  story.propose(carryPlan());
  for (const leg of ['a', 'b']) story.fill(leg, '1', story.order(leg, toTradeId(2)));
}

describe('a liquidation', () => {
  test('of a trade that is forgotten is not taken from one that was adopted since', () => {
    const story = Story.open(WIDE);
    const old = loss(story);
    story.tell({ type: 'position.liquidated', fill: old });
    flattened(story);
    story.wait(31_000);
    const [runTag, legId] = [RUN_TAG, toLegId('a')];
    const id = clientOrderId({ runTag, tradeId: toTradeId(5), legId, attempt: 1 });
    const stray = story.fillOf({ ...story.order('a'), clientOrderId: id }, '1');
    story.tell({ type: 'order.filled', fill: stray });
    story.tell({ type: 'position.liquidated', fill: old });
    expect(position(story, 5)).toBe('1');
  });

  test('of a young trade is its own, although one that is closed has something unexplained', () => {
    const story = Story.open({ ...WIDE, cooldownMs: toMs(10), clockOffsetMsMax: toMs(1000) });
    report(story, '0');
    flattened(story);
    story.wait(1000);
    openNext(story);
    story.wait(1500);
    story.tell({ type: 'position.liquidated', fill: loss(story) });
    expect(position(story, 2)).toBe('0');
    expect(position(story, 1)).toBe('0');
  });

  test('of a trade that is forgotten explains nothing of one that was corrected since', () => {
    const story = Story.open(WIDE);
    const old = loss(story);
    story.tell({ type: 'position.liquidated', fill: old });
    flattened(story);
    story.wait(31_000);
    openNext(story);
    report(story, '0.4');
    story.tell({ type: 'position.liquidated', fill: old });
    const leg = story.kernel.trade(toTradeId(2))?.legs[toLegId('a')];
    expect(leg).toMatchObject({ positionQty: '0.4', correction: { unexplainedQty: '-0.6' } });
  });

  test('that comes before its fill is not given to a trade that was refused before', () => {
    const story = Story.opening({ ...WIDE, cooldownMs: toMs(0) });
    for (const leg of ['a', 'b']) story.reject(leg);
    story.propose(carryPlan());
    const second = toTradeId(2);
    const fill = story.fillOf(story.order('a', second), '1');
    story.tell({ type: 'position.liquidated', fill: loss(story) });
    story.tell({ type: 'order.filled', fill });
    expect([position(story, 1), position(story, 2)]).toEqual(['0', '0']);
    expect(story.placed.filter(({ reduceOnly }) => reduceOnly)).toEqual([]);
  });

  test('is read by what it took, never by the name of its order', () => {
    const story = Story.open();
    const { clientOrderId: ours } = story.order('a');
    const elsewhere = { ...loss(story), instrumentId: perpetual(OKX, 'ETH'), clientOrderId: ours };
    story.tell({ type: 'position.liquidated', fill: elsewhere });
    expect(story.alerts).toEqual(['FOREIGN_FILL']);
    expect(position(story, 1)).toBe('1');
  });

  test('that is told after its trade is forgotten stays in that trade’s history', () => {
    const story = Story.open(WIDE);
    const late = { ...loss(story), price: toPrice('7000') };
    report(story, '0');
    flattened(story);
    story.wait(31_000);
    openNext(story);
    story.restart();
    story.tell({ type: 'position.liquidated', fill: late });
    const history = new RunHistory();
    for (const record of story.records) history.add(record);
    expect(history.trade('t1')?.liquidations).toEqual([late]);
    expect(history.trade('t2')?.liquidations).toEqual([]);
    expect(history.trades.map((trade) => profitOf(trade).unexplainedUsd)).toEqual(['0', '0']);
  });
});

describe('a fill of our own', () => {
  test('that a correction knew moves nothing, also once its trade is forgotten', () => {
    const story = Story.open(WIDE);
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    story.fillWhole('b');
    const sold = story.fillOf(story.order('a'), '1');
    story.end('a', 'cancelled', '0');
    report(story, '0');
    story.wait(31_000);
    openNext(story);
    story.restart();
    story.tell({ type: 'order.filled', fill: sold });
    expect(story.kernel.trade(toTradeId(1))).toBeUndefined();
    report(story, '1');
    expect(position(story, 2)).toBe('1');
    expect(story.alerts.filter((code) => code !== 'TRADE_PANIC')).toEqual(['POSITION_MISMATCH']);
  });
});

describe('a fill of a stranger’s order', () => {
  test('is nobody’s, also where a trade of ours holds the instrument', () => {
    const story = Story.open();
    const byHand = { ...loss(story, '0.4'), clientOrderId: 'by-hand-1' as never };
    story.tell({ type: 'order.filled', fill: byHand });
    expect(story.alerts).toEqual(['FOREIGN_FILL']);
    report(story, '0.6');
    expect(position(story, 1)).toBe('0.6');
    story.quote('a', ['10000', '10001']);
    expect(story.order('a')).toMatchObject({ qty: '0.6', reduceOnly: true });
  });
});
