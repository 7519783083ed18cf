// Reads docs/OPERATING.md, docs/ALERTS.md and the code that they describe into lists of words that
// can be compared: what is documented, and what exists.
import type { Command } from 'commander';
import type { SourceFile } from './source-tree.ts';

/** What stands in one list and not in the other. */
export interface Difference {
  readonly undocumented: readonly string[];
  readonly invented: readonly string[];
}

export const NO_DIFFERENCE: Difference = { undocumented: [], invented: [] };

export function difference(documented: Iterable<string>, existing: Iterable<string>): Difference {
  const [told, real] = [new Set(documented), new Set(existing)];
  return {
    undocumented: [...real].filter((word) => !told.has(word)).sort(),
    invented: [...told].filter((word) => !real.has(word)).sort(),
  };
}

/** The text below a heading, up to the next heading of any level; empty when there is none. */
export function sectionOf(page: string, title: string): string {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => /^#{1,6} /.test(line) && headingOf(line) === title);
  if (start < 0) return '';
  const length = lines.slice(start + 1).findIndex((line) => /^#{1,6} /.test(line));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

const headingOf = (line: string): string => line.replace(/^#+ /, '').trim();

export const headingsOf = (page: string, level: number): readonly string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith(`${'#'.repeat(level)} `))
    .map(headingOf);

/** Cells of each row of the tables in a text, without backticks; heads and rulers left out. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').map((line) => (line.startsWith('|') ? cellsOf(line) : undefined));
  return rows
    .filter((row, at) => row !== undefined && !isRuler(row) && !isRuler(rows[at + 1]))
    .flatMap((row) => (row === undefined ? [] : [row]));
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('`', ''));

const isRuler = (row: readonly string[] | undefined): boolean =>
  row !== undefined && row.every((cell) => /^:?-+:?$/.test(cell));

/** The first column. */
export const wordsOf = (text: string): readonly string[] =>
  rowsOf(text).flatMap(([first]) => first ?? []);

export interface Verb {
  /** `node main config show` */
  readonly name: string;
  /** `--feed <source>` */
  readonly flags: readonly string[];
}

/** Every verb that does something, with its flags; `--help` is told once, for all. */
export function verbsOf(program: Command): readonly Verb[] {
  const flags = program.options.map(({ flags: each }) => each.replace(/^-\w, /, ''));
  const name = namesOf(program).join(' ');
  const own = program.parent === null ? [...flags, '--help'] : flags;
  const isGroup = program.commands.length > 0 && program.parent !== null;
  return [...(isGroup ? [] : [{ name, flags: own }]), ...program.commands.flatMap(verbsOf)];
}

const namesOf = (command: Command): readonly string[] =>
  command.parent === null ? [command.name()] : [...namesOf(command.parent), command.name()];

/** How the page differs from the program, in words for people. */
export function verbFindings(page: string, verbs: readonly Verb[]): readonly string[] {
  const documented = headingsOf(page, 3).filter((title) => title.startsWith('node main'));
  const heads = difference(
    documented,
    verbs.map(({ name }) => name),
  );
  const flags = verbs.flatMap(({ name, flags: real }) => {
    const told = wordsOf(sectionOf(page, name)).filter((word) => word.startsWith('--'));
    const { undocumented, invented } = difference(told, real);
    return [
      ...undocumented.map((flag) => `${name} ${flag} is not documented`),
      ...invented.map((flag) => `${name} ${flag} does not exist`),
    ];
  });
  return [
    ...heads.undocumented.map((verb) => `${verb} is not documented`),
    ...heads.invented.map((verb) => `${verb} does not exist`),
    ...flags,
  ];
}

/** Severity by code, of every alert that the machines can raise. */
export function alertsIn(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const raised = /'(critical|warning|info)'(?: as const)?,\s*(?:code: )?'([A-Z]+(?:_[A-Z]+)+)'/g;
  return new Map(
    files.flatMap(({ text }) =>
      [...text.matchAll(raised)].map(([, severity = '', code = '']) => [code, severity] as const),
    ),
  );
}

/** Every word in capitals with an underscore: whatever an alert's code could look like. */
export const codeLikeIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap(({ text }) =>
    [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code),
  );

/** Gates that are named where refusals are made. */
export const gatesIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap(({ text }) =>
    [...text.matchAll(/(?:\bgate: |[rR]efusal\(|thinBook\()'([a-z]+(?:-[a-z]+)*)'/g)].map(
      ([, gate = '']) => gate,
    ),
  );

/** Names of the events that are written into the log under a fixed name. */
export const logEventsIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap(({ text }) =>
    [...text.matchAll(/(?:log\.(?:debug|info|warn|error)\(\s*|event: )'([a-z]+\.[a-z-]+)'/g)].map(
      ([, event = '']) => event,
    ),
  );

/** Paths of an object's fields down to a depth: `trades.closed`. */
export function fieldsOf(value: unknown, depth: number): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = depth > 1 && !Array.isArray(inner) ? fieldsOf(inner, depth - 1) : [];
    return below.length === 0 ? [name] : below.map((path) => `${name}.${path}`);
  });
}
