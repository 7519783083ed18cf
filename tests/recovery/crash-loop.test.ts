// The real program, killed again and again a moment after its start, as by a fault that every start
// meets: one alert, nothing opened while it is held back although the market offers it, and trades
// again when it has lived through the hold. Judged by the journal.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Ended, Started } from '../cli/started-program.ts';
import { newFolder, run, runsIn, start } from '../cli/started-program.ts';
import type { Step } from './recorded-steps.ts';
import { stepsIn } from './recorded-steps.ts';
import { until } from './stage.ts';

const HOLD_MS = 6000;
const RESTART_COUNT_MAX = 3;
const WORDS = '--paper --feed sandbox --seed 7 --json'.split(' ');
const ENV = {
  TRINITY_ENGINE__RESTART_COUNT_MAX: String(RESTART_COUNT_MAX),
  // A loaded machine takes seconds to start Node.
  TRINITY_ENGINE__RESTART_WINDOW_MS: '600000',
  TRINITY_ENGINE__RESTART_HOLD_MS: String(HOLD_MS),
  // What holds it back here must not be a stream that was lost with each process.
  TRINITY_ENGINE__FLAP_COUNT_MAX: '100',
  TRINITY_MARKET__STALE_AFTER_MS: '3000',
  TRINITY_STRATEGIES__FUNDING_CARRY__BOOK_AGE_MS_MAX: '3000',
};

const folder = newFolder();
function onDisk(): readonly Step[] {
  const [runPath] = runsIn(folder);
  return runPath === undefined ? [] : stepsIn(runPath);
}
const live = (): Started => start(WORDS, { folder, env: ENV });
async function killed(life: Started): Promise<Ended> {
  life.signal('SIGKILL');
  return life.ended;
}

let held: Ended;
let last: Ended;
let verified: Ended;
let steps: readonly Step[] = [];
beforeAll(async () => {
  const first = live();
  await until(() => onDisk().some(isInto('running')), 'the run is on disk');
  await killed(first);
  for (let restart = 1; restart < RESTART_COUNT_MAX; restart += 1) {
    const again = live();
    await until(() => countOf(onDisk(), 'run.resumed') === restart, 'the restart is on disk');
    await killed(again);
  }
  const oneTooMany = live();
  await until(() => onDisk().some(isInto('cooling')), 'it is held back');
  held = await killed(oneTooMany);
  const survivor = live();
  await survivor.says(/engine cooling/);
  await survivor.says(/engine running/);
  await survivor.says(/t\d+ .*→ OPEN$/m);
  survivor.signal('SIGTERM');
  last = await survivor.ended;
  verified = await run(['verify', '--json'], { folder });
  steps = onDisk();
}, 240_000);

const isInto =
  (state: string) =>
  ({ transitions }: Step): boolean =>
    transitions.some(({ actor, from, to }) => actor === 'engine' && to === state && from !== to);
const entriesIn = (some: readonly Step[]): number =>
  some.flatMap(({ effects }) => effects.filter(({ order }) => order?.reduceOnly === false)).length;
const countOf = (some: readonly Step[], type: string): number =>
  some.filter(({ input }) => input.type === type).length;
/** From the first time it was held back to the end of the last hold, and after it. */
const loop = (): readonly Step[] =>
  steps.slice(steps.findIndex(isInto('cooling')), steps.findLastIndex(isInto('running')));
const after = (): readonly Step[] => steps.slice(steps.findLastIndex(isInto('running')));

describe('a process that dies again and again', () => {
  test('goes on with one run, whose journal is whole', () => {
    expect(runsIn(folder)).toHaveLength(1);
    expect(countOf(steps, 'run.resumed')).toBe(RESTART_COUNT_MAX + 1);
    expect(verified.code).toBe(0);
  });

  test('raises CRASH_LOOP once, on the screen and in the journal', () => {
    const codes = steps.flatMap(({ effects }) => effects.map(({ code }) => code));
    expect(codes.filter((code) => code === 'CRASH_LOOP')).toHaveLength(1);
    expect(held.stderr).toMatch(/critical CRASH_LOOP {2}restarted 3 times within 600000 ms/);
    expect(last.stderr).not.toContain('CRASH_LOOP');
  });

  test('opens nothing while it is held back, though the market offers trades', () => {
    expect(countOf(loop(), 'opportunity.found')).toBeGreaterThan(0);
    expect(entriesIn(loop())).toBe(0);
  });

  test('is held for as long as configured after the last death', () => {
    const beganAtMs = loop().findLast(isInto('cooling'))?.atMs ?? 0;
    expect((after()[0]?.atMs ?? 0) - beganAtMs).toBeGreaterThanOrEqual(HOLD_MS);
  });

  test('trades again afterwards, and ends in good order', () => {
    expect(entriesIn(after())).toBeGreaterThanOrEqual(2);
    expect(last.code).toBe(0);
  });
});
