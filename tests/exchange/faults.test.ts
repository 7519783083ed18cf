// Each kind of fault, as the story of one order.
import { describe, expect, test } from 'vitest';
import { toMs, toRate } from '../../src/domain/index.ts';
import { scriptedFaults } from '../../src/exchange/index.ts';
import type { Fault } from '../../src/exchange/index.ts';
import { ExchangeWorld } from './exchange-world.ts';
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

/** What arrives after one order, with the instant, and the answer when asked at the end. */
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
