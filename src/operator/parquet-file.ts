// Rows as a Parquet file, written group by group, so that a long run needs no more memory than a
// short one. Instants are UTC timestamps in milliseconds; amounts stay texts, because a column of
// decimals has one scale and prices have many.
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { BasicType } from 'hyparquet-writer';
import type { ColumnKind, Columns, ExportRow } from './export-table.ts';

const GROUP_ROWS = 10_000;

const TYPES: Readonly<Record<ColumnKind, BasicType>> = {
  text: 'STRING',
  count: 'INT64',
  flag: 'BOOLEAN',
  instant: 'TIMESTAMP',
  json: 'JSON',
};

/** Replaces the file. */
export async function writeParquet(
  file: string,
  columns: Columns,
  rows: Iterable<ExportRow>,
): Promise<void> {
  const typed = Object.entries(columns).map(([name, kind]) => ({ name, type: TYPES[kind] }));
  await parquetWriteRows({
    writer: fileWriter(file),
    columns: typed,
    rows: cellRows(columns, rows),
    rowGroupSize: GROUP_ROWS,
    createdBy: 'trinity',
  });
}

function* cellRows(columns: Columns, rows: Iterable<ExportRow>): Generator<ExportRow> {
  const kinds = Object.entries(columns);
  for (const row of rows) {
    yield Object.fromEntries(kinds.map(([name, kind]) => [name, cell(kind, row[name] ?? null)]));
  }
}

function cell(kind: ColumnKind, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  switch (kind) {
    case 'instant':
      return new Date(value);
    case 'count':
      return BigInt(value);
    case 'text':
    case 'flag':
    case 'json':
      return value;
  }
}
