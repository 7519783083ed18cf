// An account that is empty at its first report is open from then on: what it comes to hold later is
// not opened once more, in the tables, in the export and in the ledger of the journal alike.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXPORT_TABLES } from '../../src/cli/verbs/export-tables.ts';
import { isZero, toMs, toTransferId, toUsd, toVenueId } from '../../src/domain/index.ts';
import type { Decimal, StepRecord, Transfer } from '../../src/domain/index.ts';
import { readJournal } from '../../src/journal/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { migrate, openDatabase, Projection, remake } from '../../src/storage/index.ts';
import type { Database } from '../../src/storage/index.ts';
import { newFolder } from '../cli/started-program.ts';
import { dump, entriesOf, fillAnew } from './projected-run.ts';
import { hasServer, newDatabaseUrl } from './test-server.ts';

const runId = '20261009T235915Z-seed7';
const path = new URL('../golden/0.1.0', import.meta.url).pathname;
const records = [...readJournal({ runId, path })].map(({ record }) => record);
const identity = { runId, engineVersion: '0.1.0', createdAtMs: 1 };
const first = records.findIndex(
  ({ input }) => input.type === 'account.reported' && input.report.venueId === 'okx',
);
const opened = records.findIndex(({ input }) => input.type === 'opportunity.found');

function changed(at: number, input: StepRecord['input']): StepRecord {
  const [told = expect.fail('a record')] = records.slice(at, at + 1);
  return { ...told, input, transitions: [], effects: [] };
}

function deposited(at: number): StepRecord {
  const transfer: Transfer = {
    ...{ venueId: toVenueId('okx'), transferId: toTransferId('x'), kind: 'deposit' },
    ...{ amountUsd: toUsd('10000'), madeAtMs: toMs(1) },
  };
  return changed(at, { type: 'transfer.made', transfer });
}

function emptied(): StepRecord {
  const input = records[first]?.input;
  if (input?.type !== 'account.reported') return expect.fail('a report');
  const { report } = input;
  return changed(first, { ...input, report: { ...report, equityUsd: toUsd('0') } });
}

const put = (...changes: readonly StepRecord[]): readonly StepRecord[] =>
  records.map((record) => changes.find(({ seq }) => seq === record.seq) ?? record);

const STORIES = {
  'that is empty until a deposit': put(emptied(), deposited(opened)),
  'whose deposit was heard before its first report': put(deposited(1)),
} as const;

let embedded: Database;
let server: Database | undefined;
beforeAll(async () => {
  embedded = await openDatabase({ databaseUrl: undefined, dataPath: newFolder() });
  const dataPath = newFolder();
  if (hasServer) server = await openDatabase({ databaseUrl: await newDatabaseUrl(), dataPath });
}, 60_000);
afterAll(async () => {
  await embedded.close();
  await server?.close();
});

const textOf = (row: Readonly<Record<string, unknown>>) =>
  [row['seq'], row['posting'], row['line'], row['amount']].join(' ');

describe.each(hasServer ? ['embedded', 'server'] : ['embedded'])('on the %s database', (kind) => {
  const database = (): Database => (kind === 'server' && server ? server : embedded);

  test.each(Object.entries(STORIES))('an account %s is opened once', async (_name, story) => {
    await fillAnew(database(), { identity, records: story });
    await expectJournal(database(), story);
    const stored = await database().query(
      `select seq, posting, line, amount::text as amount from ledger_entries`,
    );
    const openings = stored.filter(({ posting }) => posting === 'opening okx').map(textOf);
    const { seq } = emptied();
    expect(openings.sort()).toEqual([`${seq} opening okx 1 0`, `${seq} opening okx 2 0`]);
    const exported = [...(EXPORT_TABLES['ledger']?.rows(story, runId) ?? [])];
    expect(exported.map(textOf).sort()).toEqual(stored.map(textOf).sort());
    expect(await new Projection(database(), identity).write(story.slice(1))).toBe(0);
  });

  test.each(Object.entries(STORIES))(
    'the second opening of an account %s goes when an older database is migrated',
    async (_name, story) => {
      await fillAnew(database(), { identity, records: story });
      const right = await dump(database());
      await remake(database());
      await database().query(readFileSync(FORMER, 'utf8'));
      await database().query('delete from trinity_migrations where version = 11');
      await new Projection(database(), identity).catchUp(entriesOf(story));
      expect(await dump(database())).not.toEqual(right);
      expect(await migrate(database())).toEqual(['0011-empty-openings']);
      expect(await dump(database())).toEqual(right);
    },
  );
});

const FORMER = new URL(
  '../../src/storage/migrations/0011-empty-openings.down.sql',
  import.meta.url,
);

async function expectJournal(database: Database, story: readonly StepRecord[]): Promise<void> {
  const history = new RunHistory();
  for (const record of story) history.add(record);
  const rows = await database.query(
    'select venue_id, account, asset, amount::text as amount from ledger_balances',
  );
  const told = history.ledger.balances.map((balance) => Object.values(balance).join(' '));
  expect(rows.map((row) => Object.values(row).map(plain).join(' ')).sort()).toEqual(told.sort());
  expect(told.some((text) => text.startsWith('okx position BTC'))).toBe(false);
}

/** Without the zeros that a sum in the database keeps behind the point. */
function plain(value: unknown): unknown {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return value;
  return isZero(text as Decimal) ? '0' : toUsd(text);
}
