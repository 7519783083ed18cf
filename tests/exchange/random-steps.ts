// Random lives of one account: books, marks, settlements, waits, orders, cancels and transfers, in
// any order.
import fc from 'fast-check';
import type { OrderRequest } from '../../src/domain/index.ts';
import { toUsd } from '../../src/domain/index.ts';
import { noFaults } from '../../src/exchange/index.ts';
import type { AccountLog, FaultPlan } from '../../src/exchange/index.ts';
import { ExchangeWorld } from './exchange-world.ts';
import { BTC, START_AT_MS } from './test-market.ts';
import type { Levels } from './test-market.ts';

export type Step =
  | { readonly kind: 'book'; readonly mid: number; readonly bids: Sizes; readonly asks: Sizes }
  | { readonly kind: 'mark'; readonly markPrice: number }
  | { readonly kind: 'funding'; readonly rate: number; readonly inMinutes: number }
  | { readonly kind: 'wait'; readonly durationMs: number }
  | { readonly kind: 'cancel'; readonly back: number }
  | { readonly kind: 'transfer'; readonly cents: number }
  | ({ readonly kind: 'place' } & Placing);
type Sizes = readonly number[];
interface Placing {
  readonly side: 'buy' | 'sell';
  readonly steps: number;
  readonly ticks: number;
  readonly timeInForce: 'IOC' | 'GTC';
  readonly reduceOnly: boolean;
}

export const sizes = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 6, size: 'max' });
const book = fc.record({
  kind: fc.constant('book' as const),
  mid: fc.integer({ min: 190, max: 210 }),
  bids: sizes,
  asks: sizes,
});
const mark = fc.record({
  kind: fc.constant('mark' as const),
  markPrice: fc.integer({ min: 60, max: 140 }),
});
const funding = fc.record({
  kind: fc.constant('funding' as const),
  rate: fc.integer({ min: -75, max: 75 }).map((count) => count / 10_000),
  inMinutes: fc.integer({ min: 1, max: 12 }),
});
const wait = fc.record({
  kind: fc.constant('wait' as const),
  durationMs: fc.constantFrom(1, 7, 40, 90, 700, 61_000, 600_000),
});
const cancel = fc.record({
  kind: fc.constant('cancel' as const),
  back: fc.integer({ min: 1, max: 4 }),
});
const transfer = fc.record({
  kind: fc.constant('transfer' as const),
  cents: fc.integer({ min: -60_000, max: 60_000 }),
});
const place = fc.record({
  kind: fc.constant('place' as const),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  steps: fc.integer({ min: 1, max: 120 }),
  ticks: fc.integer({ min: 180, max: 220 }),
  timeInForce: fc.constantFrom('IOC' as const, 'GTC' as const),
  reduceOnly: fc.constantFrom(false, false, true),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: book },
  { weight: 1, arbitrary: mark },
  { weight: 1, arbitrary: funding },
  { weight: 4, arbitrary: wait },
  { weight: 1, arbitrary: cancel },
  { weight: 1, arbitrary: transfer },
  { weight: 7, arbitrary: place },
);
export const steps = fc.array(step, { minLength: 20, maxLength: 80, size: 'max' });

const half = (ticks: number): number => ticks / 2;
export const levels = (from: number, by: number, found: Sizes): Levels =>
  found.map((size, depth) => [half(from + by * depth), size] as const);

/** Plays the steps, and gives the orders as they were placed. */
export function play(world: ExchangeWorld, script: readonly Step[]): readonly OrderRequest[] {
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
        const sinceStartMs = world.clock.nowMs() - START_AT_MS;
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
      case 'transfer':
        world.exchange.transfer(toUsd((now.cents / 100).toFixed(2)));
        break;
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

/** Little money and an uneven way. */
export const newWorld = (faults: FaultPlan = noFaults(), log?: AccountLog): ExchangeWorld =>
  new ExchangeWorld({
    faults,
    ...(log === undefined ? {} : { log }),
    settings: { depositUsd: toUsd('600'), latencyMs: { min: 1, max: 40 } },
  });
