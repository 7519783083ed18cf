// What comes over a good line is wrong: crossed books, checksums that differ, numbers that are
// none, clocks that disagree. It is refused where it comes in, and nothing is opened on it.
import { afterEach, describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import type { BookWords } from './okx-line.ts';
import { BTC, ETH, OkxLine } from './okx-line.ts';

let line: OkxLine;
afterEach(() => line.close());

describe('a book', () => {
  test('that is crossed opens nothing, and is fetched anew when it stays so for a second', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    line.update({ bids: [['10000.5', '1']] });
    await line.until(() => line.reports().includes('stream.crossed'));
    expect(line.isEntering()).toBe(false);
    line.publishing = [ETH];
    await line.pass(1_200);
    await line.until(() => line.btc?.book.isCrossed === false);
    expect(line.venue.heard.join()).toContain('"op":"unsubscribe"');
  });

  test('whose checksum differs is thrown away and fetched anew, and only this one', async () => {
    line = await OkxLine.open({}, ({ checksums }) => checksums.add(BTC));
    line.publishing = [];
    line.update({ checksum: 12_345, bids: [], asks: [] });
    await line.until(() => line.reports().includes('stream.gapped'));
    expect(line.isEntering()).toBe(false);
    const gaps = line.stage.inputs.filter(({ type }) => type === 'stream.gapped');
    expect(gaps).toHaveLength(1);
    line.stage.rest(50);
    await line.until(() => line.btc?.book.isSynced === true);
    expect(line.isEntering()).toBe(true);
  });
});

describe('a frame is refused, its book is fetched anew, and nothing is opened on it', () => {
  test.each([
    ['NaN as a price', { bids: [['NaN', '1']] }],
    ['Infinity as a size', { bids: [['9999', 'Infinity']] }],
    ['an empty price', { asks: [['', '1']] }],
    ['no price at all', { asks: [[null, '1']] }],
    ['an exponent', { asks: [['1e4', '1']] }],
    ['hexadecimal', { bids: [['0x10', '1']] }],
    ['a localised price', { bids: [['9999,5', '1']] }],
    ['a negative price', { bids: [['-9999', '1']] }],
    ['a price of zero', { bids: [['0', '1']] }],
    ['a negative size', { bids: [['9999', '-1']] }],
    ['a size of minus zero', { bids: [['9999', '-0']] }],
    ['a time in seconds', { ts: '1795262400' }],
    ['a time in microseconds', { ts: '1795262400000000' }],
    ['a number where digits belong', { bids: [[9999, 1]] }],
  ])('%s', async (_, words) => {
    line = await OkxLine.open();
    line.publishing = [];
    line.update(words as BookWords);
    await line.until(() => line.reports().includes('stream.gapped'));
    const [gap] = line.stage.inputs.filter(({ type }) => type === 'stream.gapped');
    expect(gap).toMatchObject({ instrumentId: 'okx:BTC/USDT:USDT' });
    expect(line.isEntering()).toBe(false);
    expect(line.btc?.book.bids.count).toBe(0);
  });
});

describe('the venue’s clock', () => {
  test.each([1_270, -1_270])('is %i ms from ours: measured, and ages are right', async (ms) => {
    line = await OkxLine.open({ limits: { clockOffsetMsMax: toMs(2_000) } }, (opened) => {
      opened.offsetMs = ms;
    });
    await line.pass(300);
    const clock = line.stage.inputs.find(({ type }) => type === 'stream.clock');
    expect(clock).toMatchObject({ offsetMs: ms, doubtMs: 0 });
    const ageMs = line.stage.clock.nowMs() - (line.btc?.bookAtMs ?? 0);
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThanOrEqual(50);
    expect(line.isEntering()).toBe(true);
  });

  test('is further from ours than allowed: nothing is opened', async () => {
    line = await OkxLine.open({}, (opened) => {
      opened.offsetMs = 1_270;
    });
    await line.pass(300);
    expect(line.isEntering()).toBe(false);
  });

  test('jumps ahead, or ours stood still: it is measured again at once, not in 30 s', async () => {
    line = await OkxLine.open();
    line.offsetMs = 30_000;
    line.update();
    await line.until(() => line.reports().filter((type) => type === 'stream.clock').length === 2);
    expect(line.isEntering()).toBe(false);
  });
});
