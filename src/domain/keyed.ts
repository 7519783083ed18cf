// Records by branded key: reading one forgets the brand of its keys, these three keep it. In order
// of insertion, as the language defines it for keys that are not integers.

export const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] =>
  Object.keys(record) as K[];

export const entriesOf = <K extends string, V>(
  record: Readonly<Record<K, V>>,
): readonly (readonly [K, V])[] => Object.entries(record) as [K, V][];

export const keyed = <K extends string, V>(
  entries: readonly (readonly [K, V])[],
): Readonly<Record<K, V>> => Object.fromEntries(entries) as Record<K, V>;
