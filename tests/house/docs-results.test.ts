// Every field of a JSON result is explained in docs/OPERATING.md, and every field explained there
// comes: held against what the program prints about a real run in virtual time, whole and damaged.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXPORT_TABLES } from '../../src/cli/verbs/export-tables.ts';
import { statusSchema } from '../../src/control/index.ts';
import { difference, fieldsOf, NO_DIFFERENCE, sectionOf, wordsOf } from './operating-page.ts';
import { rowsOf } from './operating-page.ts';
import { projectDir } from './source-tree.ts';

const page = readFileSync(join(projectDir, 'docs/OPERATING.md'), 'utf8');
const told = (title: string): readonly string[] => wordsOf(sectionOf(page, title));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-results-'));
}, 10_000);
afterAll(() => rmSync(folder, { recursive: true }));

function ask(...words: readonly string[]): Readonly<Record<string, unknown>> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectDir, 'main.js'), ...words, '--json', '--data', join(folder, 'data')],
    { encoding: 'utf8', env: { ...process.env, TRINITY_LOG__FOLDER: join(folder, 'logs') } },
  );
  const value: unknown = stdout === '' ? undefined : JSON.parse(stdout);
  if (typeof value !== 'object' || value === null) throw new Error(`no JSON came: ${stderr}`);
  return { ...value };
}

/** What is asked while the journal of the run has other bytes than were written. */
function whileDamaged<Answer>(
  runDir: string,
  from: string,
  to: string,
  look: () => Answer,
): Answer {
  const path = join(runDir, 'segment-000001.journal');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  try {
    return look();
  } finally {
    writeFileSync(path, text);
  }
}
const RECORD = ['"openTradesMax":5', '"openTradesMax":6'] as const;
const HEADER = ['trinity-journal 1 1', 'trinity-journal 1 2'] as const;

describe('the fields of a result', () => {
  let run: Readonly<Record<string, unknown>> = {};
  const runDir = (): string => String(run['runDir']);
  beforeAll(() => {
    run = ask('--clock', 'virtual', '--seed', '7', '--exit-after', '3m');
  }, 60_000);

  test('of a run', () => {
    expect(difference(told('The result of a run'), fieldsOf(run, 2))).toEqual(NO_DIFFERENCE);
  });

  test('of a verification, whole and damaged', () => {
    const damaged = whileDamaged(runDir(), ...RECORD, () => ask('verify'));
    const fields = [...fieldsOf(ask('verify'), 2), ...fieldsOf(damaged, 2)];
    expect(difference(told('The result of a verification'), fields)).toEqual(NO_DIFFERENCE);
  });

  test('of runs', () => {
    const [row] = [ask('runs')['runs']].flat();
    expect(difference(told('The result of runs'), fieldsOf(row, 1))).toEqual(NO_DIFFERENCE);
  });

  test('of a status, with an engine and without', () => {
    const told = sectionOf(page, 'The result of a status');
    const fields = [...Object.keys(statusSchema.shape), ...fieldsOf(ask('status'), 1)];
    expect(difference(wordsOf(told), fields)).toEqual(NO_DIFFERENCE);
    const { openTrades, streams, alerts } = statusSchema.shape;
    const rows = [openTrades, streams, alerts].map(({ element }) => Object.keys(element.shape));
    const inner = [...rows.flat(), ...Object.keys(openTrades.element.shape.legs.element.shape)];
    expect(inner.filter((field) => !told.includes(`\`${field}\``))).toEqual([]);
  });

  test('of trades and of one trade', () => {
    const [row] = [ask('trades')['trades']].flat();
    expect(difference(told('The result of trades'), fieldsOf(row, 1))).toEqual(NO_DIFFERENCE);
    const both = [...told('The result of trades'), ...told('The rest of one trade')];
    expect(difference(both, fieldsOf(ask('trade', 't1'), 1))).toEqual(NO_DIFFERENCE);
  });

  test('of a ledger', () => {
    const ledger = ask('ledger');
    const section = sectionOf(page, 'The result of a ledger');
    expect(difference(wordsOf(section), fieldsOf(ledger, 1))).toEqual(NO_DIFFERENCE);
    const rows = [ledger['balances'], ledger['accounts']].flat();
    const inner = new Set(rows.flatMap((row) => fieldsOf(row, 1)));
    expect(inner.size).toBeGreaterThan(8);
    expect([...inner].filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });

  test('of a head and of an archive', () => {
    expect(difference(told('The result of a head'), fieldsOf(ask('head'), 1))).toEqual(
      NO_DIFFERENCE,
    );
    const none = ask('archive');
    expect(difference(told('The result of an archive'), fieldsOf(none, 1))).toEqual(NO_DIFFERENCE);
  });

  test('of opps', () => {
    const opps = ask('opps');
    const section = sectionOf(page, 'The result of opps');
    expect(difference(wordsOf(section), fieldsOf(opps, 1))).toEqual(NO_DIFFERENCE);
    const rows = [opps['taken'], opps['refused']].flat();
    const inner = new Set(rows.flatMap((row) => fieldsOf(row, 1)));
    expect(inner.size).toBeGreaterThan(8);
    expect([...inner].filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });

  test('of an export, column by column', () => {
    const documented = rowsOf(sectionOf(page, 'The rows of an export')).flatMap(
      ([column = '', words = '']) => words.split(', ').map((what) => `${what} ${column}`),
    );
    const real = Object.entries(EXPORT_TABLES).flatMap(([what, { columns }]) =>
      Object.keys(columns).map((column) => `${what} ${column}`),
    );
    expect(documented.length).toBeGreaterThan(40);
    expect(difference(documented, real)).toEqual(NO_DIFFERENCE);
  });

  test('of a replay: identical, with a changed record, and with a changed header', () => {
    const record = whileDamaged(runDir(), ...RECORD, () => ask('replay'));
    const header = whileDamaged(runDir(), ...HEADER, () => ask('replay'));
    const fields = [ask('replay'), record, header].flatMap((result) => fieldsOf(result, 2));
    expect(difference(told('The result of a replay'), fields)).toEqual(NO_DIFFERENCE);
  });
});

test('a field that nobody explained is caught', () => {
  const result = { seed: 1, trades: { closed: 1, lost: 2 }, list: [{ x: 1 }], none: null };
  expect(fieldsOf(result, 2)).toEqual(['seed', 'trades.closed', 'trades.lost', 'list', 'none']);
  expect(difference(['seed', 'trades.closed', 'list', 'none'], fieldsOf(result, 2))).toEqual({
    undocumented: ['trades.lost'],
    invented: [],
  });
});
