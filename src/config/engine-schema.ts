// Limits of the engine and of the market data it may act on. The engine section has exactly the
// fields of the domain's EngineLimits.
import { bps, count, ms, rate, section, usd } from './leaf.ts';

const HOUR_MS = 3_600_000;

export const engineSchema = section({
  openTradesMax: count(5, { min: 0, max: 100 }),
  marginUsageMax: rate(0.3, { min: 0.01, max: 0.9 }),
  orphanMsMax: ms(500, { min: 50, max: 10_000 }),
  orphanUsdMin: usd(5, { min: 0, max: 1_000 }),
  cooldownMs: ms(5_000, { min: 0, max: 24 * HOUR_MS }),
  dailyLossUsdMax: usd(200, { min: 1, max: 1_000_000 }),
  liquidationDistanceBpsMin: bps(500, { min: 50, max: 5_000 }),
  opportunityAgeMsMax: ms(300, { min: 10, max: 5_000 }),
  accountEveryMs: ms(10_000, { min: 100, max: 60_000 }),
  clockOffsetMsMax: ms(1_000, { min: 50, max: 10_000 }),
  flapCountMax: count(4, { min: 1, max: 100 }),
  flapWindowMs: ms(30_000, { min: 1_000, max: HOUR_MS }),
  flapHoldMs: ms(10_000, { min: 0, max: HOUR_MS }),
  restartCountMax: count(4, { min: 1, max: 100 }),
  restartWindowMs: ms(60_000, { min: 1_000, max: HOUR_MS }),
  restartHoldMs: ms(30_000, { min: 0, max: HOUR_MS }),
  lateFillMs: ms(60_000, { min: 1_000, max: 24 * HOUR_MS }),
  shutdownGraceMs: ms(20_000, { min: 0, max: 600_000 }),
});

export const marketSchema = section({
  staleAfterMs: ms(500, { min: 50, max: 10_000 }),
  watchEveryMs: ms(50, { min: 5, max: 1_000 }),
});
