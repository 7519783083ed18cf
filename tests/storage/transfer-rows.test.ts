// Transfers in the tables and in the export: one posting each, and what is told before the first
// report of a venue is in that report.
import { expect, test } from 'vitest';
import { EXPORT_TABLES } from '../../src/cli/verbs/export-tables.ts';
import { toMs, toTransferId, toUsd, toVenueId } from '../../src/domain/index.ts';
import type { StepRecord, Transfer } from '../../src/domain/index.ts';
import { readJournal } from '../../src/journal/index.ts';
import { openDatabase, Projection } from '../../src/storage/index.ts';
import { newFolder } from '../cli/started-program.ts';
import { fillAnew } from './projected-run.ts';

const runId = '20261009T235915Z-seed7';
const path = new URL('../golden/0.1.0', import.meta.url).pathname;
const records = [...readJournal({ runId, path })].map(({ record }) => record);
const opened = records.findIndex(({ input }) => input.type === 'opportunity.found');

function made(at: number, kind: Transfer['kind'], amountUsd: string): StepRecord {
  const [told = expect.fail('a record')] = records.slice(at, at + 1);
  const amount = { amountUsd: toUsd(amountUsd), madeAtMs: toMs(1) };
  const transfer = { venueId: toVenueId('okx'), transferId: toTransferId(kind), kind, ...amount };
  return { ...told, input: { type: 'transfer.made', transfer }, transitions: [], effects: [] };
}

/** Nothing but the accounts, which have 10,000 USD each at their first report. */
const story = [
  ...records.slice(0, 1),
  made(1, 'deposit', '500'),
  ...records.slice(2, opened),
  ...[made(opened, 'withdrawal', '-20'), made(opened + 1, 'deposit', '500')],
  made(opened + 2, 'insurance', '3'),
];

test('a transfer is one posting however often it is told', { timeout: 60_000 }, async () => {
  const database = await openDatabase({ databaseUrl: undefined, dataPath: newFolder() });
  const identity = { runId, engineVersion: '0.1.0', createdAtMs: 1 };
  await fillAnew(database, { identity, records: story });
  expect(await new Projection(database, identity).write(story.slice(1))).toBe(0);
  const rows = await database.query(
    `select kind, account, sum(amount)::text as amount, count(*) as lines
       from ledger_entries where venue_id = 'okx' group by 1, 2 order by 1, 2`,
  );
  const stored = await database.query(
    'select seq, posting, line, amount::text as amount from ledger_entries',
  );
  await database.close();
  expect(rows).toEqual([
    { kind: 'insurance', account: 'insurance', amount: '-3', lines: 1n },
    { kind: 'insurance', account: 'wallet', amount: '3', lines: 1n },
    { kind: 'transfer', account: 'transfers', amount: '-9980', lines: 3n },
    { kind: 'transfer', account: 'wallet', amount: '9980', lines: 3n },
  ]);
  const exported = [...(EXPORT_TABLES['ledger']?.rows(story, runId) ?? [])];
  const texts = (from: readonly Readonly<Record<string, unknown>>[]) =>
    from.map(({ seq, posting, line, amount }) => [seq, posting, line, amount].join(' ')).sort();
  expect(texts(exported)).toEqual(texts(stored));
});
