// Rows of several records on their way into the database: new ones by table, and the last state of
// what changed. Within a batch a later change of the same row takes the place of an earlier one.
import { insertStatement, updateStatement } from './table.ts';
import type { Cell, Cells, Statement, Table, Update } from './table.ts';

export class RowBatch {
  readonly #inserts = new Map<Table, Cells[]>();
  readonly #updates = new Map<Update, Map<string, Cells>>();

  insert<Column extends string>(table: Table<Column>, row: Readonly<Record<Column, Cell>>): void {
    const rows = this.#inserts.get(table);
    if (rows === undefined) this.#inserts.set(table, [row]);
    else rows.push(row);
  }

  /** Columns that are left out, or null, keep what they have. */
  update<Column extends string>(
    update: Update<Column>,
    row: Readonly<Partial<Record<NoInfer<Column>, Cell>>>,
  ): void {
    const rows = this.#updates.get(update) ?? new Map<string, Cells>();
    this.#updates.set(update, rows);
    const cells: Cells = row;
    const key = JSON.stringify(update.keys.map((column) => cells[column]));
    rows.set(key, { ...rows.get(key), ...valuesIn(cells) });
  }

  /** New rows of one table. */
  rowsOf(table: Table): readonly Cells[] {
    return this.#inserts.get(table) ?? [];
  }

  /** New rows first: a row may change in the record that made it. */
  statements(): readonly Statement[] {
    return [
      ...[...this.#inserts].map(([table, rows]) => insertStatement(table, rows)),
      ...[...this.#updates].map(([update, rows]) => updateStatement(update, [...rows.values()])),
    ];
  }
}

const valuesIn = (row: Cells): Cells =>
  Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null));
