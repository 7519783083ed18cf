// What an export is made of: named columns, each of a kind that every format knows how to write,
// and rows that come one at a time. Amounts are texts, exact to the last digit.

/** `instant` is in milliseconds since 1970, `json` any value that JSON can say. */
export type ColumnKind = 'text' | 'count' | 'flag' | 'instant' | 'json';
export type Columns = Readonly<Record<string, ColumnKind>>;
export type ExportRow = Readonly<Record<string, unknown>>;

/** One line of JSON per row, with every column in order; what is not known is null. */
export function* jsonLines(columns: Columns, rows: Iterable<ExportRow>): Generator<string> {
  const names = Object.keys(columns);
  for (const row of rows) {
    const whole = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
    yield `${JSON.stringify(whole)}\n`;
  }
}
