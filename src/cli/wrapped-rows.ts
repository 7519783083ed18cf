// Breaks a line between its words where a terminal would break it anywhere. A word that is too long
// for a row stays whole, so that a path can be copied.

export function wrappedRows(text: string, columnCount: number): readonly string[] {
  const rows: string[] = [];
  let rest = text;
  while (rest.length > columnCount) {
    const inside = rest.lastIndexOf(' ', columnCount);
    const at = rest.slice(0, Math.max(inside, 0)).trim() === '' ? firstGap(rest) : inside;
    if (at < 0) break;
    rows.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...rows, rest];
}

/** The first space after a word. */
const firstGap = (text: string): number => {
  const start = text.length - text.trimStart().length;
  return text.indexOf(' ', start);
};
