// What a seed makes of prices, books and funding.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { World, toInstrument } from '../../src/sandbox/index.ts';
import type { WorldInstrument } from '../../src/sandbox/index.ts';
import { priceOf, sizeOf } from '../../src/sandbox/world-instrument.ts';

/** Everything that the world says of itself, as text. */
const portrait = (world: World): string =>
  JSON.stringify(
    world.instruments.map((one) => {
      const { bids, asks } = world.book(one);
      const books = [[...bids.ticks], [...bids.lots], [...asks.ticks], [...asks.lots]];
      return [books, world.markPrice(one), world.updateCount(one), world.funding(one)];
    }),
  );

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('a world', () => {
  test('is the same for the same seed, in however many strides it is lived', () => {
    const strides = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(seeds, strides, (seed, parts) => {
        const [whole, piecewise] = [new World({ seed }), new World({ seed })];
        let atMs = whole.startAtMs;
        for (const part of parts) {
          atMs = toMs(atMs + part);
          piecewise.advanceTo(atMs);
        }
        whole.advanceTo(atMs);
        expect(portrait(piecewise)).toBe(portrait(whole));
      }),
      { numRuns: 25 },
    );
  });

  test('differs between seeds', () => {
    expect(portrait(new World({ seed: 1 }))).not.toBe(portrait(new World({ seed: 2 })));
  });

  test('never leaves an instrument without a new book for more than 150 ms', () => {
    const world = new World({ seed: 7 });
    const seenAtMs = new Map<WorldInstrument, number>();
    let longestMs = 0;
    for (let passedMs = 0; passedMs <= 20_000; passedMs += 25) {
      for (const one of world.advanceTo(toMs(world.startAtMs + passedMs))) {
        longestMs = Math.max(longestMs, passedMs - (seenAtMs.get(one) ?? passedMs));
        seenAtMs.set(one, passedMs);
      }
    }
    expect(seenAtMs.size).toBe(15);
    expect(longestMs).toBeLessThanOrEqual(150);
  });

  test('moves to the next settlement at the very instant of one', () => {
    const world = new World({ seed: 7 });
    const settlementAtMs = world.startAtMs + 45_000;
    world.advanceTo(toMs(settlementAtMs - 25));
    for (const one of world.instruments)
      expect(world.funding(one).fundingAtMs).toBe(settlementAtMs);
    world.advanceTo(toMs(settlementAtMs));
    for (const one of world.instruments) {
      const { fundingAtMs, fundingIntervalMs } = world.funding(one);
      expect(fundingAtMs).toBe(settlementAtMs + fundingIntervalMs);
      expect(fundingIntervalMs).toBe(one.fundingIntervalMs);
    }
  });
});

describe('a book', () => {
  const grown = (seed: number): World => {
    const world = new World({ seed });
    world.advanceTo(toMs(world.startAtMs + 3000));
    return world;
  };

  test('has at least 20 levels a side, in order, on lots, and does not cross', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const world = grown(seed);
        for (const one of world.instruments) {
          const { bids, asks } = world.book(one);
          expect(bids.ticks.length).toBeGreaterThanOrEqual(20);
          expect(asks.ticks.length).toBe(bids.ticks.length);
          expect(bids.ticks[0]).toBeLessThan(asks.ticks[0] ?? 0);
          expect([...bids.ticks]).toEqual([...new Set(bids.ticks)].sort((a, b) => b - a));
          expect([...asks.ticks]).toEqual([...new Set(asks.ticks)].sort((a, b) => a - b));
          expect(Math.min(...bids.lots, ...asks.lots)).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('fills 20,000 USD within 3 bps on most instruments, and not a million on any', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const world = grown(seed);
        const usd = world.instruments.map((one) => {
          const { ticks, lots } = world.book(one).asks;
          const limit = (ticks[0] ?? 0) * 1.0003;
          return [...ticks].reduce((sum, tick, depth) => {
            const size = sizeOf(one, lots[depth] ?? 0) * one.contractSize;
            return tick <= limit ? sum + priceOf(one, tick) * size : sum;
          }, 0);
        });
        expect(usd.filter((sum) => sum >= 20_000).length).toBeGreaterThanOrEqual(12);
        expect(Math.max(...usd)).toBeLessThan(1_000_000);
      }),
      { numRuns: 20 },
    );
  });

  test('stands within 5 bps of its index after an hour', () => {
    const world = new World({ seed: 7, pace: 'coarse' });
    world.advanceTo(toMs(world.startAtMs + 3_600_000));
    for (const one of world.instruments) {
      const apartBps = (world.markPrice(one) / world.indexPrice(one) - 1) * 10_000;
      expect(Math.abs(apartBps)).toBeLessThan(5);
    }
  });
});

test('sizes in the words of the engine are in base units', () => {
  const listed = new World({ seed: 1 }).instruments.map(toInstrument);
  const find = (id: string) => listed.find((one) => one.instrumentId === id);
  expect(find('okx:BTC/USDT:USDT')).toMatchObject({
    contractSize: '0.01',
    qtyStep: '0.0001',
    qtyMin: '0.0001',
    tickSize: '0.1',
  });
  expect(find('okx:DOGE/USDT:USDT')).toMatchObject({ contractSize: '1000', qtyStep: '100' });
  expect(find('binanceusdm:BTC/USDT:USDT')).toMatchObject({
    contractSize: '1',
    qtyStep: '0.001',
    notionalUsdMin: '100',
  });
});
