// What `verify`, `trades` and `trade` say of a good run, to people and to programs.
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { total } from '../../src/domain/index.ts';
import type { Usd } from '../../src/domain/index.ts';
import { recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, newFolder, run } from './started-program.ts';

let recorded: RecordedRun;
let dataFolder = '';
beforeAll(async () => {
  recorded = await recordRun();
  dataFolder = dirname(dirname(recorded.path));
});

const read = (...words: readonly string[]) =>
  run([...words, '--data', dataFolder], { folder: newFolder() });
const AMOUNT = /^-?\d+(\.\d+)?$/;

describe('node main verify', () => {
  test('says that a run is whole, with its records and its head', async () => {
    const { inputs, headHash } = recorded.result;
    const [forPeople, forPrograms] = await Promise.all([read('verify'), read('verify', '--json')]);
    expect(forPeople.stdout).toMatch(/^\S+-seed7 is whole: \d+ records, head [0-9a-f]{16}\n$/);
    expect(JSON.parse(forPrograms.stdout)).toEqual({
      valid: true,
      records: inputs,
      headHash,
      torn: null,
      segments: 1,
      archivedSegments: 0,
      heads: 0,
      runDir: recorded.path,
    });
    expect([forPeople.code, forPrograms.code]).toEqual([0, 0]);
  });

  test('finds a run by id, by folder, or takes the latest', async () => {
    const id = basename(recorded.path);
    const found = await Promise.all([
      read('verify', '--json'),
      read('verify', id, '--json'),
      read('verify', recorded.path, '--json'),
    ]);
    expect(new Set(found.map(({ stdout }) => stdout)).size).toBe(1);
  });

  test.each([
    [['verify', 'nope'], /^no run nope \(looked for .*\/runs\/nope, .*\/nope\)\n$/],
    [['replay', 'nope'], /^no run nope /],
    [['trades', 'nope'], /^no run nope /],
    [['trade', 't1', '--run', 'nope'], /^no run nope /],
  ])('%j does not exist: exit code 2', async (words, message) => {
    const { code, stdout, stderr } = await read(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a data folder without runs is exit code 2', async () => {
    const { code, stderr } = await run(['verify'], { folder: newFolder() });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no run in .*\/data\/runs\n/),
    });
  });
});

describe('which run is read', () => {
  test.each([
    ['trades'],
    ['trade', 't1'],
    ['opps'],
    ['ledger'],
    ['verify'],
    ['replay'],
    ['export', 'fills'],
  ])('is said on stderr by %s where none was named', async (...words) => {
    const { code, stderr } = await read(...words);
    const id = basename(recorded.path);
    expect([code, stderr]).toEqual([0, `reading ${id}, the latest run of ${dataFolder}\n`]);
  });

  test('is not said of a run that was named, or to a program', async () => {
    for (const words of [
      ['trades', recorded.path],
      ['trade', 't1', '--run', recorded.path],
      ['export', 'fills', recorded.path],
      ['opps', '--json'],
    ]) {
      expect(await read(...words)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('is dim where colours are shown', async () => {
    const env = { FORCE_COLOR: '1' };
    const { stderr } = await run(['trades', '--data', dataFolder], { folder: newFolder(), env });
    expect(stderr).toMatch(/^\u001B\[2mreading .*\u001B\[22m\n$/);
  });
});

test('node main ledger ends its columns at one place', async () => {
  const { stdout } = await read('ledger');
  const [balances = '', reports = '', parts = ''] = stdout.trimEnd().split('\n\n').slice(1);
  expect(balances).toMatch(/^venue +account +asset +balance\n/);
  expect(balances).toMatch(/\nall +sum +USD +0\n/);
  expect(reports).toMatch(/^venue +last report +state +equity USD +ledger USD +unexplained USD\n/);
  expect(parts).toMatch(/\nprofit +-?[\d.]+$/);
  for (const table of [balances, reports, parts]) {
    expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
  }
});

describe('node main trades', () => {
  test('has one line for each trade with its path', async () => {
    const { stdout, code } = await read('trades');
    const [head = '', ...rows] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(head).toMatch(/^trade +pair +lasted +profit USD +funding +fees +path$/);
    expect(rows).toHaveLength(recorded.result.trades.started);
    expect(rows[0]).toMatch(/^t1 .* IDLE → OPENING → OPEN → CLOSING → CLOSED$/);
    expect(rows.filter((row) => row.includes('PANIC'))).toHaveLength(1);
  });

  test('--json adds up to the summary of the run', async () => {
    const { runDir, trades } = lastJson(await read('trades', '--json'));
    const rows: readonly Row[] = trades;
    const { profit, fundingPayments } = recorded.result;
    expect(runDir).toBe(recorded.path);
    const { insuranceUsd, ...ofTrades } = profit;
    expect(insuranceUsd).toBe('0');
    for (const part of Object.keys(ofTrades)) {
      const amounts = rows.map((trade) => trade.profit[part] ?? expect.fail(`it has ${part}`));
      for (const amount of amounts) expect(amount).toMatch(AMOUNT);
      expect(total(amounts)).toBe(profit[part]);
    }
    expect(rows.reduce((sum, row) => sum + row.fundingPayments, 0)).toBe(fundingPayments);
  });
});

interface Row {
  readonly profit: Readonly<Record<string, Usd>>;
  readonly fundingPayments: number;
}

describe('node main trade', () => {
  test('shows transitions with causes, orders, fills, fees, funding and the profit', async () => {
    const { stdout, code } = await read('trade', 't1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^t1 {2}funding-carry {2}\S+ \S+>\S+ .* expected \+\d+\.\d\d bps net\n/);
    expect(stdout).toMatch(/\ntransitions\n( {2}#\d+ .* → .* {2}on \S+.*\n){5,}\n/);
    expect(stdout).toMatch(/ OPEN → CLOSING\S* {2}on exit\.signalled {2}\(funding-faded\)\n/);
    expect(stdout).toMatch(
      / leg a {2}buy .* IOC {2}filled\n {6}\S+ {2}filled .* fee \S+ USD {2}taker\n/,
    );
    expect(stdout).toMatch(/ leg b {2}buy .* IOC reduce-only {2}filled\n/);
    expect(stdout).toMatch(
      /\nfunding\n( {2}\S+ {2}\S+ {2}position \S+ {2}rate \S+ {2}\S+ USD\n){2}\n/,
    );
    expect(stdout).toMatch(
      /\nfunding .* USD\nbasis .* USD\nslippage .* USD\nfees .* USD\nrounding +0 USD\n/,
    );
    expect(stdout).toMatch(/\nunexplained +0 USD\nprofit .* USD\n$/);
  });

  test.each(['t1', 't2', 't3'])('%s --json is whole and its parts add up exactly', async (id) => {
    const trade = lastJson(await read('trade', id, '--json'));
    const { fundingUsd, basisUsd, slippageUsd, feesUsd, totalUsd, ...rest } = trade.profit;
    expect(total([fundingUsd, basisUsd, slippageUsd, feesUsd])).toBe(totalUsd);
    expect(rest).toEqual({ roundingUsd: '0', unexplainedUsd: '0' });
    expect(trade).toMatchObject({ tradeId: id, state: 'CLOSED', positions: { a: '0', b: '0' } });
    expect(trade.panicked).toBe(id === 't3');
    for (const step of trade.steps) {
      expect(step.event).toMatch(/^[a-z]+(\.[a-z-]+)+$/);
      expect(step.atMs).toBeGreaterThanOrEqual(trade.openedAtMs);
    }
    const orders: readonly Order[] = trade.orders;
    const fills = orders.flatMap((order) => order.fills);
    expect(fills.length).toBeGreaterThanOrEqual(2);
    expect(feesUsd).toBe(`-${total(fills.map(({ feeUsd }) => feeUsd))}`);
    const payments: readonly Payment[] = trade.funding;
    expect(total(payments.map(({ amountUsd }) => amountUsd))).toBe(fundingUsd);
  });

  test('one that panicked says why, and that an order was refused', async () => {
    const { stdout } = await read('trade', 't3');
    expect(stdout).toMatch(
      /PARTIAL\S* → PANIC\S* {2}on \S+ {2}\(the venue refuses the other leg\)\n/,
    );
    expect(stdout).toMatch(/ rejected venue\.[a-z-]+\n/);
  });

  test.each(['nope', 't99', 'T1', 't1 '])('"%s" does not exist: what there is', async (id) => {
    const { code, stdout, stderr } = await read('trade', id);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^run \S+ has no trade ".*"; it has t1, t2, t3/m);
  });
});

interface Order {
  readonly fills: readonly { readonly feeUsd: Usd }[];
}
interface Payment {
  readonly amountUsd: Usd;
}

test('a configuration names the data folder where no flag does', async () => {
  const { stdout } = await run(['verify', '--json'], { folder: join(dataFolder, '..') });
  expect(JSON.parse(stdout)).toMatchObject({ valid: true });
});
