// An engine that is killed with SIGKILL at the worst moments, and again while it recovers: nothing is
// sent twice, nothing is lost, and what the exchange wrote down agrees with the journal.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playCase } from './kill-case.ts';
import type { KillCase } from './kill-case.ts';
import { Stage } from './stage.ts';

const CASES: readonly KillCase[] = [
  { point: 'K6', phase: 'entry', again: 'K16' },
  { point: 'K3', phase: 'exit', again: 'R2' },
  { point: 'K8', phase: 'panic', again: 'K16' },
];

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(39);
});
afterAll(() => stage.close());

test.each(CASES)(
  'killed at $point of its $phase and again at $again, it comes home as one run',
  async (killCase) => {
    expect(await playCase(stage, killCase)).toMatchObject({ violations: [] });
  },
  300_000,
);
