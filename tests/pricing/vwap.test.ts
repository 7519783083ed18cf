// Prices through depth, exact and screened.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, plus, toNumber, toQty } from '../../src/domain/index.ts';
import { screenVwap, touchPrice, vwap } from '../../src/pricing/vwap.ts';
import { levels } from './levels.ts';

const ONE = toQty('1');

describe('the price of a size through depth', () => {
  const asks = levels([100, 1], [101, 2], [103, 4]);

  test.each([
    ['a part of the best level costs its price', '0.5', '100', '100', '50'],
    ['exactly the best level does not touch the next', '1', '100', '100', '100'],
    // (100 + 2 x 101) / 3 = 100.666…, rounded up for a buyer.
    ['two levels are averaged by size', '3', '100.666666666666666667', '101', '302'],
    // (100 + 202 + 2 x 103) / 5 = 101.6
    ['a part of the last level counts as taken', '5', '101.6', '103', '508'],
  ])('%s', (_title, qty, average, worstPrice, notionalUsd) => {
    const depth = { levels: asks, contractSize: ONE };
    expect(vwap(depth, 'buy', toQty(qty))).toEqual({
      kind: 'filled',
      touchPrice: '100',
      vwap: average,
      worstPrice,
      notionalUsd,
    });
  });

  test('a seller gets the average rounded down', () => {
    const bids = levels([100, 1], [99, 2]);
    // (100 + 2 x 99) / 3 = 99.333…
    const sold = vwap({ levels: bids, contractSize: ONE }, 'sell', toQty('3'));
    expect(sold).toMatchObject({ vwap: '99.333333333333333333', worstPrice: '99' });
  });

  test('contracts become base units', () => {
    // 5 contracts of 0.01 at 100, then 100 of them at 102: 0.1 base costs (5 + 5.1) / 0.1 = 101.
    const depth = { levels: levels([100, 5], [102, 100]), contractSize: toQty('0.01') };
    expect(vwap(depth, 'buy', toQty('0.1'))).toMatchObject({ vwap: '101', worstPrice: '102' });
  });

  test('too little depth says how much is there and how much is missing', () => {
    expect(vwap({ levels: asks, contractSize: ONE }, 'buy', toQty('9.5'))).toEqual({
      kind: 'short',
      availableQty: '7',
      missingQty: '2.5',
    });
  });

  test('depth ends at the first level that is no number', () => {
    const broken = levels([100, 1], [NaN, 5], [102, 5]);
    expect(vwap({ levels: broken, contractSize: ONE }, 'buy', toQty('2'))).toMatchObject({
      kind: 'short',
      availableQty: '1',
    });
    expect(touchPrice(levels())).toBeUndefined();
  });
});

const pricedSizes = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000 })),
  { minLength: 1, maxLength: 8 },
);

/** Asks whose prices rise by each step, from 100. */
function rising(steps: readonly (readonly [number, number])[]): [number, number][] {
  let price = 100;
  return steps.map(([step, size]) => [(price += step / 10), size / 100]);
}

describe('for any book', () => {
  test('more depth at the best price never makes a purchase dearer', () => {
    fc.assert(
      fc.property(pricedSizes, fc.integer({ min: 1, max: 300 }), (steps, hundredths) => {
        const qty = toQty(hundredths / 100);
        const thin = rising(steps);
        const [[bestPrice, bestSize] = [NaN, NaN], ...others] = thin;
        const deep = levels([bestPrice, bestSize + 1], ...others);
        const before = vwap({ levels: levels(...thin), contractSize: ONE }, 'buy', qty);
        const after = vwap({ levels: deep, contractSize: ONE }, 'buy', qty);
        if (before.kind === 'short') return;
        if (after.kind === 'short') throw new Error('more depth must not run short');
        expect(compare(after.vwap, before.vwap)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('the screen agrees with the exact price within float noise, and on missing depth', () => {
    fc.assert(
      fc.property(pricedSizes, fc.integer({ min: 1, max: 3_000 }), (steps, hundredths) => {
        const book = levels(...rising(steps));
        const qty = toQty(hundredths / 100);
        const exact = vwap({ levels: book, contractSize: ONE }, 'buy', qty);
        const screened = screenVwap(book, hundredths / 100);
        if (exact.kind === 'short') {
          expect(plus(exact.availableQty, exact.missingQty)).toBe(qty);
          // A size that misses by float noise may pass the screen, never the other way round.
          if (toNumber(exact.missingQty) > 1e-9) expect(screened).toBeNaN();
        } else if (!Number.isNaN(screened)) {
          expect(Math.abs(screened / toNumber(exact.vwap) - 1)).toBeLessThan(1e-12);
        }
      }),
    );
  });
});
