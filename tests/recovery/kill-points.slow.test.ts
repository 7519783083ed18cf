// Every kill point for entry, exit and panic of a trade, on several seeds: real processes, real
// disk, SIGKILL, and SIGKILL again while recovering. Prints the table that docs/RECOVERY.md shows.
import { afterAll, expect, test } from 'vitest';
import { playCase } from './kill-case.ts';
import type { CaseResult, KillCase, Phase } from './kill-case.ts';
import { outcomeTable } from './outcome-table.ts';
import { NotReached, Stage } from './stage.ts';

const ORDER_POINTS = 'K1 K2 K2lost K2torn K3 K4 K5 K6 K7 K8 K9 K10 K11 K12 K13'.split(' ');
const POINTS: Readonly<Record<Phase, readonly string[]>> = {
  entry: ORDER_POINTS,
  exit: ORDER_POINTS,
  panic: ORDER_POINTS,
  held: ['K14', 'K15a', 'K15b'],
  command: ['K18a', 'K18b'],
};
/** Markets that stay worth trading for a quarter of an hour from the stage's start on. */
const SEEDS = (process.env['TRINITY_RECOVERY_SEEDS'] ?? '39').split(',').map(Number);
/** Where the second life ends: each point of recovery comes with each other point sooner or later. */
const AGAIN = ['K16', 'R1', 'R2'] as const;
const TIMEOUT_MS = 3_600_000;

const results: CaseResult[] = [];
afterAll(() => void process.stdout.write(`${outcomeTable(results)}\n`));

const casesOf = (phase: Phase, turn: number): readonly KillCase[] =>
  POINTS[phase].map((point, place) => ({
    ...{ point, phase },
    again: AGAIN[(place + turn) % AGAIN.length] ?? 'K16',
  }));

/** One after the other on one exchange: accounts and files carry what came before. */
async function playAll(seed: number, phases: readonly Phase[]): Promise<readonly CaseResult[]> {
  const stage = await Stage.open(seed);
  const played: CaseResult[] = [];
  try {
    const turn = SEEDS.indexOf(seed);
    for (const killCase of phases.flatMap((phase) => casesOf(phase, turn))) {
      played.push(await playCase(stage, killCase));
    }
  } catch (error) {
    // A chain whose market ran dry on a slow machine ends there; half of all cases must be played.
    if (!(error instanceof NotReached)) throw error;
  } finally {
    results.push(...played);
    await stage.close();
  }
  return played;
}

const CASE_COUNT = Object.values(POINTS).flat().length * SEEDS.length;
const TOGETHER: readonly (readonly Phase[])[] = [['panic', 'held', 'command'], ['entry'], ['exit']];
const CHAINS = SEEDS.flatMap((seed) => TOGETHER.map((phases) => ({ seed, phases })));

/** Two at a time: each engine needs a part of a core. Whoever is done takes the next. */
const waiting = [...CHAINS];

test.concurrent.each([1, 2])(
  'lane %i: no point, no phase and no seed loses, doubles or forgets anything',
  async () => {
    const bad: CaseResult[] = [];
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      const played = await playAll(chain.seed, chain.phases);
      bad.push(...played.filter(({ violations }) => violations.length > 0));
    }
    expect(bad).toEqual([]);
  },
  TIMEOUT_MS,
);

test('and at least half of the cases were reached on this machine', () => {
  expect(results.length).toBeGreaterThanOrEqual(CASE_COUNT / 2);
});
