// Guesses which key was meant: the same word with another unit, the same key in another section, or
// a slip of the finger. A guess is only ever shown, never used.

const UNITS = new RegExp(
  `(${[
    ...['Milliseconds', 'Millis', 'Ms', 'Seconds', 'Secs', 'Sec', 'S', 'Minutes', 'Min', 'Hours'],
    ...['Bps', 'Percentage', 'Percent', 'Pct', 'Usd', 'Dollars', 'Rate', 'Qty', 'Count'],
  ].join('|')})$`,
);
const BOUNDS = /(Max|Min|Floor|Cap)$/;

export interface NearKey {
  readonly key: string;
  readonly isOtherUnit: boolean;
}

/** The known key that was most likely meant by `found`, both with full path. */
export function nearKey(found: string, known: Iterable<string>): NearKey | undefined {
  const keys = [...known];
  const section = sectionOf(found);
  const neighbours = keys.filter((key) => sectionOf(key) === section);
  const sameStem = neighbours.find((key) => stem(lastWord(key)) === stem(lastWord(found)));
  if (sameStem !== undefined) {
    return { key: sameStem, isOtherUnit: plain(lastWord(sameStem)) !== plain(lastWord(found)) };
  }
  const elsewhere = keys.find((key) => plain(lastWord(key)) === plain(lastWord(found)));
  const slip = closest(found, neighbours) ?? elsewhere ?? closest(found, keys);
  return slip === undefined ? undefined : { key: slip, isOtherUnit: false };
}

const lastWord = (key: string): string => key.slice(key.lastIndexOf('.') + 1);
const sectionOf = (key: string): string => key.slice(0, Math.max(key.lastIndexOf('.'), 0));
const plain = (word: string): string => word.replaceAll(/[-_]/g, '').toLowerCase();

/** `staleAfterMs` and `stale_after_seconds` have one stem. */
function stem(word: string): string {
  const camel = word.replaceAll(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return camel.replace(BOUNDS, '').replace(UNITS, '').toLowerCase();
}

export function closest(found: string, keys: readonly string[]): string | undefined {
  const distanceMax = Math.max(2, Math.floor(lastWord(found).length / 4));
  const ranked = keys
    .map((key) => ({ key, distance: editDistance(plain(found), plain(key)) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= distanceMax ? best.key : undefined;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let index = 0; index < left.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column += 1) {
      const swapped = (row[column] ?? 0) + (left[index] === right[column] ? 0 : 1);
      next.push(Math.min(swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
