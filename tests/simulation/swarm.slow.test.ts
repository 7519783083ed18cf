// Two hundred seeds through the command line, as a person would run them: nothing broken, every hard
// situation met, every planted bug caught, and every field of the result explained.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SimulationTotal } from '../../src/cli/verbs/simulate-text.ts';
import {
  difference,
  fieldsOf,
  NO_DIFFERENCE,
  sectionOf,
  wordsOf,
} from '../house/operating-page.ts';
import { projectDir } from '../house/source-tree.ts';

function simulated(...words: readonly string[]): { status: number | null; total: SimulationTotal } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectDir, 'main.js'), 'simulate', ...words, '--json'],
    { encoding: 'utf8', maxBuffer: 1024 * 1024 * 64 },
  );
  if (stdout === '') throw new Error(`no JSON came: ${stderr}`);
  if (status !== 0) process.stderr.write(stderr);
  return { status, total: JSON.parse(stdout) as SimulationTotal };
}

describe('two hundred seeds', () => {
  let total: SimulationTotal | undefined;
  let status: number | null = null;
  beforeAll(() => {
    ({ status, total } = simulated('--seeds', '1-200'));
  }, 1_200_000);

  test('break nothing', () => {
    expect(total).toMatchObject({ seeds: 200, violations: 0 });
    expect(status).toBe(0);
  });

  test('meet every hard situation', () => {
    const missed = Object.entries(total?.sometimes ?? {}).filter(([, seeds]) => seeds === 0);
    expect(missed).toEqual([]);
  });

  test('and every planted bug is caught', () => {
    expect(total?.plantedCaught).toBe(total?.planted);
  });

  test('give a result that the page of the operator explains', () => {
    const page = readFileSync(join(projectDir, 'docs/OPERATING.md'), 'utf8');
    const told = wordsOf(sectionOf(page, 'The result of a simulation'));
    expect(difference(told, fieldsOf(total, 1))).toEqual(NO_DIFFERENCE);
  });
});
