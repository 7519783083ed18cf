// An account report is held only against fills that it can know: what was asked for before our own
// count of a position changed says nothing of that position, however late it comes.
import { describe, expect, test } from 'vitest';
import { toMs, toPrice, toQty } from '../../src/domain/index.ts';
import { account, BYBIT, OKX, perpetual } from './carry-plan.ts';
import { Story } from './story.ts';

/** What the venue of the first leg says that we hold, asked for at the instant. */
function report(story: Story, qty: string, askedAtMs: number = story.atMs): void {
  const instrumentId = perpetual(OKX);
  const held = { instrumentId, entryPrice: toPrice('10010'), markPrice: toPrice('10000') };
  const positions = qty === '0' ? [] : [{ ...held, qty: toQty(qty) }];
  story.tell(account(OKX, { positions, askedAtMs: toMs(askedAtMs) }));
}

describe('reports that were asked for before a fill and come after it', () => {
  test('are nothing, however many: the trade holds what it holds', () => {
    const story = Story.opening();
    const askedAtMs = story.atMs;
    story.fillWhole('a');
    story.fillWhole('b');
    for (const late of [0, 0, 1]) report(story, '0', askedAtMs + late);
    expect(story.alerts).toEqual([]);
    expect(story.kernel.engineState).toBe('running');
    expect(story.position('a')).toBe('1');
  });

  test('do not stand in the way of those that were asked for after it', () => {
    const story = Story.opening();
    const askedAtMs = story.atMs;
    story.fillWhole('a');
    story.fillWhole('b');
    report(story, '0', askedAtMs);
    report(story, '0');
    report(story, '0', askedAtMs);
    expect(story.alerts).toEqual([]);
    report(story, '0');
    expect(story.alerts).toEqual(['POSITION_MISMATCH', 'TRADE_PANIC']);
    expect(story.kernel.engineState).toBe('halted');
    expect(story.position('a')).toBe('0');
  });

  test('do not agree either: what has differed once goes on differing', () => {
    const story = Story.opening();
    const askedAtMs = story.atMs;
    story.fillWhole('a');
    story.fillWhole('b');
    report(story, '0');
    report(story, '1', askedAtMs);
    report(story, '0');
    expect(story.alerts).toContain('POSITION_MISMATCH');
  });

  test('may still say of another position of that venue that it differs', () => {
    const story = Story.opening();
    const askedAtMs = story.atMs;
    story.fillWhole('a');
    story.fillWhole('b');
    const strange = { instrumentId: perpetual(BYBIT, 'ETH'), qty: toQty('3') };
    const prices = { entryPrice: toPrice('100'), markPrice: toPrice('100') };
    for (const _ of [1, 2]) {
      story.tell(account(BYBIT, { askedAtMs, positions: [{ ...strange, ...prices }] }));
    }
    expect(story.alerts).toEqual(['POSITION_MISMATCH']);
    expect(story.position('b')).toBe('-1');
  });
});

describe('a question and a fill', () => {
  test.each([
    ['a millisecond before', -1, []],
    ['of the same millisecond', 0, []],
    ['a millisecond after', 1, ['POSITION_MISMATCH', 'TRADE_PANIC']],
  ])('%s', (_, laterMs, alerts) => {
    const story = Story.opening();
    story.fillWhole('b');
    story.fillWhole('a');
    const askedAtMs = story.atMs + laterMs;
    for (const __ of [1, 2]) report(story, '0', askedAtMs);
    expect(story.alerts).toEqual(alerts);
  });
});

test('two reports with a fill between them are not two in a row', () => {
  const story = Story.opening();
  story.fill('a', '0.5');
  story.wait(1);
  report(story, '1');
  story.fill('a', '0.5');
  story.wait(1);
  report(story, '0');
  story.fillWhole('b');
  expect(story.alerts).toEqual([]);
  report(story, '0');
  expect(story.alerts).toContain('POSITION_MISMATCH');
});

test('a fill that was told twice is no news', () => {
  const story = Story.opening();
  const fill = story.fillWhole('a');
  story.fillWhole('b');
  story.wait(1);
  const askedAtMs = story.atMs;
  story.tell({ type: 'order.filled', fill });
  for (const _ of [1, 2]) report(story, '0', askedAtMs);
  expect(story.alerts).toContain('POSITION_MISMATCH');
});

test('a correction is news: what was asked for before it does not undo it', () => {
  const story = Story.open();
  story.wait(1);
  const askedAtMs = story.atMs;
  for (const _ of [1, 2]) report(story, '0.9');
  expect(story.position('a')).toBe('0.9');
  for (const _ of [1, 2]) report(story, '1', askedAtMs);
  expect(story.position('a')).toBe('0.9');
  for (const _ of [1, 2]) report(story, '1');
  expect(story.position('a')).toBe('1');
});

test('what a run knew before it was resumed still counts', () => {
  const story = Story.opening();
  const askedAtMs = story.atMs;
  story.fillWhole('a');
  story.fillWhole('b');
  story.restart();
  for (const _ of [1, 2]) report(story, '0', askedAtMs);
  expect(story.alerts).toEqual([]);
  for (const _ of [1, 2]) report(story, '0');
  expect(story.alerts).toContain('POSITION_MISMATCH');
});
