// What counts as a pause of the process, and what does not.
import { expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { StallWatch } from '../../src/market/stall-watch.ts';

const beats = (...atMs: readonly number[]) => {
  const stalls = new StallWatch();
  return atMs.map((at) => stalls.beat(toMs(at))?.stalledMs ?? 0);
};

test('a pause is told once, by whatever comes first after it', () => {
  expect(beats(1_000, 1_050, 31_050, 31_050, 31_100)).toEqual([0, 0, 30_000, 0, 0]);
});

test('the first word ends no pause, however late it is', () => {
  expect(beats(1_700_000_000_000, 1_700_000_000_050)).toEqual([0, 0]);
});

test('a slow look at the books, once a second, is no pause', () => {
  expect(beats(0, 1_000, 2_100, 3_600, 5_101)).toEqual([0, 0, 0, 0, 1_501]);
});
