// When funding counts and when it does not: signs, margins of time, unequal intervals.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from '../../src/domain/index.ts';
import { plus, toMs, toNumber } from '../../src/domain/index.ts';
import type { FundedLeg, FundingWindow } from '../../src/pricing/funding-flow.ts';
import {
  fundingFlow,
  fundingPerHourBps,
  lastSettlementAtMs,
  receivableBps,
  screenFlowBps,
} from '../../src/pricing/funding-flow.ts';
import { bestHold } from '../../src/pricing/hold.ts';

const HOUR = 3_600_000;
const SECOND = 1_000;

const leg = (side: Side, fundingRate: number, inMs: number, hours = 8): FundedLeg => ({
  side,
  terms: { fundingRate, fundingAtMs: toMs(inMs), fundingIntervalMs: toMs(hours * HOUR) },
});

/** From 0 to the given end; margins of 15 s unless told. */
const until = (toAtMs: number, marginMs = 15 * SECOND): FundingWindow => ({
  fromAtMs: toMs(0),
  toAtMs: toMs(toAtMs),
  entryMarginMs: toMs(marginMs),
  exitMarginMs: toMs(marginMs),
});

describe('the funding of one leg', () => {
  test.each<[string, FundedLeg, number, string, number[]]>([
    ['a short receives a positive rate', leg('sell', 0.003, HOUR), 2 * HOUR, '30', [HOUR]],
    ['a long pays a positive rate', leg('buy', 0.003, HOUR), 2 * HOUR, '-30', [HOUR]],
    ['a long receives a negative rate', leg('buy', -0.0025, HOUR), 2 * HOUR, '25', [HOUR]],
    ['a short pays a negative rate', leg('sell', -0.0025, HOUR), 2 * HOUR, '-25', [HOUR]],
    ['a rate of zero moves nothing', leg('buy', 0, HOUR), 2 * HOUR, '0', []],
    ['nothing is paid before the settlement', leg('sell', 0.003, HOUR), HOUR / 2, '0', []],
    [
      'an hourly leg pays at each of its settlements',
      leg('buy', 0.0005, HOUR, 1),
      3 * HOUR + 60 * SECOND,
      '-15',
      [HOUR, 2 * HOUR, 3 * HOUR],
    ],
    [
      'income after the next settlement is not estimated by anyone and does not count',
      leg('sell', 0.0005, HOUR, 1),
      3 * HOUR + 60 * SECOND,
      '5',
      [HOUR],
    ],
  ])('%s', (_title, funded, toAtMs, fundingBps, settlementsAtMs) => {
    expect(fundingFlow(funded, until(toAtMs))).toEqual({ fundingBps, settlementsAtMs });
  });

  test.each<[string, number, number, string, string]>([
    ['14 s after opening', 14 * SECOND, HOUR, '0', '-30'],
    ['16 s after opening', 16 * SECOND, HOUR, '30', '-30'],
    ['14 s before closing', HOUR - 14 * SECOND, HOUR, '0', '-30'],
    ['16 s before closing', HOUR - 16 * SECOND, HOUR, '30', '-30'],
    ['14 s after closing', HOUR + 14 * SECOND, HOUR, '0', '-30'],
    ['16 s after closing', HOUR + 16 * SECOND, HOUR, '0', '0'],
    ['14 s before opening', -14 * SECOND, HOUR, '0', '-30'],
    ['16 s before opening', -16 * SECOND, HOUR, '0', '0'],
  ])('a settlement %s counts when uncertain only as a cost', (_when, at, end, income, cost) => {
    expect(fundingFlow(leg('sell', 0.003, at), until(end)).fundingBps).toBe(income);
    expect(fundingFlow(leg('buy', 0.003, at), until(end)).fundingBps).toBe(cost);
  });

  test('terms that are broken or absent pay nothing and receive nothing', () => {
    for (const terms of [
      undefined,
      { fundingRate: NaN, fundingAtMs: toMs(HOUR), fundingIntervalMs: toMs(HOUR) },
      { fundingRate: 0.01, fundingAtMs: toMs(HOUR), fundingIntervalMs: toMs(1) },
    ]) {
      expect(fundingFlow({ side: 'buy', terms }, until(9 * HOUR)).fundingBps).toBe('0');
      expect(screenFlowBps({ side: 'buy', terms }, until(9 * HOUR))).toBe(0);
    }
  });

  test('rates are compared per hour', () => {
    const perHour = (rate: number, hours: number): string =>
      fundingPerHourBps({
        fundingRate: rate,
        fundingAtMs: toMs(0),
        fundingIntervalMs: toMs(hours * HOUR),
      });
    expect(perHour(0.0008, 8)).toBe('1');
    expect(perHour(0.0001, 1)).toBe('1');
    expect(perHour(-0.0002, 4)).toBe('-0.5');
    expect(perHour(0.0001, 2)).toBe('0.5');
  });
});

describe('the newest settlement', () => {
  const terms = { fundingRate: 0, fundingAtMs: toMs(8 * HOUR), fundingIntervalMs: toMs(4 * HOUR) };

  test.each<[string, number, number]>([
    ['is an interval before the announced one', 5 * HOUR, 4 * HOUR],
    ['is the announced one from its instant on', 8 * HOUR, 8 * HOUR],
    ['is the announced one while the venue names no next', 8 * HOUR + SECOND, 8 * HOUR],
    ['follows the schedule of a venue that has been silent for long', 13 * HOUR, 12 * HOUR],
  ])('%s', (_title, atMs, settledAtMs) => {
    expect(lastSettlementAtMs(terms, toMs(atMs))).toBe(settledAtMs);
  });
});

describe('the time to hold a pair', () => {
  test('an eight-hour leg may cost seven hourly payments before it pays once', () => {
    // Short receives 50 bps in 7.5 h; long pays 5 bps in half an hour and each hour after.
    const legs = [leg('buy', 0.0005, HOUR / 2, 1), leg('sell', 0.005, 7.5 * HOUR)];
    const hold = bestHold(legs, until(8 * HOUR));
    expect(hold?.untilAtMs).toBe(7.5 * HOUR + 15 * SECOND);
    // Settlements of the long leg at 0.5, 1.5 … 7.5 h: eight times 5 bps.
    expect(hold?.grossBps).toBeCloseTo(50 - 8 * 5, 9);
  });

  test('it ends after the income that leaves the most, before the costs that follow', () => {
    // Long receives 40 bps in one minute; short pays 30 bps in two hours.
    const legs = [leg('buy', -0.004, 60 * SECOND), leg('sell', -0.003, 2 * HOUR)];
    const hold = bestHold(legs, until(8 * HOUR));
    expect(hold).toEqual({ untilAtMs: 75 * SECOND, grossBps: 40 });
  });

  test('it waits for the second income when that is worth its costs', () => {
    const legs = [leg('buy', -0.001, 60 * SECOND), leg('sell', 0.004, 2 * HOUR)];
    const hold = bestHold(legs, until(8 * HOUR));
    expect(hold?.untilAtMs).toBe(2 * HOUR + 15 * SECOND);
    expect(hold?.grossBps).toBeCloseTo(50, 9);
  });

  test('a pair that receives nothing is held for no time', () => {
    expect(bestHold([leg('buy', 0.001, HOUR), leg('sell', -0.001, HOUR)], until(9 * HOUR))).toBe(
      undefined,
    );
  });
});

const anyLeg = fc
  .record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    rate: fc.integer({ min: -300, max: 300 }),
    inMs: fc.integer({ min: -10 * HOUR, max: 20 * HOUR }),
    hours: fc.constantFrom(1, 2, 4, 8),
  })
  .map(({ side, rate, inMs, hours }) => leg(side, rate / 100_000, inMs, hours));

describe('for any schedule', () => {
  test('funding is additive over time: two spans side by side are one', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 30 * HOUR }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(anyLeg, instants, (funded, unordered) => {
        const [start = 0, middle = 0, end = 0] = unordered.toSorted((a, b) => a - b);
        const flow = (from: number, to: number) =>
          fundingFlow(funded, { ...until(to, 0), fromAtMs: toMs(from) }).fundingBps;
        expect(plus(flow(start, middle), flow(middle, end))).toBe(flow(start, end));
      }),
    );
  });

  test('a wider margin never helps, and the screen agrees with the exact flow', () => {
    const margin = fc.integer({ min: 0, max: HOUR });
    fc.assert(
      fc.property(anyLeg, margin, margin, (funded, one, other) => {
        const flow = (marginMs: number) => {
          const window = until(9 * HOUR, marginMs);
          const exact = toNumber(fundingFlow(funded, window).fundingBps);
          expect(screenFlowBps(funded, window)).toBeCloseTo(exact, 9);
          return exact;
        };
        const [tight, wide] = [Math.min(one, other), Math.max(one, other)];
        expect(flow(wide)).toBeLessThanOrEqual(flow(tight));
        const mostBps = receivableBps(funded.side, funded.terms);
        expect(flow(wide)).toBeLessThanOrEqual(mostBps + 1e-9);
      }),
    );
  });
});
