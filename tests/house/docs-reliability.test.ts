// The page of faults tells the truth that a program can check: every test that it names exists
// under that title, and every fault of the catalogue stands in exactly one of its tables.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { difference, NO_DIFFERENCE, rowsOf, sectionOf } from './operating-page.ts';
import { projectDir } from './source-tree.ts';

const page = readFileSync(join(projectDir, 'docs/reliability.md'), 'utf8');

/** How many faults each family has. */
const CATALOGUE = { N: 24, V: 52, M: 16, P: 20, S: 16, O: 15, D: 18 } as const;
const PLAYED = ['Network', 'Venues', 'Process and machine', 'Storage', 'Operator', 'Data'];

const everyFault = (): readonly string[] =>
  Object.entries(CATALOGUE).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, at) => `${family}${String(at + 1).padStart(2, '0')}`),
  );

interface NamedTest {
  readonly path: string;
  readonly title: string;
}

const testsIn = (text: string): readonly NamedTest[] =>
  [...text.matchAll(/\]\(\.\.\/(tests\/[^)]+)\) “([^”]+)”/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }));

const isMissing = ({ path, title }: NamedTest): boolean => {
  const file = join(projectDir, path);
  return !existsSync(file) || !readFileSync(file, 'utf8').includes(title);
};

const numbersIn = (cells: readonly (readonly string[])[], column: number): readonly string[] =>
  cells.flatMap((row) => (row[column] ?? '').split(', '));

const played = PLAYED.map((title) => rowsOf(sectionOf(page, title))).flat();
const waiting = rowsOf(sectionOf(page, 'Waiting for what is not built'));
const owed = rowsOf(sectionOf(page, 'Without a test'));

describe('the page of faults', () => {
  test('names only tests that exist', () => {
    expect(testsIn(page).length).toBeGreaterThan(100);
    expect(testsIn(page).filter(isMissing)).toEqual([]);
  });

  test('names a test for each fault that is played, alone or as a pair', () => {
    const rows = [...played, ...rowsOf(sectionOf(page, 'Pairs'))];
    const bare = rows.filter((row) => row.length !== 5 || testsIn(row[4] ?? '').length === 0);
    expect(bare).toEqual([]);
  });

  test('has every fault of the catalogue in one table, and no other', () => {
    const told = [...numbersIn(played, 0), ...numbersIn(waiting, 1), ...numbersIn(owed, 0)];
    expect(difference(told, everyFault())).toEqual(NO_DIFFERENCE);
    expect(told.filter((number, at) => told.indexOf(number) !== at)).toEqual([]);
  });
});

describe('a planted lie is caught', () => {
  const named = (path: string, title: string): string => `[x](../${path}) “${title}”`;

  test.each([
    ['a file that is gone', 'tests/house/gone.test.ts', 'a planted lie is caught'],
    ['a title that nobody wrote', 'tests/house/docs.test.ts', ['no', 'such', 'title'].join(' ')],
  ])('%s', (_, path, title) => {
    expect(testsIn(named(path, title)).filter(isMissing)).toHaveLength(1);
  });

  test('a fault that no table has', () => {
    const left = everyFault().filter((number) => number !== 'V32');
    expect(difference(left, everyFault()).undocumented).toEqual(['V32']);
  });
});
