// What holds for any orders against any books: money adds up, limits are kept, the seed decides
// all.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  compare,
  isLess,
  isMore,
  minus,
  moved,
  negate,
  notional,
  plus,
  times,
  total,
  toQty,
  toRate,
  toUsd,
  ZERO_QTY,
} from '../../src/domain/index.ts';
import type { Fill, OrderRequest, Qty } from '../../src/domain/index.ts';
import type { ExchangeWorld } from './exchange-world.ts';
import { levels, newWorld, play, sizes, steps } from './random-steps.ts';
import { BTC } from './test-market.ts';

/** Runs the check over worlds that lived through random steps. */
const always = (check: (world: ExchangeWorld, placed: readonly OrderRequest[]) => void): void =>
  fc.assert(
    fc.property(steps, (script) => {
      const world = newWorld();
      const placed = play(world, script);
      check(world, placed);
    }),
    { numRuns: 150 },
  );

const signedQty = (fills: readonly Fill[]): Qty =>
  fills.reduce((qty, fill) => moved(qty, fill.side, fill.qty), ZERO_QTY);

describe('for any orders against any books', () => {
  test('the ledger sums to its balance, entry by entry', () => {
    always(({ exchange: { ledger } }) => {
      let balanceUsd = toUsd('0');
      ledger.entries.forEach((entry, index) => {
        balanceUsd = plus(balanceUsd, entry.amountUsd);
        expect([entry.ordinal, entry.balanceUsd]).toEqual([index + 1, balanceUsd]);
      });
      expect(ledger.balanceUsd).toBe(balanceUsd);
    });
  });

  test('profits of all fills and the cost of what is open are what was bought and sold', () => {
    always(({ exchange, fills }) => {
      const of = (kind: string) =>
        total(
          exchange.ledger.entries
            .filter((entry) => entry.kind === kind)
            .map(({ amountUsd }) => amountUsd),
        );
      const soldUsd = total(
        fills.map(({ side, price, qty }) => {
          const amountUsd = notional(price, qty);
          return side === 'sell' ? amountUsd : negate(amountUsd);
        }),
      );
      const { equityUsd, positions } = exchange.statement();
      const valueUsd = total(positions.map(({ markPrice, qty }) => notional(markPrice, qty)));
      const others = total([
        of('deposit'),
        of('withdrawal'),
        of('fee'),
        of('funding'),
        of('insurance'),
      ]);
      expect(equityUsd).toBe(total([others, soldUsd, valueUsd]));
    });
  });

  test('the position is the sum of the fills', () => {
    always(({ exchange, fills }) => {
      const positionQty = exchange.statement().positions[0]?.qty ?? ZERO_QTY;
      expect(positionQty).toBe(signedQty(fills));
    });
  });

  test('fees are price times quantity times rate, to the last digit', () => {
    always(({ exchange, fills }) => {
      for (const { price, qty, liquidity, feeUsd } of fills) {
        const rate = toRate(liquidity === 'maker' ? '0.0002' : '0.0005');
        expect(feeUsd).toBe(times(times(toUsd(price), qty), rate));
      }
      const charged = exchange.ledger.entries.filter(({ kind }) => kind === 'fee');
      expect(charged.map(({ amountUsd }) => amountUsd)).toEqual(
        fills.toSorted(byBooking).map(({ feeUsd }) => negate(feeUsd)),
      );
    });
  });

  test('no fill is worse than its limit and no order fills beyond its quantity', () => {
    always((world, placed) => {
      for (const { clientOrderId, side, limitPrice, qty } of placed) {
        const fills = world.fills.filter((fill) => fill.clientOrderId === clientOrderId);
        for (const { price } of fills) {
          expect(side === 'buy' ? isMore(price, limitPrice) : isLess(price, limitPrice)).toBe(
            false,
          );
        }
        expect(isMore(total(fills.map((fill) => fill.qty)), qty)).toBe(false);
      }
    });
  });

  test('a reduce-only order never increases a position and never turns it over', () => {
    always((world, placed) => {
      const reducing = new Set(placed.filter((o) => o.reduceOnly).map((o) => o.clientOrderId));
      let before = ZERO_QTY;
      for (const fill of world.fills.toSorted(byBooking)) {
        const after = moved(before, fill.side, fill.qty);
        if (reducing.has(fill.clientOrderId)) {
          expect(absolute(after)).toBe(minus(absolute(before), fill.qty));
        }
        before = after;
      }
    });
  });

  test('what is taken of a book is never more than it shows', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 }),
        (asks, buys) => {
          const world = newWorld();
          world.book(BTC, { bids: [], asks: levels(200, 1, asks) });
          for (const count of buys) {
            const qty = (count / 10).toFixed(1);
            world.exchange.place(world.order({ side: 'buy', qty, limitPrice: '110' }));
          }
          world.pass(500);
          const shown = asks.reduce((sum, size) => sum + size, 0);
          const taken = total(world.fills.map(({ qty }) => qty));
          expect(compare(taken, toQty((shown / 10).toFixed(1)))).toBeLessThanOrEqual(0);
        },
      ),
    );
  });

  test('each settlement is paid at most once', () => {
    always(({ exchange }) => {
      const settled = exchange.ledger.entries
        .filter(({ kind }) => kind === 'funding')
        .map(({ fundingAtMs }) => fundingAtMs);
      expect(new Set(settled).size).toBe(settled.length);
    });
  });

  test('each order is answered, and ends with all of its fills told before', () => {
    always((world, placed) => {
      for (const { clientOrderId } of placed) {
        const reports = world.about(clientOrderId).filter(({ type }) => type !== 'order.answered');
        const [first] = reports;
        expect(['order.accepted', 'order.rejected']).toContain(first?.type);
        const end = reports.findIndex(({ type }) => type === 'order.ended');
        if (end < 0) continue;
        expect(end).toBe(reports.length - 1);
        const fills = world.fills.filter((fill) => fill.clientOrderId === clientOrderId);
        expect(reports.at(end)).toMatchObject({ filledQty: total(fills.map(({ qty }) => qty)) });
      }
    });
  });
});

/** Fill ids end with their number in order of booking. */
const byBooking = (left: Fill, right: Fill): number => ordinal(left) - ordinal(right);
const ordinal = ({ fillId }: Fill): number => Number(fillId.split('-f').at(-1));
