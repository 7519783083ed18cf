// Nine months of recorded funding at three venues, paid to a position that is always open.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plus, toMs, toNumber, ZERO_BPS } from '../../src/domain/index.ts';
import type { Bps, Side } from '../../src/domain/index.ts';
import { fundingFlow } from '../../src/pricing/funding-flow.ts';
import { bestHold } from '../../src/pricing/hold.ts';
import { sharedData } from '../shared-data.ts';

const INTERVAL_MS = 8 * 3_600_000;
/** The recording keeps London wall clock: one hour ahead of UTC from here on. */
const SUMMER_AT_MS = Date.UTC(2023, 2, 26, 1);

const file = sharedData('funding-3venue-8h/all_exchanges_2023-01-01_2023-09-30.csv');
const goldenFile = sharedData('GOLDEN.json');

interface Settlement {
  readonly atMs: number;
  readonly rate: number;
}

function recorded(path: string, venue: string, pair: string): readonly Settlement[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .filter((cells) => cells[1] === venue && cells[3] === pair)
    .map((cells) => {
      const londonAtMs = Date.parse(`${cells[0] ?? ''}Z`);
      const atMs = londonAtMs >= SUMMER_AT_MS ? londonAtMs - 3_600_000 : londonAtMs;
      return { atMs, rate: Number(cells[10]) };
    });
}

const termsAt = ({ atMs, rate }: Settlement) => ({
  fundingRate: rate,
  fundingAtMs: toMs(atMs),
  fundingIntervalMs: toMs(INTERVAL_MS),
});

const around = ({ atMs }: Settlement) => ({
  fromAtMs: toMs(atMs - INTERVAL_MS / 2),
  toAtMs: toMs(atMs + INTERVAL_MS / 2),
  entryMarginMs: toMs(15_000),
  exitMarginMs: toMs(15_000),
});

const collected = (settlements: readonly Settlement[], side: Side): Bps =>
  settlements.reduce(
    (sum, settlement) =>
      plus(sum, fundingFlow({ side, terms: termsAt(settlement) }, around(settlement)).fundingBps),
    ZERO_BPS,
  );

describe.skipIf(file === undefined || goldenFile === undefined)('recorded funding', () => {
  const golden: unknown = goldenFile && JSON.parse(readFileSync(goldenFile, 'utf8'));

  test.each(['binance', 'bybit', 'okx'])('settles at 0, 8 and 16 h UTC at %s', (venue) => {
    const settlements = recorded(file ?? '', venue, 'BTCUSDT');
    expect(settlements).toHaveLength(819);
    for (const { atMs } of settlements) expect(atMs % INTERVAL_MS).toBe(0);
  });

  test.each(['BTCUSDT', 'ETHUSDT'])('a short of %s collects the independent sum', (pair) => {
    const sums = Object.fromEntries(
      ['binance', 'bybit', 'okx'].map((venue) => {
        const settlements = recorded(file ?? '', venue, pair);
        const received = collected(settlements, 'sell');
        expect(plus(received, collected(settlements, 'buy'))).toBe('0');
        return [venue, Number(toNumber(received).toFixed(4))];
      }),
    );
    expect(golden).toHaveProperty(['funding', GOLDEN_KEY, pair, 'sum_bps'], sums);
  });

  test.each(['BTCUSDT', 'ETHUSDT'])('the best pair of %s collects the spread each time', (pair) => {
    const [binance = [], bybit = [], okx = []] = ['binance', 'bybit', 'okx'].map((venue) =>
      recorded(file ?? '', venue, pair),
    );
    const spreads = binance.map((settlement, row) => {
      const venues = [settlement, bybit[row] ?? settlement, okx[row] ?? settlement];
      const edges = venues.flatMap((long) =>
        venues.map((short) => {
          const legs = [
            { side: 'buy' as const, terms: termsAt(long) },
            { side: 'sell' as const, terms: termsAt(short) },
          ];
          return bestHold(legs, around(settlement))?.grossBps ?? 0;
        }),
      );
      return Math.max(...edges);
    });
    const sum = Number(spreads.reduce((total, bps) => total + bps, 0).toFixed(4));
    expect(golden).toHaveProperty(['funding', GOLDEN_KEY, pair, 'sum_max_minus_min_bps'], sum);
  });
});

const GOLDEN_KEY = 'funding-3venue-8h, 2023-01-01..2023-09-30, 819 settlements per instrument';
