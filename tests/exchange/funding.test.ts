// Funding: who holds a position at the instant pays or receives, once, whatever the announcements
// do.
import { describe, expect, test } from 'vitest';
import { ExchangeWorld } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, HOUR_MS } from './test-market.ts';

const EIGHT = 8 * HOUR_MS;
const buy = { side: 'buy', qty: '2', limitPrice: '101' } as const;
const sell = { side: 'sell', qty: '2', limitPrice: '99' } as const;

function worldAt(sinceStartMs: number, latencyMs = { min: 10, max: 10 }): ExchangeWorld {
  const world = new ExchangeWorld({ settings: { latencyMs } });
  world.passTo(sinceStartMs);
  world.mark(BTC, 100);
  refresh(world);
  return world;
}

const refresh = (world: ExchangeWorld): void =>
  world.book(BTC, { bids: [[99, 10_000]], asks: [[101, 10_000]] });

const paid = (world: ExchangeWorld): readonly string[] =>
  world.reports.filter(({ type }) => type === 'funding.paid').map(line);

describe('funding', () => {
  test.each([
    ['a long pays a positive rate', buy, 0.0001, 'funding -0.02'],
    ['a short receives a positive rate', sell, 0.0001, 'funding 0.02'],
    ['a long receives a negative rate', buy, -0.0003, 'funding 0.06'],
  ])('%s', (_name, order, rate, expected) => {
    const world = worldAt(0);
    world.funding(BTC, { rate, atHour: 8, everyHours: 8 });
    world.trade(order);
    world.passTo(EIGHT + 100);
    expect(paid(world)).toEqual([expected]);
    expect(world.exchange.ledger.entries.at(-1)).toMatchObject({
      kind: 'funding',
      fundingAtMs: world.view(BTC).funding?.fundingAtMs,
    });
  });

  test('uses the mark and the rate of the instant, not of the entry', () => {
    const world = worldAt(0);
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.trade(buy);
    world.passTo(EIGHT - 1);
    world.mark(BTC, 110);
    world.funding(BTC, { rate: 0.0002, atHour: 8, everyHours: 8 });
    world.passTo(EIGHT + 20);
    expect(paid(world)).toEqual(['funding -0.044']);
  });

  test.each([
    ['arrives a millisecond before the instant', EIGHT - 11, ['funding -0.02']],
    ['arrives at the very instant', EIGHT - 10, []],
    ['arrives after it', EIGHT - 9, []],
  ])('an entry that %s', (_name, placedAt, expected) => {
    const world = worldAt(placedAt);
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.exchange.place(world.order(buy));
    world.passTo(EIGHT + 100);
    expect(paid(world)).toEqual(expected);
  });

  test('what was sent before the announcement and arrives at the instant comes after it', () => {
    const world = worldAt(EIGHT - 500);
    world.trade(buy);
    world.passTo(EIGHT - 10);
    world.exchange.place(world.order({ ...buy, qty: '3' }));
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.passTo(EIGHT + 100);
    expect(world.exchange.statement().positions[0]?.qty).toBe('5');
    expect(paid(world)).toEqual(['funding -0.02']);
  });

  test('a position that is closed before the instant owes nothing', () => {
    const world = worldAt(EIGHT - 500);
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.trade(buy);
    world.trade({ ...sell, reduceOnly: true });
    world.passTo(EIGHT + 100);
    expect(paid(world)).toEqual([]);
  });

  test('is paid once however often the market repeats itself', () => {
    const world = worldAt(0);
    const next = { rate: 0.0001, atHour: 8, everyHours: 8 };
    world.funding(BTC, next);
    world.trade(buy);
    for (const sinceStartMs of [EIGHT - 1, EIGHT, EIGHT + 1, EIGHT + 60_000]) {
      world.passTo(sinceStartMs);
      world.funding(BTC, next);
      refresh(world);
    }
    world.pass(100);
    expect(paid(world)).toHaveLength(1);
  });

  test.each([
    ['early', EIGHT - 14_000],
    ['at the instant', EIGHT],
    ['late', EIGHT + 14_000],
  ])('the settlement after may be announced %s: both are paid', (_name, announcedAt) => {
    const world = worldAt(0);
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.trade(buy);
    world.passTo(announcedAt);
    world.funding(BTC, { rate: 0.0005, atHour: 16, everyHours: 8 });
    world.passTo(2 * EIGHT + 100);
    expect(paid(world)).toEqual(['funding -0.02', 'funding -0.1']);
  });

  test('the interval may shorten and lengthen inside the day', () => {
    const world = worldAt(0);
    world.funding(BTC, { rate: 0.0008, atHour: 8, everyHours: 8 });
    world.trade(buy);
    // At 01:30 the venue turns to hourly settlements, at 03:30 back to four hours.
    for (const [sinceStartHours, rate, atHour, everyHours] of [
      [1.5, 0.0001, 2, 1],
      [2.01, 0.0002, 3, 1],
      [3.01, 0.0003, 4, 1],
      [3.5, 0.0004, 8, 4],
      [8.01, 0.0005, 12, 4],
    ] as const) {
      world.passTo(sinceStartHours * HOUR_MS);
      world.funding(BTC, { rate, atHour, everyHours });
    }
    world.passTo(13 * HOUR_MS);
    const settled = world.reports.flatMap((report) =>
      report.type === 'funding.paid'
        ? [[new Date(report.payment.fundingAtMs).getUTCHours(), report.payment.fundingRate]]
        : [],
    );
    expect(settled).toEqual([
      [2, '0.0001'],
      [3, '0.0002'],
      [8, '0.0004'],
      [12, '0.0005'],
    ]);
  });

  test('an announcement of the past is not paid', () => {
    const world = worldAt(EIGHT + 1);
    world.trade(buy);
    world.funding(BTC, { rate: 0.0001, atHour: 8, everyHours: 8 });
    world.pass(1_000);
    expect(paid(world)).toEqual([]);
  });
});
