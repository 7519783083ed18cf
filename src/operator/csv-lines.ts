// Rows as RFC 4180 wants them: a header, CRLF after every line, quotes only where they are needed.
// What is not known is empty; an empty text is a pair of quotes.
import type { Columns, ExportRow } from './export-table.ts';

export function* csvLines(columns: Columns, rows: Iterable<ExportRow>): Generator<string> {
  const names = Object.keys(columns);
  yield lineOf(names.map(field));
  for (const row of rows) yield lineOf(names.map((name) => field(row[name])));
}

const lineOf = (fields: readonly string[]): string => `${fields.join(',')}\r\n`;

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
