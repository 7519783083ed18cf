// What a table's rows are made of, once for the compiler and once for PostgreSQL, and the
// statements that write a thousand of them at a time. Names are ours in code and snake_case in SQL.

type ColumnType = 'text' | 'bigint' | 'integer' | 'numeric' | 'boolean' | 'jsonb';
export type Cell = string | number | boolean | null;
export type Cells = Readonly<Record<string, Cell | undefined>>;

export interface Table<Column extends string = string> {
  readonly name: string;
  readonly columns: Readonly<Record<Column, ColumnType>>;
}

/** Changes rows that are there; a column without a value keeps what it has. */
export interface Update<Column extends string = string> extends Table<Column> {
  readonly keys: readonly Column[];
}

export const table = <Column extends string>(
  name: string,
  columns: Readonly<Record<Column, ColumnType>>,
): Table<Column> => ({ name, columns });

export const update = <Column extends string>(
  name: string,
  keys: readonly NoInfer<Column>[],
  columns: Readonly<Record<Column, ColumnType>>,
): Update<Column> => ({ name, keys, columns });

export interface Statement {
  readonly text: string;
  /** One array per column. */
  readonly values: readonly (readonly Cell[])[];
}

/** A row that is there already, by any of its keys, stays as it is. */
export function insertStatement({ name, columns }: Table, rows: readonly Cells[]): Statement {
  const names = Object.keys(columns).map(toSnakeCase).join(', ');
  const text =
    `insert into ${name} (${names}) select ${names} from ${unnested(columns)} ` +
    'on conflict do nothing';
  return { text, values: byColumn(columns, rows) };
}

/** Each row is named at most once by `rows`. */
export function updateStatement(
  { name, keys, columns }: Update,
  rows: readonly Cells[],
): Statement {
  const changes = Object.keys(columns)
    .filter((column) => !keys.includes(column))
    .map(toSnakeCase)
    .map((column) => `${column} = coalesce(row.${column}, kept.${column})`);
  const matches = keys.map(toSnakeCase).map((key) => `kept.${key} = row.${key}`);
  const text =
    `update ${name} as kept set ${changes.join(', ')} ` +
    `from ${unnested(columns)} where ${matches.join(' and ')}`;
  return { text, values: byColumn(columns, rows) };
}

function unnested(columns: Table['columns']): string {
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  const names = Object.keys(columns).map(toSnakeCase);
  return `unnest(${arrays.join(', ')}) as row (${names.join(', ')})`;
}

const byColumn = (columns: Table['columns'], rows: readonly Cells[]): Statement['values'] =>
  Object.keys(columns).map((column) => rows.map((row) => storable(row[column] ?? null)));

/** PostgreSQL has no NUL in texts and no half of a surrogate pair; a venue's text may. */
function storable(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  return Buffer.from(cell, 'utf8').toString('utf8').replaceAll('\0', REPLACEMENT);
}

const REPLACEMENT = '\uFFFD';

/** JSON for a jsonb column. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part));

const toSnakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
