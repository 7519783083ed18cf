// The tables are the journal's, on the embedded PostgreSQL and on a server alike: row for row, once,
// from any position on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { total, toUsd } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { profitOf } from '../../src/operator/trade-history.ts';
import { LATEST_VERSION, migrate, openDatabase, Projection } from '../../src/storage/index.ts';
import { remake, rowCounts, schemaVersion, unmigrate } from '../../src/storage/index.ts';
import type { Database } from '../../src/storage/index.ts';
import { newFolder } from '../cli/started-program.ts';
import { dump, entriesOf, fillAnew, recordTenMinutes } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';
import { hasServer, newDatabaseUrl } from './test-server.ts';

let recorded: ProjectedRun;
let embedded: Database;
let server: Database | undefined;

beforeAll(async () => {
  const open = (databaseUrl?: string) => openDatabase({ databaseUrl, dataPath: newFolder() });
  [recorded, embedded] = await Promise.all([recordTenMinutes(), open()]);
  if (hasServer) server = await open(await newDatabaseUrl());
});
afterAll(async () => {
  await embedded.close();
  await server?.close();
});

test.skipIf(!hasServer)('the embedded one and a server hold the same rows', async () => {
  if (server === undefined) return;
  await Promise.all([fillAnew(embedded, recorded), fillAnew(server, recorded)]);
  const tables = await dump(embedded);
  expect(Object.values(tables).every((rows) => rows.length > 0)).toBe(true);
  expect(await dump(server)).toEqual(tables);
});

describe.each(hasServer ? ['embedded', 'server'] : ['embedded'])('on the %s database', (kind) => {
  const database = (): Database => (kind === 'server' && server ? server : embedded);
  const sums = (text: string) => database().query(text);

  test('the rows are those of the result of the run', async () => {
    await fillAnew(database(), recorded);
    const counts = await rowCounts(database());
    const { trades, transitions, fundingPayments, alerts } = recorded.result;
    expect(counts).toMatchObject({
      runs: 1,
      trades: trades.started,
      legs: Number(trades.started) * 2,
      transitions,
      funding_payments: fundingPayments,
      incidents: alerts,
      operator_actions: 1,
      runtime_state: 1,
    });
    const states = await sums('select state, count(*) from trades group by 1 order by 1');
    expect(states).toEqual([
      { state: 'CLOSED', count: BigInt(Number(trades.started) - Number(trades.open)) },
    ]);
    const taken = await sums('select count(*) from opportunities where is_taken');
    expect(taken).toEqual([{ count: BigInt(Number(trades.started)) }]);
    const unexplained = await sums(
      `select * from opportunities where not is_taken and
         (gate is null or found_value is null or limit_value is null or unit is null)`,
    );
    expect(unexplained).toEqual([]);
  });

  test('orders and fills agree, and belong to their trades', async () => {
    const wrong = await sums(
      `select client_order_id from orders as o where filled_qty is distinct from
         (select sum(qty) from fills as f where f.client_order_id = o.client_order_id)`,
    );
    expect(wrong).toEqual([]);
    const statuses = await sums('select distinct status from orders order by 1');
    expect(statuses.map(({ status }) => status)).toEqual(['expired', 'filled', 'rejected']);
    const homeless = await sums(
      `select fill_id from fills where not exists (select from legs
         where legs.trade_id = fills.trade_id and legs.leg_id = fills.leg_id
           and legs.instrument_id = fills.instrument_id)`,
    );
    expect(homeless).toEqual([]);
    const unpaid = await sums('select * from funding_payments where trade_id is null');
    expect(unpaid).toEqual([]);
  });

  test('the ledger sums to zero per posting and in all, and its profit is that of the run', async () => {
    const remainders = (grouped: string) =>
      sums(`select ${grouped} from ledger_entries group by ${grouped} having sum(amount) <> 0`);
    expect(await remainders('run_id, posting, asset')).toEqual([]);
    expect(await remainders('asset')).toEqual([]);
    const ours = await sums(
      `select account, sum(amount)::text as amount from ledger_entries
         where asset = 'USD' and account in ('wallet', 'position') and kind <> 'transfer' group by 1`,
    );
    const profitUsd = total(ours.map(({ amount }) => toUsd(String(amount))));
    expect(profitUsd).toBe(recorded.result.profit.totalUsd);
    const held = await sums(
      `select venue_id, asset from ledger_entries where account = 'position' and asset <> 'USD'
         group by 1, 2 having sum(amount) <> 0`,
    );
    expect(held).toEqual([]);
  });

  test('the profit of each trade has the parts that the journal tells, and no more', async () => {
    await fillAnew(database(), recorded);
    const history = new RunHistory();
    for (const record of recorded.records) history.add(record);
    for (const trade of history.trades) {
      const [stored = {}] = await sums(
        `select funding_usd, basis_usd, slippage_usd, fees_usd, rounding_usd, unexplained_usd,
           total_usd from trade_profits where trade_id = '${trade.tradeId}'`,
      );
      const amounts = Object.values(stored).map((amount) => toUsd(String(amount)));
      expect(amounts).toEqual(Object.values(profitOf(trade)));
      expect(profitOf(trade).unexplainedUsd).toBe('0');
    }
  });

  test('filled twice from nothing, they are equal', async () => {
    await fillAnew(database(), recorded);
    const first = await dump(database());
    await fillAnew(database(), recorded);
    expect(await dump(database())).toEqual(first);
  });

  test('half filled, they are completed; a batch that comes again changes nothing', async () => {
    const projection = await fillAnew(database(), recorded);
    const whole = await dump(database());
    const { identity, records } = recorded;
    const half = await fillAnew(database(), { identity, records: records.slice(0, 237) });
    expect(await half.position()).toEqual({ lastSeq: 237, headHash: records[236]?.hash });
    expect(await dump(database())).not.toEqual(whole);
    expect(await half.write(records.slice(200, 260))).toBe(23);
    expect(await half.write(records.slice(200, 260))).toBe(0);
    await new Projection(database(), identity).catchUp(entriesOf(records));
    expect(await dump(database())).toEqual(whole);
    expect(await projection.write(records.slice(-50))).toBe(0);
    expect(await dump(database())).toEqual(whole);
  });

  test('a batch that fails leaves rows and position as they were', async () => {
    const { identity, records } = recorded;
    const projection = await fillAnew(database(), { identity, records: records.slice(0, 100) });
    const before = await dump(database());
    await database().query('alter table fills add constraint planted check (qty < 0) not valid');
    await expect(projection.write(records.slice(100, 300))).rejects.toThrow('planted');
    expect(await dump(database())).toEqual(before);
    await database().query('alter table fills drop constraint planted');
    expect(await projection.write(records.slice(100, 300))).toBe(200);
  });

  test('a gap is refused, inside a batch and before it', async () => {
    const { identity, records } = recorded;
    const projection = await fillAnew(database(), { identity, records: records.slice(0, 10) });
    const before = await dump(database());
    const gap = 'record 12 cannot follow record 10';
    await expect(projection.write(records.slice(11, 20))).rejects.toThrow(gap);
    const torn = [...records.slice(10, 15), ...records.slice(16, 20)];
    await expect(projection.write(torn)).rejects.toThrow('record 17 cannot follow record 15');
    expect(await dump(database())).toEqual(before);
  });

  test('another run of the same name is refused', async () => {
    const { identity, records } = recorded;
    const projection = await fillAnew(database(), { identity, records: records.slice(0, 10) });
    const other = records.map((record) =>
      record.seq === 10 ? { ...record, hash: 'f'.repeat(64) } : record,
    );
    const refusal = { code: 'storage.diverged', message: expect.stringContaining('record 10') };
    await expect(projection.catchUp(entriesOf(other))).rejects.toMatchObject(refusal);
  });

  test('a fill that is reported again is one fill, and one posting', async () => {
    const { identity, records } = recorded;
    const at = records.findIndex(({ input }) => input.type === 'order.filled');
    const told = records[at];
    if (told?.input.type !== 'order.filled') throw new Error('the run has no fill');
    const { fill } = told.input;
    const input = {
      type: 'order.answered' as const,
      clientOrderId: fill.clientOrderId,
      evidence: { kind: 'ended' as const, end: 'filled' as const, fills: [fill] },
    };
    const again = { ...told, seq: records[at + 1]?.seq ?? told.seq, input, effects: [] };
    await fillAnew(database(), { identity, records: [...records.slice(0, at + 1), again] });
    const counts = await rowCounts(database());
    const openings = await sums(`select count(*) from ledger_entries where kind = 'transfer'`);
    expect(openings).toEqual([{ count: 6n }]);
    expect(counts).toMatchObject({ fills: 1, ledger_entries: 6 + 6 });
  });

  test('texts that PostgreSQL has no room for are stored all the same', async () => {
    const [first] = recorded.records;
    if (first === undefined) throw new Error('the run is empty');
    const changed = { cause: 'a\0b \uD800 c' };
    const odd: StepRecord = {
      ...first,
      transitions: [{ actor: 'x\0', from: '-', event: 'e', to: '-', changed }],
    };
    await fillAnew(database(), { identity: recorded.identity, records: [odd] });
    const rows = await sums(`select actor, changed->>'cause' as cause from transitions`);
    expect(rows).toEqual([{ actor: 'x\uFFFD', cause: 'a\uFFFDb \uFFFD c' }]);
  });

  test.each(['operator_actions', 'ledger_entries'])('%s can be added to, no more', async (name) => {
    await fillAnew(database(), recorded);
    const before = await dump(database());
    for (const text of [
      `update ${name} set at_ms = 0`,
      `delete from ${name}`,
      `truncate ${name}`,
    ]) {
      await expect(database().query(text)).rejects.toThrow(`${name} is append-only`);
    }
    expect(await dump(database())).toEqual(before);
  });

  test('a posting that does not sum to zero is refused', async () => {
    await remake(database());
    const line = (ordinal: number, amount: string) =>
      `('r', 1, ${ordinal}, 0, 'p', ${ordinal}, 'fee', 'okx', 'fees', 'USD', ${amount})`;
    const add = (...lines: readonly string[]) =>
      database().query(
        `insert into ledger_entries (run_id, seq, ordinal, at_ms, posting, line, kind, venue_id,
           account, asset, amount) values ${lines.join(', ')}`,
      );
    const refusal = 'posting p leaves 0.000000000000000001 USD';
    await expect(add(line(1, '0.3'), line(2, '-0.299999999999999999'))).rejects.toThrow(refusal);
    await add(line(1, '0.3'), line(2, '-0.3'));
    expect((await rowCounts(database()))['ledger_entries']).toBe(2);
  });

  test('migrations taken back leave nothing, also when it is full', async () => {
    await fillAnew(database(), recorded);
    await unmigrate(database());
    const left = await sums(
      `select relname::text as name from pg_class where relnamespace = current_schema()::regnamespace
       union all select proname::text from pg_proc where pronamespace = current_schema()::regnamespace`,
    );
    expect(left).toEqual([]);
    expect(await schemaVersion(database())).toBe(0);
    expect(await migrate(database())).toHaveLength(LATEST_VERSION);
    expect(await migrate(database())).toEqual([]);
  });
});
