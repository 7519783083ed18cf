// What `node main export` can tell of a run: for each word its columns, and its rows as they come
// out of the journal, one record at a time. Rows are those of the database where it has them.
import type { StepRecord, Usd, VenueId } from '../../domain/index.ts';
import { plus, toUsd, ZERO_USD } from '../../domain/index.ts';
import type { Columns, ExportRow } from '../../operator/export-table.ts';
import { RealisedTotal } from '../../operator/realised-total.ts';
import { RunHistory } from '../../operator/run-history.ts';
import { fills, fillsIn, ledgerEntries, reportRows, RowBatch } from '../../storage/index.ts';
import { tradeRow } from './trades-verb.ts';

interface ExportTable {
  readonly columns: Columns;
  /** The column that `--since` looks at. */
  readonly instant: string;
  rows(records: Iterable<StepRecord>, runId: string): Generator<ExportRow>;
}

const source = { seq: 'count', atMs: 'instant' } as const;
const place = { venueId: 'text', instrumentId: 'text' } as const;

export const EXPORT_TABLES: Readonly<Record<string, ExportTable>> = {
  transitions: {
    columns: {
      ...source,
      ...{ actor: 'text', from: 'text', event: 'text', to: 'text', cause: 'text' },
      changed: 'json',
    },
    instant: 'atMs',
    rows: transitionRows,
  },
  trades: {
    columns: {
      ...{ tradeId: 'text', openedAtMs: 'instant', strategy: 'text', key: 'text' },
      ...{ state: 'text', path: 'text', panicked: 'flag', cause: 'text' },
      ...{ fundingPayments: 'count', fundingUsd: 'text', basisUsd: 'text' },
      ...{ slippageUsd: 'text', feesUsd: 'text', roundingUsd: 'text' },
      ...{ unexplainedUsd: 'text', totalUsd: 'text' },
    },
    instant: 'openedAtMs',
    rows: tradeRows,
  },
  fills: {
    columns: {
      ...source,
      ...{ filledAtMs: 'instant', fillId: 'text', tradeId: 'text', legId: 'text' },
      ...{ clientOrderId: 'text', ...place, side: 'text', qty: 'text', price: 'text' },
      ...{ feeUsd: 'text', liquidity: 'text', isLiquidation: 'flag' },
    },
    instant: 'atMs',
    rows: (records, runId) => reported(records, runId, 'fills'),
  },
  ledger: {
    columns: {
      ...source,
      ...{ posting: 'text', line: 'count', kind: 'text', tradeId: 'text', venueId: 'text' },
      ...{ account: 'text', asset: 'text', amount: 'text' },
    },
    instant: 'atMs',
    rows: (records, runId) => reported(records, runId, 'ledger'),
  },
  equity: {
    columns: {
      ...source,
      ...{ venueId: 'text', equityUsd: 'text', marginUsedUsd: 'text', realisedUsd: 'text' },
    },
    instant: 'atMs',
    rows: equityRows,
  },
};

function* transitionRows(records: Iterable<StepRecord>): Generator<ExportRow> {
  for (const { seq, atMs, transitions } of records) {
    for (const { actor, from, event, to, changed } of transitions) {
      const { cause } = changed;
      const why = typeof cause === 'string' && cause !== '' ? cause : null;
      yield { seq, atMs, actor, from, event, to, cause: why, changed };
    }
  }
}

/** What became of a trade is known at the end of the journal, so trades wait for it. */
function* tradeRows(records: Iterable<StepRecord>): Generator<ExportRow> {
  const history = new RunHistory();
  for (const record of records) history.add(record);
  for (const trade of history.trades) {
    const { path, profit, ...row } = tradeRow(trade);
    yield { ...row, openedAtMs: trade.openedAtMs, path: path.join(' → '), ...profit };
  }
}

const REPORTED = {
  fills: { table: fills, keys: ['instrumentId', 'fillId'], parts: [] },
  ledger: { table: ledgerEntries, keys: ['posting'], parts: ['line'] },
} as const;

/** What is reported twice has the rows of its first report. */
function* reported(
  records: Iterable<StepRecord>,
  runId: string,
  what: keyof typeof REPORTED,
): Generator<ExportRow> {
  const { table, keys, parts } = REPORTED[what];
  const firstSeqs = new Map<string, number>();
  const wallets = new Map<unknown, Usd>();
  const bookedUsd = (venueId: VenueId): Usd => wallets.get(venueId) ?? ZERO_USD;
  let runTag = '';
  for (const record of records) {
    if (record.input.type === 'run.started') runTag = record.input.runTag;
    const batch = new RowBatch();
    reportRows(batch, record, { runId, runTag, bookedUsd });
    const seen = new Set<string>();
    for (const row of batch.rowsOf(table)) {
      const key = JSON.stringify(keys.map((name) => row[name]));
      const part = JSON.stringify([key, ...parts.map((name) => row[name])]);
      const firstSeq = firstSeqs.get(key) ?? record.seq;
      if (firstSeq !== record.seq || seen.has(part)) continue;
      firstSeqs.set(key, firstSeq);
      seen.add(part);
      if (row['account'] === 'wallet') {
        const amountUsd = toUsd(String(row['amount']));
        wallets.set(row['venueId'], plus(wallets.get(row['venueId']) ?? ZERO_USD, amountUsd));
      }
      yield row;
    }
  }
}

function* equityRows(records: Iterable<StepRecord>): Generator<ExportRow> {
  const realised = new RealisedTotal();
  for (const { seq, atMs, input } of records) {
    for (const fill of fillsIn(input)) realised.addFill(fill);
    if (input.type === 'funding.paid') realised.addFunding(input.payment);
    if (input.type === 'transfer.made') realised.addTransfer(input.transfer);
    if (input.type === 'account.reported') {
      const { venueId, equityUsd, marginUsedUsd } = input.report;
      yield { seq, atMs, venueId, equityUsd, marginUsedUsd, realisedUsd: realised.usd };
    }
  }
}
