// When a held funding carry is left, and when it must not be.
import { describe, expect, test } from 'vitest';
import type { ExitSignal, HeldPosition } from '../../src/domain/index.ts';
import { toMs, toPrice } from '../../src/domain/index.ts';
import { discover } from '../../src/strategies/funding-carry/discover.ts';
import { exit } from '../../src/strategies/funding-carry/exit.ts';
import type { FundingCarrySettings } from '../../src/strategies/funding-carry/settings.ts';
import { bybit, NOW_MS, okx, SETTLED_AT_MS, settings } from './carry-market.ts';
import type { Listing } from './plain-market.ts';
import { listed, marketOf } from './plain-market.ts';

const HOUR_MS = 3_600_000;

/** The position that the opportunity in these listings becomes. */
function heldFrom(one: Listing, other: Listing): HeldPosition {
  const view = listed(one);
  const [found] = discover(marketOf(view, listed(other)), view, settings, toMs(NOW_MS));
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
    expect(asked(NOW_MS + 1_000, ...flipped)).toMatchObject({
      reason: 'funding-faded',
      expectedBps: '-40',
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

describe('after the settlement', () => {
  const collapsed = {
    fundingRate: 0.0001,
    fundingAtMs: SETTLED_AT_MS + 8 * HOUR_MS,
  };

  test('the venue gets its margin to settle, then the trade is left', () => {
    expect(asked(SETTLED_AT_MS + 14_999, collapsed, collapsed)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 15_000, collapsed, collapsed)).toMatchObject({
      tradeId: 't1',
      reason: 'hold-ended',
    });
  });

  test('a shorter margin is left sooner', () => {
    const quick = { ...settings, settlementMarginMs: toMs(1_000) };
    const leave = { ...held.plan.leave, holdUntilAtMs: toMs(SETTLED_AT_MS + 1_000) };
    const given = { settings: quick, held: { ...held, plan: { ...held.plan, leave } } };
    expect(asked(SETTLED_AT_MS + 900, collapsed, collapsed, given)).toBeUndefined();
    expect(asked(SETTLED_AT_MS + 1_000, collapsed, collapsed, given)).toMatchObject({
      reason: 'hold-ended',
    });
  });
});

describe('time needs no data', () => {
  const dead = { isHealthy: false, bids: [], asks: [], fundingRate: NaN, bookAtMs: 0 };

  test('a market that is stale, empty or gone does not keep anyone in', () => {
    const late = SETTLED_AT_MS + 15_000;
    expect(asked(late, dead, dead)).toMatchObject({ reason: 'hold-ended' });
    expect(exit(marketOf(), held, settings, toMs(late))).toEqual({
      tradeId: 't1',
      reason: 'hold-ended',
      expectedBps: '0',
    });
  });

  test('a market without funding gives no reason before the time is up', () => {
    expect(asked(NOW_MS + 1_000, dead, dead)).toBeUndefined();
  });

  test('the longest hold ends a trade whatever its plan says', () => {
    const short = { ...settings, holdMsMax: toMs(10_000) };
    expect(asked(NOW_MS + 10_300, {}, {}, { settings: short })).toMatchObject({
      reason: 'hold-too-long',
    });
  });

  test('an old book does not hide a faded funding', () => {
    const old = { bookAtMs: 0, isHealthy: false, fundingRate: 0 };
    expect(asked(NOW_MS + 1_000, old, old)).toMatchObject({ reason: 'funding-faded' });
  });
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
    // Settled at 8 o'clock a second ago; 9, 10, 11 and 12 o'clock at 12 bps leave 2 of 50.
    const hourly = { fundingRate: 0.0012, fundingAtMs: SETTLED_AT_MS, fundingHours: 1 };
    expect(asked(SETTLED_AT_MS + 1_000, hourly, paying, given)).toBeUndefined();
  });

  test('is left when the income moves beyond the end of the plan', () => {
    const later = { ...paying, fundingAtMs: SETTLED_AT_MS + 8 * HOUR_MS };
    expect(asked(SETTLED_AT_MS + 60_000, slow, later, given)).toMatchObject({
      reason: 'funding-faded',
      expectedBps: '-1',
    });
  });
});
