// Fills that no trade claims: a trade of their own brings them home, once, where it is known how.
import { describe, expect, test } from 'vitest';
import type { ClientOrderId } from '../../src/domain/index.ts';
import { clientOrderId, toLegId, toMs, toTradeId, toUsd } from '../../src/domain/index.ts';
import { carryPlan, perpetual, OKX, RUN_TAG } from './carry-plan.ts';
import { ladder } from './ladder.ts';
import { Story } from './story.ts';

/** A run whose only trade missed and is forgotten. */
const forgotten = (): Story => {
  const story = Story.opening({ dailyLossUsdMax: toUsd('10000') });
  story.reject('a');
  story.reject('b');
  story.wait(30_001);
  return story;
};
const orderOf = (ordinal: number, leg: string): ClientOrderId =>
  clientOrderId({
    runTag: RUN_TAG,
    tradeId: toTradeId(ordinal),
    legId: toLegId(leg),
    attempt: 1,
  });

describe('a fill of a trade that is forgotten', () => {
  test('that was executed late is adopted and brought home', () => {
    const story = forgotten();
    const before = story.records.length;
    story.fill('a', '1', story.order('a'));
    story.quote('a', ['9990', '9991']);
    story.fillWhole('a');
    expect(ladder(story.records.slice(before))).toMatchInlineSnapshot(`
      "
      CLOSED            a filled 1  → IDLE → CLOSED → PANIC.flattening  timer late 30000
                                      timer call 1000 · alert TRADE_PANIC · ask a
      PANIC.flattening  quote a     → PANIC.flattening  a close sell 1 @9940.1
      PANIC.flattening  a filled 1  → CLOSED  timer late 30000
      "
    `);
    expect(story.alerts).toEqual(['TRADE_PANIC']);
    story.wait(2000);
    expect(story.alerts).toEqual(['TRADE_PANIC']);
  });

  test('that was counted long ago and is told again is nothing', () => {
    const story = Story.open();
    const [first] = story.records.flatMap(({ input }) =>
      input.type === 'order.filled' ? [input.fill] : [],
    );
    if (first === undefined) throw new Error('the trade must have filled');
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    story.wait(30_001);
    const { transitions } = story.tell({ type: 'order.filled', fill: first });
    expect(transitions.filter(({ changed }) => Object.keys(changed).length > 0)).toEqual([]);
    expect(story.alerts).toEqual([]);
  });
});

describe('a trade that was adopted anew', () => {
  test('knows which fills were counted before, and never uses an order id again', () => {
    const story = forgotten();
    story.wait(0);
    const old = story.order('a');
    story.fill('a', '1', old);
    story.quote('a', ['9990', '9991']);
    const [first, exit] = story.records
      .slice(-3)
      .flatMap(({ input }) => (input.type === 'order.filled' ? [input.fill] : []))
      .concat(story.fillWhole('a'));
    if (first === undefined || exit === undefined) throw new Error('both must have filled');
    story.wait(30_001);
    // Again something new for the same trade, then everything of before once more, late.
    story.fill('a', '0.5', old);
    for (const told of [first, exit]) story.tell({ type: 'order.filled', fill: told });
    expect(story.position('a')).toBe('0.5');
    story.quote('a', ['9990', '9991']);
    story.fillWhole('a');
    const ids = story.placed.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(story.ladder).toMatch(/CLOSED {2}timer late 30000\n$/);
  });

  test('is not born of a fill whose age only the clocks disagree about', () => {
    const story = Story.open();
    const fills = story.records.flatMap(({ input }) =>
      input.type === 'order.filled' ? [{ ...input.fill, filledAtMs: story.atMs }] : [],
    );
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    story.wait(30_001);
    for (const fill of fills) story.tell({ type: 'order.filled', fill });
    expect(story.kernel.trade('t1')).toBeUndefined();
  });
});

describe('a fill of an order that this journal has never seen', () => {
  test('opens its trade anew in PANIC, leg by leg, and later trades count on from it', () => {
    const story = forgotten();
    const fills = ['a', 'b'].map((leg) => ({
      ...story.fillOf({ ...story.order(leg), clientOrderId: orderOf(5, leg) }, '1'),
      filledAtMs: toMs(1),
    }));
    for (const fill of fills) story.tell({ type: 'order.filled', fill });
    const trade = story.kernel.trade('t5');
    expect(trade?.plan.legs.map(({ legId }) => legId)).toEqual(['a', 'b']);
    expect(story.alerts).toEqual(['TRADE_PANIC']);
    story.wait(200);
    for (const leg of ['a', 'b'].map(toLegId)) {
      story.tell({ type: 'quote.answered', tradeId: toTradeId(5), legId: leg, quote: null });
      const order = story.order(leg, toTradeId(5));
      expect(order.reduceOnly).toBe(true);
      story.fill(leg, '1', order);
    }
    story.wait(61_000);
    story.propose(carryPlan());
    expect(story.kernel.trade('t6')?.plan.key).toBe(carryPlan().key);
  });

  test('of an instrument that was never traded here calls a person', () => {
    const story = Story.running();
    const order = { ...carryPlan().legs[0], clientOrderId: orderOf(3, 'a') } as never;
    const fill = { ...story.fillOf(order, '1'), instrumentId: perpetual(OKX) };
    story.tell({ type: 'order.filled', fill });
    expect(story.alerts).toEqual(['STRAY_FILL']);
  });
});
