// What `node main export` writes about a recorded run, in every format, and what it refuses.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { total } from '../../src/domain/index.ts';
import type { Usd } from '../../src/domain/index.ts';
import { changeText, copyOf, recordRun, segmentOf } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, MAIN, newFolder, run } from './started-program.ts';

type Row = Readonly<Record<string, unknown>>;
const WORDS = ['transitions', 'trades', 'fills', 'ledger', 'equity'] as const;

let recorded: RecordedRun;
let dataFolder = '';
const exported = new Map<string, readonly Row[]>();
const rowsOf = (what: string): readonly Row[] => exported.get(what) ?? expect.fail(what);
const read = (...words: readonly string[]) =>
  run([...words, '--data', dataFolder], { folder: newFolder() });
/** Which run it is, where none was named. */
const saidRun = (): string =>
  `reading ${basename(recorded.path)}, the latest run of ${dataFolder}\n`;
const lines = (text: string): readonly Row[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  recorded = await recordRun();
  dataFolder = dirname(dirname(recorded.path));
  for (const what of WORDS) {
    const { code, stdout, stderr } = await read('export', what);
    expect({ code, stderr }).toEqual({ code: 0, stderr: saidRun() });
    exported.set(what, lines(stdout));
  }
});

describe('the rows', () => {
  test('transitions are all of the run, each with what it changed', () => {
    const rows = rowsOf('transitions');
    expect(rows).toHaveLength(recorded.result.transitions);
    const faded = rows.find(({ cause }) => cause === 'funding-faded');
    expect(faded).toMatchObject({ event: 'exit.signalled', changed: { cause: 'funding-faded' } });
  });

  test('trades are those of `node main trades`, flattened', async () => {
    const { trades } = lastJson(await read('trades', '--json'));
    const listed: readonly (Row & { readonly profit: Row; readonly path: readonly string[] })[] =
      trades;
    const flat = listed.map(({ profit, path, ...row }) => ({
      ...row,
      ...profit,
      path: path.join(' → '),
    }));
    expect(rowsOf('trades').map(({ openedAtMs: _, ...row }) => row)).toEqual(flat);
  });

  test('fills carry their fees, which add up to those of the run', () => {
    const rows = rowsOf('fills');
    const fees = total(rows.map(({ feeUsd }) => usd(feeUsd)));
    expect(`-${fees}`).toBe(recorded.result.profit.feesUsd);
    const isOurs = ({ tradeId, legId }: Row) =>
      /^t[1-7] [ab]$/.test(`${String(tradeId)} ${String(legId)}`);
    expect(rows.filter((row) => !isOurs(row))).toEqual([]);
  });

  test('every posting of the ledger sums to zero, and the money is the profit', () => {
    const rows = rowsOf('ledger');
    const postings = new Map<string, Usd[]>();
    for (const { posting, asset, amount } of rows) {
      const key = JSON.stringify([posting, asset]);
      postings.set(key, [...(postings.get(key) ?? []), usd(amount)]);
    }
    expect(postings.size).toBeGreaterThan(50);
    for (const entry of postings.values()) expect(total(entry)).toBe('0');
    const money = rows
      .filter(({ kind, asset }) => asset === 'USD' && kind !== 'transfer')
      .filter(({ account }) => account === 'position' || account === 'wallet');
    expect(total(money.map(({ amount }) => usd(amount)))).toBe(recorded.result.profit.totalUsd);
  });

  test('equity ends with the realised profit of the run', () => {
    const rows = rowsOf('equity');
    expect(new Set(rows.map(({ venueId }) => venueId)).size).toBe(3);
    expect(rows[0]).toMatchObject({ equityUsd: '10000', marginUsedUsd: '0', realisedUsd: '0' });
    expect(rows.at(-1)?.['realisedUsd']).toBe(recorded.result.profit.totalUsd);
  });
});

const usd = (value: unknown): Usd => JSON.parse(JSON.stringify(value));

describe.each(WORDS)('%s', (what) => {
  test('as Parquet read back are the rows of JSON lines', async () => {
    const file = join(newFolder(), `${what}.parquet`);
    const { code, stdout } = await read('export', what, '--format', 'parquet', '--out', file);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${file}: ${rowsOf(what).length} rows of ${what}\n`,
    });
    const rows: readonly Row[] = await parquetReadObjects({
      file: await asyncBufferFromFile(file),
    });
    const [first = {}] = rows;
    const instant = first['atMs'] ?? first['openedAtMs'];
    expect(instant).toBeInstanceOf(Date);
    expect(rows.map(plainRow)).toEqual(rowsOf(what));
  });

  test('as CSV parse back to the rows of JSON lines', async () => {
    const { stdout } = await read('export', what, '--format', 'csv');
    const [head = [], ...records] = parsed(stdout);
    const rows = rowsOf(what);
    expect(head).toEqual(Object.keys(rows[0] ?? {}));
    const texts = rows.map((row) => Object.values(row).map(csvText));
    expect(records).toEqual(texts);
  });

  test('since an instant are its last rows', async () => {
    const rows = rowsOf(what);
    const atMs = (row: Row | undefined) => Number(row?.['atMs'] ?? row?.['openedAtMs']);
    const sinceMs = atMs(rows[Math.floor(rows.length / 2)]);
    const since = new Date(sinceMs).toISOString();
    const { stdout } = await read('export', what, '--since', since);
    const later = rows.filter((row) => atMs(row) >= sinceMs);
    expect(later.length).toBeLessThan(rows.length);
    expect(lines(stdout)).toEqual(later);
  });
});

/** Whole numbers of Parquet are bigints, its timestamps dates. */
const plainRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Date ? value.getTime() : value;
}
const csvText = (value: unknown): string => {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** RFC 4180, read strictly: each record ends with CRLF. */
function parsed(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [whole, value = '', end] = match;
    record.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === '\r\n') {
      records.push(record);
      record = [];
    }
    if (token.lastIndex === text.length) return records;
    expect(whole).not.toBe('');
  }
  return expect.fail(`a field is not closed: ${text.slice(-80)}`);
}

test('since a duration counts back from the last record, in the time of the run', async () => {
  const rows = rowsOf('equity');
  const { stdout } = await read('export', 'equity', '--since', '30s');
  const later = lines(stdout);
  expect(later.length).toBeGreaterThan(3);
  expect(later.length).toBeLessThan(rows.length / 2);
  expect(later).toEqual(rows.slice(-later.length));
});

test('a reader that takes three lines and goes is no failure', () => {
  const command = `node "$1" export transitions --data "$2" | head -3; echo "\${PIPESTATUS[0]}"`;
  const ended = spawnSync('bash', ['-c', command, 'bash', MAIN, dataFolder], {
    encoding: 'utf8',
    cwd: newFolder(),
  });
  const got = ended.stdout.split('\n');
  expect(got.slice(0, 3).map((line) => JSON.parse(line).seq)).toEqual([1, 1, 1]);
  expect({ code: got[3], stderr: ended.stderr }).toEqual({ code: '0', stderr: saidRun() });
});

describe('it is refused with code 2 and the way out', () => {
  test.each([
    [['trade'], 'there is nothing to export named "trade"; did you mean "trades"?'],
    [['books'], 'nothing to export named "books"; there are transitions, trades, fills, ledger'],
    [['fills', '--format', 'cvs'], 'there is no format "cvs"; did you mean "csv"?'],
    [['fills', '--format', 'parquet'], 'cannot go to the terminal; name it with --out'],
    [['fills', '--since', 'noon'], '--since must be an instant like 2026-01-31T12:00:00Z or a'],
    [['fills', '--since', '2026-01-31T12:00'], 'found "2026-01-31T12:00"'],
    [['fills', '--out', 'no/such/file'], 'no/such/file cannot be written: ENOENT'],
    [['fills', 'nope'], 'no run nope'],
    [[], "missing required argument 'what'"],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await read('export', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a file that exists keeps its bytes', async () => {
    const file = join(newFolder(), 'kept.csv');
    writeFileSync(file, 'mine');
    const { code, stderr } = await read('export', 'fills', '--out', file);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `${saidRun()}${file} exists; remove it or name another file\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

describe('a journal', () => {
  test.each(['jsonl', 'csv', 'parquet'])(
    'with damage leaves no half file as %s',
    async (format) => {
      const damaged = copyOf(recorded);
      changeText(damaged, 'funding-faded', 'funding-fadex');
      const out = join(newFolder(), 'half');
      const { code, stderr } = await read('export', 'transitions', damaged, ...args(format, out));
      expect({ code, stderr }).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/segment-/),
      });
      expect(existsSync(out)).toBe(false);
    },
  );

  test('whose last write was cut short gives what is whole, and says so', async () => {
    const torn = copyOf(recorded);
    truncateSync(segmentOf(torn), readFileSync(segmentOf(torn)).length - 10);
    const { code, stdout, stderr } = await read('export', 'equity', torn);
    expect(code).toBe(0);
    expect(stderr).toMatch(/the last write was cut short at byte \d+ of /);
    expect(lines(stdout).length).toBeGreaterThan(30);
  });
});

const args = (format: string, out: string) => ['--format', format, '--out', out];
