// What holds for any orders against any books: money adds up, limits are kept, the seed decides all.
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
  seededRandom,
  times,
  total,
  toQty,
  toRate,
  toUsd,
  ZERO_QTY,
} from '../../src/domain/index.ts';
import type { Fill, OrderRequest, Qty } from '../../src/domain/index.ts';
import { noFaults, seededFaults } from '../../src/exchange/index.ts';
import type { FaultPlan } from '../../src/exchange/index.ts';
import { BTC, ExchangeWorld } from './exchange-world.ts';
import type { Levels } from './exchange-world.ts';

type Step =
  | { readonly kind: 'book'; readonly mid: number; readonly bids: Sizes; readonly asks: Sizes }
  | { readonly kind: 'mark'; readonly markPrice: number }
  | { readonly kind: 'funding'; readonly rate: number; readonly inMinutes: number }
  | { readonly kind: 'wait'; readonly durationMs: number }
  | { readonly kind: 'cancel'; readonly back: number }
  | ({ readonly kind: 'place' } & Placing);
type Sizes = readonly number[];
interface Placing {
  readonly side: 'buy' | 'sell';
  readonly steps: number;
  readonly ticks: number;
  readonly timeInForce: 'IOC' | 'GTC';
  readonly reduceOnly: boolean;
}

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('book' as const),
    mid: fc.integer({ min: 180, max: 220 }),
    bids: sizes,
    asks: sizes,
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    markPrice: fc.integer({ min: 60, max: 150 }),
  }),
  fc.record({
    kind: fc.constant('funding' as const),
    rate: fc.integer({ min: -75, max: 75 }).map((count) => count / 10_000),
    inMinutes: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    kind: fc.constant('wait' as const),
    durationMs: fc.constantFrom(1, 7, 40, 700, 61_000, 600_000),
  }),
  fc.record({ kind: fc.constant('cancel' as const), back: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('place' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    steps: fc.integer({ min: 1, max: 200 }),
    ticks: fc.integer({ min: 170, max: 230 }),
    timeInForce: fc.constantFrom('IOC' as const, 'GTC' as const),
    reduceOnly: fc.boolean(),
  }),
);
const steps = fc.array(step, { minLength: 5, maxLength: 60 });

const half = (ticks: number): number => ticks / 2;
const levels = (from: number, by: number, found: Sizes): Levels =>
  found.map((size, depth) => [half(from + by * depth), size] as const);

/** Plays the steps, and gives the orders as they were placed. */
function play(world: ExchangeWorld, script: readonly Step[]): readonly OrderRequest[] {
  const placed: OrderRequest[] = [];
  for (const now of script) {
    switch (now.kind) {
      case 'book':
        world.book(BTC, {
          bids: levels(now.mid - 1, -1, now.bids),
          asks: levels(now.mid + 1, 1, now.asks),
        });
        break;
      case 'mark':
        world.mark(BTC, now.markPrice);
        break;
      case 'funding': {
        const everyHours = 1;
        const sinceStartMs = world.clock.nowMs() - Date.UTC(2026, 0, 1);
        const atHour = (Math.floor(sinceStartMs / 60_000) + now.inMinutes) / 60;
        world.funding(BTC, { rate: now.rate, atHour, everyHours });
        break;
      }
      case 'wait':
        world.pass(now.durationMs);
        break;
      case 'cancel': {
        const order = placed.at(-now.back);
        if (order !== undefined) world.exchange.cancel(order);
        break;
      }
      case 'place': {
        const { side, timeInForce, reduceOnly } = now;
        const qty = (now.steps / 10).toFixed(1);
        const limitPrice = half(now.ticks).toFixed(1);
        const order = world.order({ side, qty, limitPrice, timeInForce, reduceOnly });
        placed.push(order);
        world.exchange.place(order);
        break;
      }
    }
  }
  world.pass(10_000);
  return placed;
}

const newWorld = (faults: FaultPlan = noFaults()): ExchangeWorld =>
  new ExchangeWorld({
    faults,
    settings: { depositUsd: toUsd('600'), latencyMs: { min: 1, max: 40 } },
  });

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
      const others = total([of('deposit'), of('fee'), of('funding'), of('insurance')]);
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

  test('the same seed says the same, byte for byte, faults and all', () => {
    const rates = {
      partial: 0.3,
      reject: 0.1,
      'ack-lost': 0.2,
      'order-lost': 0.1,
      'answer-late': 0.3,
      'fill-duplicated': 0.3,
      'fill-late': 0.3,
      'report-reordered': 0.3,
    };
    fc.assert(
      fc.property(steps, fc.string(), (script, seed) => {
        const told = [0, 1].map(() => {
          const world = newWorld(seededFaults(seededRandom(seed), rates));
          play(world, script);
          return JSON.stringify([world.heard, world.exchange.ledger.entries]);
        });
        expect(told[0]).toBe(told[1]);
      }),
      { numRuns: 60 },
    );
  });

  test('whatever is lost or late on the way, the venue itself stays right', () => {
    const rates = { partial: 0.3, 'ack-lost': 0.3, 'fill-duplicated': 0.4, 'fill-late': 0.4 };
    fc.assert(
      fc.property(steps, (script) => {
        const world = newWorld(seededFaults(seededRandom('swarm'), rates));
        for (const order of play(world, script)) world.exchange.query(order);
        world.pass(1_000);
        const fills = new Map<string, Fill>();
        for (const report of world.reports) {
          if (report.type === 'position.liquidated') fills.set(report.fill.fillId, report.fill);
          if (report.type !== 'order.answered' || report.evidence.kind === 'absent') continue;
          for (const fill of report.evidence.fills) fills.set(fill.fillId, fill);
        }
        const positionQty = world.exchange.statement().positions[0]?.qty ?? ZERO_QTY;
        expect(positionQty).toBe(signedQty([...fills.values()]));
      }),
      { numRuns: 60 },
    );
  });
});

/** Fill ids end with their number in order of booking. */
const byBooking = (left: Fill, right: Fill): number => ordinal(left) - ordinal(right);
const ordinal = ({ fillId }: Fill): number => Number(fillId.split('-f').at(-1));
