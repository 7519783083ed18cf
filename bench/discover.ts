// What funding carry costs per book update, as a ratio to work that each update pays for anyway:
// parsing its frame. Run it with `node --import tsx bench/discover.ts`; it prints ratios, because
// times belong to machines.
import { Bench } from 'tinybench';
import { toMs } from '../src/domain/index.ts';
import type { InstrumentView } from '../src/market/view.ts';
import { discovery } from '../src/strategies/funding-carry/discover.ts';
import { bybit, NOW_MS, okx, settings } from '../tests/strategies/carry-market.ts';
import type { Listing } from '../tests/strategies/plain-market.ts';
import { listed, marketOf } from '../tests/strategies/plain-market.ts';

const LEVEL_COUNT = 20;
const BOUND = 'parse one frame of 20 levels a side';

const ladder = (from: number, step: number): readonly (readonly [number, number])[] =>
  Array.from({ length: LEVEL_COUNT }, (_, at) => [from + step * at, 0.05] as const);

const deep = (listing: Listing, fundingRate: number): InstrumentView =>
  listed({
    ...listing,
    contractSize: '1',
    bids: ladder(49_999.9, -0.5),
    asks: ladder(50_000.1, 0.5),
    fundingRate,
  });

/** Three venues: two pairs for each update, in both directions. */
function updates(longRate: number, shortRate: number, isTold = false): () => unknown {
  const changed = deep(okx, longRate);
  const partners = [deep(bybit, shortRate), deep({ ...bybit, venue: 'binanceusdm' }, shortRate)];
  const market = marketOf(changed, ...partners);
  const bases = new Map([['BTC', market.withBase('BTC')]]);
  const indexed = { ...market, withBase: (base: string) => bases.get(base) ?? [] };
  const discover = discovery(settings);
  return () => discover(indexed, changed, toMs(NOW_MS), () => isTold);
}

const level = (at: number): readonly string[] => [(50_000 + at / 10).toFixed(1), '1.234'];
const sides = Array.from({ length: LEVEL_COUNT }, (_, at) => level(at));
const frame = JSON.stringify({ e: 'depthUpdate', E: NOW_MS, u: 1, b: sides, a: sides });

const bench = new Bench({ time: 400, warmupTime: 100 })
  .add(BOUND, () => JSON.parse(frame) as unknown)
  .add('no pair is worth a look', updates(0.0001, 0.0001))
  .add('two pairs were told a moment ago', updates(-0.002, 0.002, true))
  .add('two pairs are refused by the screen', updates(-0.001, 0.001))
  .add('two pairs are confirmed exactly and planned', updates(-0.002, 0.002));
await bench.run();

const medianMs = (name: string): number => {
  const result = bench.getTask(name)?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`no result for ${name}`);
  return result.latency.p50;
};
for (const { name } of bench.tasks) {
  const ratio = medianMs(name) / medianMs(BOUND);
  process.stdout.write(`${ratio.toFixed(3).padStart(9)} x bound   ${name}\n`);
}
process.stdout.write(`bound: ${BOUND}, ${(medianMs(BOUND) * 1_000).toFixed(2)} us here\n`);
