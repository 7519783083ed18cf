// What an export tells when venues repeat themselves and when positions are closed in parts: the
// rows of a recorded journal, with fills reported again.
import { describe, expect, test } from 'vitest';
import { EXPORT_TABLES } from '../../src/cli/verbs/export-tables.ts';
import { toSeq } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { readJournal } from '../../src/journal/index.ts';

const path = new URL('../golden/0.1.0', import.meta.url).pathname;
const records = [...readJournal({ runId: '20261009T235915Z-seed7', path })].map(
  ({ record }) => record,
);
const rowsOf = (what: string, from: readonly StepRecord[]) => [
  ...(EXPORT_TABLES[what]?.rows(from, 'run') ?? expect.fail(what)),
];

describe('fills and payments that are reported twice', () => {
  const isRepeated = ({ input }: StepRecord): boolean =>
    input.type === 'order.filled' || input.type === 'funding.paid';
  // The venue says again, at the end, what it said before.
  const last = records.at(-1) ?? expect.fail('a record');
  const twice = [
    ...records,
    ...records
      .filter(isRepeated)
      .map(({ input }, index) => ({ ...last, seq: toSeq(last.seq + 1 + index), input })),
  ];

  test.each(['fills', 'ledger', 'equity'])('change nothing in %s', (what) => {
    expect(twice.length).toBeGreaterThan(records.length + 20);
    expect(rowsOf(what, twice)).toEqual(rowsOf(what, records));
  });
});

test('while every position is held, nothing but fees is realised', () => {
  const firstExit = records.findIndex(({ transitions }) =>
    transitions.some(({ to }) => /^(CLOSING|PANIC)/.test(to)),
  );
  const held = records.slice(0, firstExit);
  const last = rowsOf('equity', held).at(-1) ?? expect.fail('an account is reported');
  const fills = rowsOf('fills', held).filter(({ seq }) => Number(seq) < Number(last['seq']));
  const feesUsd = fills.reduce((sum, { feeUsd }) => sum + Number(feeUsd), 0);
  expect(feesUsd).toBeGreaterThan(1);
  expect(Number(last['realisedUsd'])).toBeCloseTo(-feesUsd, 9);
});
