// Which orders the demonstration script and the dice befall.
import { describe, expect, test } from 'vitest';
import { seededRandom, toInstrumentId, toMs, toVenueId } from '../../src/domain/index.ts';
import type { Ms, OrderRequest } from '../../src/domain/index.ts';
import { demoFaults, seededFaults } from '../../src/exchange/index.ts';
import type { FaultKind, FaultPlan } from '../../src/exchange/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { ExchangeWorld, orderOf } from './exchange-world.ts';
import { line } from './report-line.ts';
import { START_AT_MS } from './test-market.ts';

const buy = { side: 'buy', qty: '2', limitPrice: '101' } as const;

describe('the demonstration', () => {
  const OKX = toVenueId('okx');
  const BYBIT = toVenueId('bybit');
  const at = (sinceStartMs: number): Ms => toMs(START_AT_MS + sinceStartMs);
  const entry = (venueId: typeof OKX, ordinal: number, trade: number): OrderRequest =>
    orderOf(venueId, ordinal, { ...buy, trade });
  const kinds = (
    plan: FaultPlan,
    order: OrderRequest,
    sinceStartMs: number,
  ): readonly FaultKind[] => plan.faultsFor(order, at(sinceStartMs)).map(({ kind }) => kind);

  test('befalls the second order of the first pair after each arming, once, and says so', () => {
    const told: string[] = [];
    const plan = demoFaults({
      startedAtMs: START_AT_MS,
      onFault: ({ kind, label, venueId }) => told.push(`${venueId} ${kind}: ${label}`),
    });
    const pair = (trade: number, sinceStartMs: number, gapMs = 5): readonly FaultKind[] => [
      ...kinds(plan, entry(OKX, 2 * trade, trade), sinceStartMs),
      ...kinds(plan, entry(BYBIT, 2 * trade + 1, trade), sinceStartMs + gapMs),
    ];
    expect(pair(1, 7_000)).toEqual([]);
    expect(pair(2, 8_000, 301)).toEqual([]);
    expect(pair(3, 9_000)).toEqual(['partial']);
    expect(pair(4, 10_000)).toEqual([]);
    expect(pair(5, 16_000)).toEqual(['reject']);
    expect(kinds(plan, entry(BYBIT, 20, 6), 19_004)).toEqual(['reject']);
    expect(kinds(plan, { ...entry(BYBIT, 21, 5), reduceOnly: true }, 19_004)).toEqual([]);
    expect(kinds(plan, entry(OKX, 22, 7), 19_004)).toEqual([]);
    expect(kinds(plan, entry(BYBIT, 23, 8), 19_005)).toEqual([]);
    expect(pair(9, 60_000)).toEqual([]);
    expect(told).toEqual([
      'bybit partial: demo scenario: the second leg fills only 40 %',
      ...Array.from(
        { length: 2 },
        () =>
          'bybit reject: demo scenario: the venue of the second leg refuses entry orders for 3 s',
      ),
    ]);
  });

  test('runs over two venues that share it: the second leg fills 40 %, its partner all', () => {
    const faults = demoFaults({ startedAtMs: START_AT_MS });
    const clock = new VirtualClock(START_AT_MS);
    const worlds = [OKX, BYBIT].map(
      (venueId) => new ExchangeWorld({ faults, clock, settings: { venueId } }),
    );
    clock.advanceTo(at(8_500));
    for (const world of worlds) {
      const { venueId } = world.exchange;
      world.book(toInstrumentId(venueId, 'BTC/USDT:USDT'), { bids: [], asks: [[100, 50]] });
      world.exchange.place(world.order(buy));
    }
    clock.advanceTo(at(8_600));
    expect(worlds.map(({ reports }) => reports.map(line).at(-1))).toEqual([
      'filled with 2',
      'expired with 0.8',
    ]);
  });

  test('takes neither two orders of different trades nor two at one venue for a pair', () => {
    const plan = demoFaults({ startedAtMs: START_AT_MS });
    expect(kinds(plan, entry(OKX, 1, 1), 9_000)).toEqual([]);
    expect(kinds(plan, entry(BYBIT, 2, 2), 9_001)).toEqual([]);
    expect(kinds(plan, entry(OKX, 3, 1), 9_002)).toEqual([]);
    expect(kinds(plan, entry(BYBIT, 4, 1), 9_003)).toEqual(['partial']);
  });
});

describe('faults by dice', () => {
  const orders = Array.from({ length: 400 }, (_, ordinal) =>
    orderOf(toVenueId('okx'), ordinal, { ...buy, reduceOnly: ordinal % 2 === 0 }),
  );
  const run = (rates: Parameters<typeof seededFaults>[1]): readonly string[] => {
    const plan = seededFaults(seededRandom('dice'), rates);
    return orders.flatMap((order, index) =>
      plan.faultsFor(order, toMs(index * 10_000)).map((fault) => `${index} ${fault.kind}`),
    );
  };

  test('come about as often as asked, entries only for rejects', () => {
    const seen = run({ 'ack-lost': 0.25, reject: 0.5 });
    const lost = seen.filter((said) => said.endsWith('ack-lost')).length;
    expect(lost).toBeGreaterThan(70);
    expect(lost).toBeLessThan(130);
    const rejected = seen.filter((said) => said.endsWith('reject'));
    expect(rejected.length).toBeGreaterThan(70);
    expect(rejected.every((said) => Number(said.split(' ')[0]) % 2 === 1)).toBe(true);
  });

  test('of one kind stay where they are when another is switched off', () => {
    const both = run({ 'fill-late': 0.2, 'ack-lost': 0.2 });
    const one = run({ 'fill-late': 0.2 });
    expect(both.filter((said) => said.endsWith('fill-late'))).toEqual(one);
    expect(run({})).toEqual([]);
  });
});
