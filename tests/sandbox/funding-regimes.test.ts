// The schedule of regimes that runs of a minute or two, and of virtual days, rely on.
import { describe, expect, test } from 'vitest';
import type { Ms } from '../../src/domain/index.ts';
import { FundingRegimes, regimeIntervalMs } from '../../src/sandbox/funding-regimes.ts';
import { settlementStart } from '../../src/sandbox/index.ts';
import { SANDBOX_BASES, WORLD_INSTRUMENTS } from '../../src/sandbox/world-instrument.ts';
import type { SandboxBase } from '../../src/sandbox/world-instrument.ts';

const HOUR_MS = 3_600_000;
const OPEN_BPS = 35;
/** Below what any trade could live on: fees of a round trip are about 21 bps. */
const CLOSED_BPS = 25;
const SEEDS = Array.from({ length: 300 }, (_, place) => place + 1);

/** The widest spread of a base between any two venues. */
function spreadBps(regimes: FundingRegimes, base: SandboxBase, atMs: number): number {
  const rates = WORLD_INSTRUMENTS.filter((one) => one.base === base).map((one) =>
    regimes.rateAt(one, atMs),
  );
  return (Math.max(...rates) - Math.min(...rates)) * 10_000;
}

const openBases = (regimes: FundingRegimes, atMs: number): SandboxBase[] =>
  SANDBOX_BASES.filter((base) => spreadBps(regimes, base, atMs) >= OPEN_BPS);

interface Episode {
  readonly openAtMs: number;
  readonly closedAtMs: number;
}

/** From wide to narrow, as seen once a minute over a day after the opening act. */
function episodes(regimes: FundingRegimes, base: SandboxBase, startAtMs: number): Episode[] {
  const found: Episode[] = [];
  let openAtMs: number | undefined;
  for (let minute = 3; minute < 1440; minute += 1) {
    const atMs = startAtMs + minute * 60_000;
    const isOpen = spreadBps(regimes, base, atMs) >= OPEN_BPS;
    if (!isOpen && openAtMs !== undefined) found.push({ openAtMs, closedAtMs: atMs });
    openAtMs = isOpen ? (openAtMs ?? atMs) : undefined;
  }
  return found;
}

const story = (seed: number): { startAtMs: Ms; regimes: FundingRegimes } => {
  const startAtMs = settlementStart(seed);
  return { startAtMs, regimes: new FundingRegimes(`world/${seed}`, startAtMs) };
};

describe('the opening act, for each of 300 seeds', () => {
  test('begins 45 s before an instant at which every instrument settles', () => {
    for (const seed of SEEDS) {
      for (const { fundingIntervalMs } of WORLD_INSTRUMENTS) {
        expect((settlementStart(seed) + 45_000) % fundingIntervalMs).toBe(0);
      }
    }
  });

  test('begins quietly: no spread above 3 bps', () => {
    for (const seed of SEEDS) {
      const { startAtMs, regimes } = story(seed);
      const widest = SANDBOX_BASES.map((base) => spreadBps(regimes, base, startAtMs));
      expect(Math.max(...widest), `seed ${seed}`).toBeLessThan(3);
    }
  });

  test('parts the first base within 6 s', () => {
    for (const seed of SEEDS) {
      const { startAtMs, regimes } = story(seed);
      expect(openBases(regimes, startAtMs + 6000).length, `seed ${seed}`).toBeGreaterThanOrEqual(1);
    }
  });

  test('holds three bases apart from +25 s past the settlement, all collapsed by +60 s', () => {
    for (const seed of SEEDS) {
      const { startAtMs, regimes } = story(seed);
      const opened = openBases(regimes, startAtMs + 24_500);
      expect(opened.length, `seed ${seed}`).toBeGreaterThanOrEqual(3);
      for (let second = 25; second <= 48; second += 1) {
        expect(openBases(regimes, startAtMs + second * 1000), `seed ${seed} +${second} s`).toEqual(
          opened,
        );
      }
      for (const base of SANDBOX_BASES) {
        const left = spreadBps(regimes, base, startAtMs + 60_000);
        expect(left, `seed ${seed} ${base}`).toBeLessThan(CLOSED_BPS);
      }
    }
  });

  test('parts at least two bases again between +60 s and +80 s, and ends by +94 s', () => {
    for (const seed of SEEDS) {
      const { startAtMs, regimes } = story(seed);
      const again = openBases(regimes, startAtMs + 80_000);
      expect(again.length, `seed ${seed}`).toBeGreaterThanOrEqual(2);
      for (const base of SANDBOX_BASES) {
        const left = spreadBps(regimes, base, startAtMs + 94_000);
        expect(left, `seed ${seed} ${base}`).toBeLessThan(CLOSED_BPS);
      }
    }
  });
});

describe('the days after', () => {
  test('see dozens of regimes, each open through a settlement and gone five minutes later', () => {
    for (const seed of [1, 7, 300]) {
      const { startAtMs, regimes } = story(seed);
      let regimeCount = 0;
      for (const base of SANDBOX_BASES) {
        for (const { openAtMs, closedAtMs } of episodes(regimes, base, startAtMs)) {
          const intervalMs = regimeIntervalMs(base);
          const settlementAtMs = Math.floor(closedAtMs / intervalMs) * intervalMs;
          expect(openAtMs, `seed ${seed} ${base}`).toBeLessThan(settlementAtMs);
          expect(closedAtMs - settlementAtMs, `seed ${seed} ${base}`).toBeLessThan(300_000);
          regimeCount += 1;
        }
      }
      expect(regimeCount, `seed ${seed}`).toBeGreaterThanOrEqual(24);
    }
  });

  test('are quiet for the first minutes after the opening act', () => {
    for (const seed of SEEDS) {
      const { startAtMs, regimes } = story(seed);
      for (const base of SANDBOX_BASES) {
        expect(spreadBps(regimes, base, startAtMs + 150_000), `seed ${seed}`).toBeLessThan(3);
      }
    }
  });
});

test('a rate is a whole number of millionths and does not depend on what was asked before', () => {
  const { startAtMs, regimes } = story(7);
  const fresh = story(7).regimes;
  for (const instrument of WORLD_INSTRUMENTS) {
    for (let hour = 30; hour > 0; hour -= 1) regimes.rateAt(instrument, startAtMs + hour * HOUR_MS);
    const rate = regimes.rateAt(instrument, startAtMs + 30_000);
    expect(rate).toBe(fresh.rateAt(instrument, startAtMs + 30_000));
    expect(rate).toBe(Number(rate.toFixed(6)));
  }
});
