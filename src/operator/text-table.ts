// Rows for people: every column as wide as its widest cell, amounts and counts to the right.

export interface TextColumn {
  readonly title: string;
  readonly align?: 'right';
}

const GAP = '  ';

export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  return lines.map((cells) =>
    columns
      .map(({ align }, at) => padded(cells[at] ?? '', widths[at] ?? 0, align))
      .join(GAP)
      .trimEnd(),
  );
}

const padded = (cell: string, width: number, align: TextColumn['align']): string =>
  align === 'right' ? cell.padStart(width) : cell.padEnd(width);
