// When a held funding carry is left, and when it must not be.
import { describe, expect, test } from 'vitest';
import type { ExitSignal, HeldPosition, LeaveRule } from '../../src/domain/index.ts';
import { toMs, toPrice } from '../../src/domain/index.ts';
import { discovery } from '../../src/strategies/funding-carry/discover.ts';
import { exit } from '../../src/strategies/funding-carry/exit.ts';
import type { FundingCarrySettings } from '../../src/strategies/funding-carry/settings.ts';
import { bybit, NOW_MS, okx, SETTLED_AT_MS, settings } from './carry-market.ts';
import type { Listing } from './plain-market.ts';
import { listed, marketOf } from './plain-market.ts';

const HOUR_MS = 3_600_000;

/** The position that the opportunity in these listings becomes. */
function heldFrom(one: Listing, other: Listing): HeldPosition {
  const view = listed(one);
  const market = marketOf(view, listed(other));
  const [found] = discovery(settings)(market, view, toMs(NOW_MS), () => false);
  if (found?.kind !== 'accepted') throw new Error('the pair was not taken');
  return {
    tradeId: 't1',
    plan: found.plan,
    openedAtMs: toMs(NOW_MS + 300),
    legs: found.plan.legs.map(({ instrumentId, side, qty }) => ({
      instrumentId,
      side,
      qty,
      entryPrice: toPrice('50000'),
    })),
  };
}

const held = heldFrom(okx, bybit);

function asked(
  atMs: number,
  one: Partial<Listing> = {},
  other: Partial<Listing> = {},
  given: { readonly held?: HeldPosition; readonly settings?: FundingCarrySettings } = {},
): ExitSignal | undefined {
  const market = marketOf(listed({ ...okx, ...one }), listed({ ...bybit, ...other }));
  return exit(market, given.held ?? held, given.settings ?? settings, toMs(atMs));
}

/** The same position under another rule. */
const ruled = (rule: Partial<LeaveRule>): { readonly held: HeldPosition } => ({
  held: { ...held, plan: { ...held.plan, leave: { ...held.plan.leave, ...rule } } },
});

describe('before the settlement', () => {
  test('a trade stays while the funding is worth it', () => {
    expect(asked(NOW_MS + 1_000)).toBeUndefined();
  });

  test('a fading estimate is endured down to the threshold, not to the entry threshold', () => {
    // 2.5 bps is less than all costs, and more than the 2 that holding on needs.
    expect(asked(NOW_MS + 1_000, { fundingRate: 0 }, { fundingRate: 0.00025 })).toBeUndefined();
    expect(asked(NOW_MS + 1_000, { fundingRate: 0 }, { fundingRate: 0.00015 })).toEqual({
      tradeId: 't1',
      reason: 'funding-faded',
      expectedBps: '1.5',
    });
  });

  test('a flipped estimate is left at once, even shortly before the settlement', () => {
    const flipped = [{ fundingRate: 0.002 }, { fundingRate: -0.002 }] as const;
    // Both legs pay 20 bps at 8 and at 16 o'clock, and nothing is received within the horizon.
    expect(asked(NOW_MS + 1_000, ...flipped)).toMatchObject({
      reason: 'funding-faded',
      expectedBps: '-80',
    });
    expect(asked(SETTLED_AT_MS - 3_000, ...flipped)).toMatchObject({ reason: 'funding-faded' });
  });

  test('nobody leaves within the margin before a settlement that pays', () => {
    const faded = [{ fundingRate: 0 }, { fundingRate: 0.00015 }] as const;
    expect(asked(SETTLED_AT_MS - 15_001, ...faded)).toMatchObject({ reason: 'funding-faded' });
    expect(asked(SETTLED_AT_MS - 14_999, ...faded)).toBeUndefined();
    expect(asked(SETTLED_AT_MS - 1, ...faded)).toBeUndefined();
  });
});

describe('after the settlement that the entry was priced for', () => {
  const next = { fundingAtMs: SETTLED_AT_MS + 8 * HOUR_MS };
  const collapsed = { ...next, fundingRate: 0.0001 };

  test('a spread that persists is held on to, over every settlement that it pays', () => {
    for (const afterMs of [15_000, 60_000, 4 * HOUR_MS, 8 * HOUR_MS - 1]) {
      expect(asked(SETTLED_AT_MS + afterMs, next, next)).toBeUndefined();
    }
    const third = { fundingAtMs: SETTLED_AT_MS + 16 * HOUR_MS };
    expect(asked(SETTLED_AT_MS + 9 * HOUR_MS, third, third)).toBeUndefined();
  });

  test('the next settlement must bring the threshold, not the costs of a round trip', () => {
    const paying = (fundingRate: number) =>
      asked(SETTLED_AT_MS + 60_000, { ...next, fundingRate: 0 }, { ...next, fundingRate });
    expect(paying(0.0002)).toBeUndefined();
    expect(paying(0.000199)).toEqual({
      tradeId: 't1',
      reason: 'funding-faded',
      expectedBps: '1.99',
    });
  });

  test('the venue gets its margin to settle, then a collapsed spread is left', () => {
    expect(asked(SETTLED_AT_MS + 14_999, collapsed, collapsed)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 15_000, collapsed, collapsed)).toEqual({
      tradeId: 't1',
      reason: 'funding-faded',
      expectedBps: '0',
    });
  });

  test('a venue that is slow to name the next settlement gets the same margin', () => {
    const slow = { fundingRate: 0.0001 };
    expect(asked(SETTLED_AT_MS + 14_999, slow, slow)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 15_000, slow, slow)).toMatchObject({ reason: 'funding-faded' });
  });

  test('every later settlement gets the margin too, also of one leg alone', () => {
    const atMs = SETTLED_AT_MS + 8 * HOUR_MS;
    const settled = { ...collapsed, fundingAtMs: atMs + 8 * HOUR_MS };
    expect(asked(atMs + 14_999, settled, settled)).toBeUndefined();
    expect(asked(atMs + 15_000, settled, settled)).toMatchObject({ reason: 'funding-faded' });
    const hourly = { fundingAtMs: SETTLED_AT_MS + 4 * HOUR_MS, fundingHours: 1, fundingRate: 0 };
    const hourAtMs = SETTLED_AT_MS + 3 * HOUR_MS;
    expect(asked(hourAtMs + 14_999, hourly, collapsed)).toBeUndefined();
    expect(asked(hourAtMs + 15_000, hourly, collapsed)).toMatchObject({ reason: 'funding-faded' });
  });

  test('a settlement before the trade was open is nothing to wait for', () => {
    const late = { held: { ...held, openedAtMs: toMs(SETTLED_AT_MS + 1) } };
    expect(asked(SETTLED_AT_MS + 1_000, collapsed, collapsed, late)).toMatchObject({
      reason: 'funding-faded',
    });
  });

  test('a shorter margin is left sooner', () => {
    const given = { settings: { ...settings, settlementMarginMs: toMs(1_000) } };
    expect(asked(SETTLED_AT_MS + 999, collapsed, collapsed, given)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 1_000, collapsed, collapsed, given)).toMatchObject({
      reason: 'funding-faded',
    });
  });

  test('a settlement beyond the horizon is nothing to hold on for', () => {
    const short = { settings: { ...settings, horizonMs: toMs(HOUR_MS) } };
    expect(asked(SETTLED_AT_MS + 60_000, next, next, short)).toMatchObject({
      reason: 'funding-faded',
      expectedBps: '0',
    });
  });
});

describe('the longest hold', () => {
  const dead = { isHealthy: false, bids: [], asks: [], fundingRate: NaN, bookAtMs: 0 };
  const endAtMs = held.plan.leave.holdUntilAtMs;

  test('ends a trade without any data', () => {
    expect(asked(endAtMs, dead, dead)).toMatchObject({ reason: 'hold-ended' });
    expect(exit(marketOf(), held, settings, endAtMs)).toEqual({
      tradeId: 't1',
      reason: 'hold-ended',
      expectedBps: '0',
    });
  });

  test('ends it even shortly before a settlement that pays, or after one', () => {
    const over = ruled({ holdUntilAtMs: toMs(SETTLED_AT_MS - 5_000) });
    for (const atMs of [SETTLED_AT_MS - 5_000, SETTLED_AT_MS + 5_000]) {
      expect(asked(atMs, {}, {}, over)).toMatchObject({ reason: 'hold-ended' });
    }
  });
  test('makes income worthless that would come after it', () => {
    const next = { fundingAtMs: SETTLED_AT_MS + 8 * HOUR_MS };
    const inTime = ruled({ holdUntilAtMs: toMs(next.fundingAtMs + 15_000) });
    const tooLate = ruled({ holdUntilAtMs: toMs(next.fundingAtMs + 14_999) });
    expect(asked(SETTLED_AT_MS + 60_000, next, next, inTime)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 60_000, next, next, tooLate)).toMatchObject({
      reason: 'funding-faded',
    });
  });

  test('is the only reason in a market without funding', () => {
    expect(asked(NOW_MS + 1_000, dead, dead)).toBeUndefined();
    expect(asked(endAtMs - 1, dead, dead)).toBeUndefined();
  });
});

test('an old book does not hide a faded funding', () => {
  const old = { bookAtMs: 0, isHealthy: false, fundingRate: 0 };
  expect(asked(NOW_MS + 1_000, old, old)).toMatchObject({ reason: 'funding-faded' });
});

describe('an interval that changes while the trade is open', () => {
  // Long pays 1 bps per 8 h, short is paid 50 bps in four hours.
  const slow = { fundingRate: 0.0001, fundingAtMs: SETTLED_AT_MS + 4 * HOUR_MS };
  const paying = { fundingRate: 0.005, fundingAtMs: SETTLED_AT_MS + 4 * HOUR_MS };
  const given = { held: heldFrom({ ...okx, ...slow }, { ...bybit, ...paying }) };

  test('is nothing while the schedule stays', () => {
    expect(asked(NOW_MS + HOUR_MS, slow, paying, given)).toBeUndefined();
  });

  test('is left when the leg that pays now pays every hour', () => {
    // 9, 10, 11 and 12 o'clock at 13 bps against one receipt of 50.
    const hourly = {
      fundingRate: 0.0013,
      fundingAtMs: SETTLED_AT_MS + HOUR_MS,
      fundingHours: 1,
    };
    expect(asked(SETTLED_AT_MS + 60_000, hourly, paying, given)).toEqual({
      tradeId: 't1',
      reason: 'funding-faded',
      expectedBps: '-2',
    });
  });

  test('counts no payment again that is over, when the venue is slow to name the next', () => {
    // Settled at 8 o'clock, 16 s ago; 9, 10, 11 and 12 o'clock at 12 bps leave 2 of 50.
    const hourly = { fundingRate: 0.0012, fundingAtMs: SETTLED_AT_MS, fundingHours: 1 };
    expect(asked(SETTLED_AT_MS + 16_000, hourly, paying, given)).toBeUndefined();
  });
});
