// What one delta costs our book, as a ratio to a map of levels that is sorted when the best is
// wanted. Run it with `node --import tsx bench/book-update.ts`; it prints ratios, because times
// belong to machines.
import { Bench } from 'tinybench';
import type { BookDelta } from '../src/domain/index.ts';
import { toInstrumentId, toMs, toVenueId } from '../src/domain/index.ts';
import { SyncedBook } from '../src/market/synced-book.ts';
import { BYBIT } from '../src/market/continuity.ts';

const DEPTH = 400;
const DELTA_COUNT = 512;
const LEVELS_PER_SIDE = 4;
const instrumentId = toInstrumentId(toVenueId('bybit'), 'BTC/USDT:USDT');
const eventAtMs = toMs(1_700_000_000_000);

/** Changes crowd near the best, as they do: most within ten levels, a few far away. */
function changes(sequence: number, from: number, step: number): readonly number[] {
  return Array.from({ length: LEVELS_PER_SIDE }, (_, at) => {
    const draw = (sequence * 7 + at * 13) % 97;
    const level = draw < 80 ? draw % 10 : draw * 4;
    return [from + level * step, (sequence + at) % 5];
  }).flat();
}

const side = (from: number, step: number): readonly number[] =>
  Array.from({ length: DEPTH }, (_, at) => [from + at * step, 1]).flat();

const deltas: readonly BookDelta[] = Array.from({ length: DELTA_COUNT }, (_, at) => ({
  type: 'book.delta',
  instrumentId,
  firstSequence: at + 2,
  sequence: at + 2,
  bids: changes(at, 50_000, -1),
  asks: changes(at, 50_001, 1),
  eventAtMs,
}));
const snapshot = {
  type: 'book.snapshot' as const,
  instrumentId,
  sequence: 1,
  bids: side(50_000, -1),
  asks: side(50_001, 1),
  eventAtMs,
};

function sorted(): () => number {
  const synced = new SyncedBook(BYBIT, 1_000);
  synced.load(snapshot);
  let at = 0;
  return () => {
    const delta = deltas[at];
    at = (at + 1) % DELTA_COUNT;
    if (at === 1) synced.load(snapshot);
    if (delta !== undefined) synced.apply(delta);
    return synced.book.bids.priceAt(0) + synced.book.asks.priceAt(0);
  };
}

function mapped(): () => number {
  let bids = new Map<number, number>();
  let asks = new Map<number, number>();
  const apply = (levels: Map<number, number>, flat: readonly number[]): void => {
    for (let at = 0; at < flat.length; at += 2) {
      const [price = NaN, size = NaN] = [flat[at], flat[at + 1]];
      if (size === 0) levels.delete(price);
      else levels.set(price, size);
    }
  };
  let at = 0;
  return () => {
    const delta = deltas[at];
    at = (at + 1) % DELTA_COUNT;
    if (at === 1) {
      [bids, asks] = [new Map(), new Map()];
      apply(bids, snapshot.bids);
      apply(asks, snapshot.asks);
    }
    if (delta !== undefined) {
      apply(bids, delta.bids);
      apply(asks, delta.asks);
    }
    const bid = [...bids.keys()].sort((left, right) => right - left)[0] ?? NaN;
    const ask = [...asks.keys()].sort((left, right) => left - right)[0] ?? NaN;
    return bid + ask;
  };
}

const bench = new Bench({ time: 500 });
bench.add('sorted arrays, best at the end', sorted());
bench.add('map, sorted when asked', mapped());
await bench.run();
const medians = bench.tasks.map(({ name, result }) => {
  if (result.state !== 'completed') throw new Error(`${name} did not finish: ${result.state}`);
  return { name, median: result.latency.p50 };
});
const [ours, theirs] = medians;
if (ours === undefined || theirs === undefined) throw new Error('two tasks were expected');
console.log(`${theirs.name} / ${ours.name}: ${(theirs.median / ours.median).toFixed(1)}`);
