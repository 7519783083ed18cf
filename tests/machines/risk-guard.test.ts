// What the risk-guard sees for itself: exposure that stands alone, accounts that contradict our
// fills, margin, liquidation, fills that are nobody's.
import { describe, expect, test } from 'vitest';
import type { GuardContext } from '../../machines/risk-guard/exposure.ts';
import type { Effect, Position } from '../../src/domain/index.ts';
import { toMs, toPrice, toQty, toTradeId, toUsd, toVenueId } from '../../src/domain/index.ts';
import { account, BYBIT, OKX, perpetual } from './carry-plan.ts';
import { Story } from './story.ts';

const guardOf = (story: Story): Partial<GuardContext> =>
  Object.assign(
    {},
    ...story.records
      .flatMap(({ transitions }) => transitions)
      .filter(({ actor }) => actor === 'risk-guard')
      .map(({ changed }) => changed),
  ) as Partial<GuardContext>;
const position = (qty: string, rest: Partial<Position> = {}): Position => ({
  instrumentId: perpetual(OKX),
  qty: toQty(qty),
  entryPrice: toPrice('10010'),
  markPrice: toPrice('10000'),
  ...rest,
});
const isMismatch = (effect: Effect): boolean =>
  effect.type === 'alert.raise' && effect.code === 'POSITION_MISMATCH';
const lastAlert = (story: Story) =>
  story.records.flatMap(({ effects }) => effects).findLast(({ type }) => type === 'alert.raise');

describe('a leg that stands alone', () => {
  test('is demanded home after the limit when its own trade does not act', () => {
    const story = Story.opening({ orphanMsMax: toMs(250) });
    story.fillWhole('a');
    story.accept('b');
    story.wait(250);
    expect(story.alerts).toEqual(['ORPHAN_LEG', 'TRADE_PANIC']);
    expect(story.trade).toMatchObject({ cause: 'the risk-guard saw a leg alone' });
    expect(guardOf(story).orphanMsWorst).toBe(250);
  });

  test('is measured from its fill to its cover, and in PANIC to flat', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.wait(79);
    story.fillWhole('b');
    expect(guardOf(story)).toMatchObject({ orphanMsWorst: 80, unhedgedMsWorst: 80 });
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.quote('a', null);
    story.quote('b', null);
    story.fillWhole('a');
    story.wait(299);
    story.fillWhole('b');
    expect(guardOf(story)).toMatchObject({ orphanMsWorst: 80, unhedgedMsWorst: 300 });
  });

  test('is measured to the fill that brings the last trade home and ends the run', () => {
    const story = Story.open();
    story.tell({ type: 'operator.stop', reason: 'exit-after' });
    story.quote('a', ['10000', '10001']);
    story.quote('b', ['10000', '10001']);
    story.fillWhole('a');
    story.wait(119);
    story.fillWhole('b');
    expect(story.kernel.engineState).toBe('stopped');
    const { exposures, orphanMsWorst } = guardOf(story);
    expect(orphanMsWorst).toBe(120);
    expect(Object.values(exposures?.[toTradeId(1)]?.positions ?? {})).toEqual(['0', '0']);
  });

  test('is no orphan while what stands alone is dust', () => {
    const story = Story.opening({ orphanUsdMin: toUsd('101') });
    story.fill('a', '0.01');
    story.wait(399);
    expect(story.alerts).toEqual([]);
    expect(guardOf(story).orphanMsWorst).toBe(0);
  });

  test('is not called an orphan when its trade panicked before the fill was known', () => {
    const story = Story.opening();
    story.unknown('a');
    story.unknown('b');
    story.tell({ type: 'operator.kill', reason: 'drill' });
    const fills = [story.fillOf(story.order('a'), '1')];
    story.answer('a', { kind: 'ended', end: 'filled', fills });
    story.wait(900);
    expect(story.alerts).toEqual(['TRADE_PANIC']);
    expect(guardOf(story)).toMatchObject({ orphanMsWorst: 0 });
  });
});

describe('an account report', () => {
  const differs = (story: Story, qty: string): void => {
    story.tell(account(OKX, { positions: qty === '0' ? [] : [position(qty)] }));
  };

  test('that differs once is nothing, twice in a row halts the engine', () => {
    const story = Story.open();
    differs(story, '0.9');
    expect(story.kernel.engineState).toBe('running');
    expect(story.trade.isPanicked).toBe(false);
    differs(story, '0.9');
    expect(story.kernel.engineState).toBe('halted');
    differs(story, '0.9');
    expect(story.alerts).toEqual(['POSITION_MISMATCH', 'TRADE_PANIC']);
    const mismatch = story.records.flatMap(({ effects }) => effects).find(isMismatch);
    expect(mismatch).toMatchObject({
      text: 'positions differ from our fills: okx:BTC/USDT:USDT',
    });
  });

  test('is right in the end: the trade takes over what its venue holds, and goes home', () => {
    const story = Story.open();
    differs(story, '0.9');
    differs(story, '0.9');
    expect(story.position('a')).toBe('0.9');
    for (const leg of ['a', 'b']) story.quote(leg, ['10000', '10001']);
    expect(story.order('a').qty).toBe('0.9');
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    expect(story.ladder).toContain('CLOSED');
    differs(story, '0');
    expect(story.alerts).toEqual(['POSITION_MISMATCH', 'TRADE_PANIC']);
  });

  test('is asked for when a venue denies the position, and ends what cannot be reduced', () => {
    const story = Story.open();
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.quote('a', ['10000', '10001']);
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    for (const _ of [1, 2]) {
      story.reject('a', 'venue.reduce-only');
      expect(story.records.at(-1)?.effects).toContainEqual({ type: 'account.ask', venueId: OKX });
      differs(story, '0');
      if (story.position('a') === '0') break;
      story.wait(200);
      story.quote('a', ['10000', '10001']);
    }
    expect(story.ladder).toMatch(/PANIC.waiting +account.reported +→ CLOSED/);
  });

  test('is nothing to a leg whose order is still out: its fills are on their way', () => {
    const story = Story.open();
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    differs(story, '0');
    differs(story, '0');
    expect(story.trade.isPanicked).toBe(false);
    story.fillWhole('a');
    expect(story.position('a')).toBe('0');
  });

  test('that agrees again begins the count anew', () => {
    const story = Story.open();
    story.tell(account(OKX, { positions: [position('0.9')] }));
    story.tell(account(OKX, { positions: [position('1')] }));
    story.tell(account(OKX, { positions: [] }));
    expect(story.alerts).toEqual([]);
  });

  test('that contradicts is heard even when a liquidation is near as well', () => {
    const story = Story.open();
    const near = position('0.9', { liquidationPrice: toPrice('9500') });
    story.tell(account(OKX, { positions: [near] }));
    story.tell(account(OKX, { positions: [near] }));
    expect(story.alerts).toContain('POSITION_MISMATCH');
    expect(story.kernel.engineState).toBe('halted');
  });

  test('with a liquidation price too near panics the trade that holds it', () => {
    const story = Story.open();
    const far = position('1', { liquidationPrice: toPrice('9000') });
    story.tell(account(OKX, { positions: [far] }));
    expect(story.alerts).toEqual([]);
    const near = position('1', { liquidationPrice: toPrice('9000.1') });
    story.tell(account(OKX, { positions: [near] }));
    expect(story.alerts).toEqual(['LIQUIDATION_NEAR', 'TRADE_PANIC']);
    expect(story.trade.cause).toBe('liquidation price too near');
  });

  test('with too much margin in use is a warning with both figures', () => {
    const story = Story.running();
    story.tell(account(BYBIT, { marginUsedUsd: toUsd('30000') }));
    expect(story.alerts).toEqual([]);
    story.tell(account(BYBIT, { marginUsedUsd: toUsd('30001') }));
    expect(lastAlert(story)).toMatchObject({
      code: 'MARGIN_USAGE',
      severity: 'warning',
      text: 'margin usage at bybit is 0.30001, limit 0.3',
    });
  });

  test('that does not come is a warning with its cause', () => {
    const story = Story.running();
    story.tell({ type: 'account.unavailable', venueId: toVenueId('okx'), cause: 'timeout' });
    expect(story.alerts).toEqual(['ACCOUNT_UNAVAILABLE']);
  });
});

test('a fill that is nobody’s is a critical alert and changes nothing', () => {
  const story = Story.open();
  const fill = { ...story.fillOf(story.order('a'), '1'), clientOrderId: 'somebody-else' as never };
  const foreign = { ...fill, instrumentId: perpetual(OKX, 'DOGE') };
  story.tell({ type: 'order.filled', fill: foreign });
  expect(story.alerts).toEqual(['FOREIGN_FILL']);
  expect(guardOf(story).exposures?.[toTradeId(1)]?.positions).toEqual({
    [perpetual(OKX)]: '1',
    [perpetual(BYBIT)]: '-1',
  });
});

test('a closed trade is booked into its day with fees and funding', () => {
  const story = Story.open();
  story.tell({
    type: 'funding.paid',
    payment: {
      venueId: BYBIT,
      instrumentId: perpetual(BYBIT),
      fundingAtMs: story.atMs,
      fundingRate: '0.001' as never,
      positionQty: toQty('-1'),
      markPrice: toPrice('10000'),
      amountUsd: toUsd('10'),
    },
  });
  story.signalExit();
  story.quote('a', ['10020', '10021']);
  story.quote('b', ['10020', '10021']);
  story.fillWhole('a');
  story.fillWhole('b');
  // Bought 10010 sold 10010, sold 10040 bought 10031, four fees of 5, funding of 10.
  expect(guardOf(story).dayResultUsd).toBe('-1');
  expect(story.trade.fundingUsd).toBe('10');
});
