// Compares the pages that are kept with the pages that the code makes. Pure, so that the check in
// CI is itself checked.

/** One finding per page that differs, is missing or belongs to nothing; none when all are equal. */
export function pageFindings(
  kept: ReadonlyMap<string, string>,
  made: ReadonlyMap<string, string>,
): readonly string[] {
  return [
    ...[...made].flatMap(([file, page]) => difference(file, kept.get(file), page)),
    ...[...kept.keys()]
      .filter((file) => !made.has(file))
      .map((file) => `docs/machines/${file} belongs to no machine`),
  ];
}

function difference(file: string, kept: string | undefined, made: string): readonly string[] {
  if (kept === undefined) return [`docs/machines/${file} is missing`];
  if (kept === made) return [];
  const keptLines = kept.split('\n');
  const madeLines = made.split('\n');
  const found = madeLines.findIndex((line, index) => line !== keptLines[index]);
  const index = found === -1 ? madeLines.length : found;
  return [
    `docs/machines/${file}:${index + 1} differs from the code`,
    `  page: ${keptLines[index] ?? '(ends)'}`,
    `  code: ${madeLines[index] ?? '(ends)'}`,
  ];
}
