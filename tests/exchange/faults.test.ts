// Each kind of fault, the demonstration script and the dice.
import { describe, expect, test } from 'vitest';
import { seededRandom, toMs, toRate, toVenueId } from '../../src/domain/index.ts';
import type { Ms, OrderRequest } from '../../src/domain/index.ts';
import { demoFaults, scriptedFaults, seededFaults } from '../../src/exchange/index.ts';
import type { Fault, FaultKind, FaultPlan } from '../../src/exchange/index.ts';
import { ExchangeWorld, orderOf } from './exchange-world.ts';
import type { OrderChanges } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, START_AT_MS } from './test-market.ts';

const BOOK = {
  bids: [[99, 50]],
  asks: [
    [100, 10],
    [101, 20],
  ],
} as const;
const buy = { side: 'buy', qty: '2', limitPrice: '101' } as const;

function worldWith(fault: Fault): ExchangeWorld {
  const item = { label: 'test', armedAfterMs: toMs(0), befalls: 'any-order', fault } as const;
  const faults = scriptedFaults({ startedAtMs: START_AT_MS, items: [item] });
  const world = new ExchangeWorld({ faults });
  world.book(BTC, BOOK);
  return world;
}

/** What arrives after one order, with the instant, and what the venue says when asked at the end. */
function story(fault: Fault, changes: Partial<OrderChanges> = {}): readonly string[] {
  const world = worldWith(fault);
  const order = world.order({ ...buy, ...changes });
  world.exchange.place(order);
  world.pass(1_000);
  world.exchange.query(order);
  world.pass(20);
  return world.heard.map(({ atMs, report }) => `${atMs} ${line(report).split(' taker')[0] ?? ''}`);
}

describe('fault', () => {
  test.each<[string, Fault, readonly string[]]>([
    [
      'partial: an IOC takes a share of what it could',
      { kind: 'partial', fillShare: toRate('0.4') },
      ['20 accepted', '20 filled buy 0.8 at 100', '20 expired with 0.8', '1020 answered expired 1'],
    ],
    [
      'order-lost: nothing is heard, and the venue denies it',
      { kind: 'order-lost' },
      ['1020 answered absent'],
    ],
    [
      'ack-lost: nothing is heard, and the venue has filled it',
      { kind: 'ack-lost' },
      ['1020 answered filled 2'],
    ],
    [
      'answer-late: all of the answer is late, in order',
      { kind: 'answer-late', delayMs: toMs(300) },
      [
        '320 accepted',
        '320 filled buy 1 at 100',
        '320 filled buy 1 at 101',
        '320 filled with 2',
        '1020 answered filled 2',
      ],
    ],
    [
      'fill-duplicated: each fill comes twice',
      { kind: 'fill-duplicated' },
      [
        '20 accepted',
        '20 filled buy 1 at 100',
        '20 filled buy 1 at 100',
        '20 filled buy 1 at 101',
        '20 filled buy 1 at 101',
        '20 filled with 2',
        '1020 answered filled 2',
      ],
    ],
    [
      'fill-late: fills come after the end',
      { kind: 'fill-late', delayMs: toMs(250) },
      [
        '20 accepted',
        '20 filled with 2',
        '270 filled buy 1 at 100',
        '270 filled buy 1 at 101',
        '1020 answered filled 2',
      ],
    ],
    [
      'report-reordered: fills come before the acceptance',
      { kind: 'report-reordered' },
      [
        '20 filled buy 1 at 100',
        '20 filled buy 1 at 101',
        '20 accepted',
        '20 filled with 2',
        '1020 answered filled 2',
      ],
    ],
  ])('%s', (_name, fault, expected) => {
    expect(story(fault)).toEqual(expected);
  });

  test('partial leaves a resting order alone', () => {
    const partial: Fault = { kind: 'partial', fillShare: toRate('0.4') };
    expect(story(partial, { timeInForce: 'GTC' })).toContain('20 filled with 2');
  });

  test('ack-lost of a resting order: the order lives, and later fills are heard', () => {
    const world = worldWith({ kind: 'ack-lost' });
    world.trade({ ...buy, qty: '1.5', limitPrice: '100', timeInForce: 'GTC' });
    expect(world.heard).toEqual([]);
    world.book(BTC, { bids: [[98, 10]], asks: [[99, 10]] });
    world.pass(20);
    expect(world.reports.map(line)).toEqual([
      'filled buy 0.5 at 100 maker fee 0.01',
      'filled with 1.5',
    ]);
  });

  test('fill-late crosses a cancel: the fill comes after the cancellation', () => {
    const world = worldWith({ kind: 'fill-late', delayMs: toMs(250) });
    const order = world.order({ ...buy, limitPrice: '100', timeInForce: 'GTC' });
    world.exchange.place(order);
    world.exchange.cancel(order);
    world.pass(500);
    expect(world.reports.map(line)).toEqual([
      'accepted',
      'cancelled with 1',
      'filled buy 1 at 100 taker fee 0.05',
    ]);
  });

  test('reject: entry orders are refused for a while, reductions are not', () => {
    const world = worldWith({ kind: 'reject', forMs: toMs(1_000) });
    const refused = ['rejected venue.entries-refused'];
    expect(world.trade(buy).map(line)).toEqual(refused);
    world.pass(900);
    expect(world.trade(buy).map(line)).toEqual(refused);
    world.pass(100);
    world.book(BTC, BOOK);
    expect(world.trade({ ...buy, qty: '1' }).map(line)).toContain('filled with 1');

    const holding = new ExchangeWorld({
      faults: scriptedFaults({
        startedAtMs: START_AT_MS,
        items: [
          {
            label: 'test',
            armedAfterMs: toMs(100),
            befalls: 'any-order',
            fault: { kind: 'reject', forMs: toMs(1_000) },
          },
        ],
      }),
    });
    holding.book(BTC, BOOK);
    holding.trade({ ...buy, qty: '1' });
    holding.pass(200);
    expect(holding.trade(buy).map(line)).toEqual(refused);
    const close = { side: 'sell', qty: '1', limitPrice: '99', reduceOnly: true } as const;
    expect(holding.trade(close).map(line)).toContain('filled with 1');
  });
});

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
