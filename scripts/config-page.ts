// The reference of the configuration as a page: every key with its name in the environment, default
// and range from the schema, and its meaning from the comments of config.yaml. A key without a
// comment is refused, so that no key goes unexplained.
import { configCatalog } from '../src/config/leaf-catalog.ts';
import type { Leaf } from '../src/config/leaf-catalog.ts';
import { configSchema } from '../src/config/config-schema.ts';
import { crossChecks } from '../src/config/cross-check.ts';

/** What lies between these two lines of docs/CONFIGURATION.md is written by the program. */
const OPENING = '<!-- begin: npm run config-reference -->';
const CLOSING = '<!-- end: npm run config-reference -->';

/** Comments of a YAML file by the path of the key below them: `engine.cooldownMs`. */
export function commentsByKey(yaml: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const path: string[] = [];
  let words: string[] = [];
  for (const line of yaml.split('\n')) {
    const [, indent = '', comment, name] = /^( *)(?:# ?(.*)|(\w+):.*)$/.exec(line) ?? [];
    if (comment !== undefined) {
      words.push(comment.trim());
      continue;
    }
    if (name !== undefined) {
      path.splice(indent.length / 2, Infinity, name);
      if (words.length > 0) comments.set(path.join('.'), words.join(' '));
    }
    words = [];
  }
  return comments;
}

/** The reference alone, as Markdown. */
export function configReference(yaml: string): string {
  const comments = commentsByKey(yaml);
  const defaults: unknown = configSchema.parse({});
  const leaves = [...configCatalog.leaves.values()].filter(({ kind }) => kind !== 'secret');
  const sections = [...new Set(leaves.map(({ key }) => parentOf(key)))];
  return [
    ...sections.flatMap((section) => [
      `### ${section}`,
      comments.get(section) ?? '',
      table(
        ['key', 'default', 'allowed', 'meaning'],
        leaves
          .filter(({ key }) => parentOf(key) === section)
          .map(({ key, allowed }) => [
            `\`${key}\``,
            `\`${defaultText(defaults, key)}\``,
            allowed,
            meaningOf(key, comments),
          ]),
      ),
    ]),
    '### Names of secrets',
    'Only in `.env` or in the environment; `config.yaml` refuses them. Paper needs none.',
    table(['name', 'key'], secrets().map(nameRow)),
    '### Between keys',
    'Each key may be right by itself and wrong beside another.',
    table(
      ['keys', 'allowed'],
      crossChecks.map(({ keys, allowed }) => [keys.map((key) => `\`${key}\``).join(', '), allowed]),
    ),
    '### Names in the environment',
    table(['name', 'key'], leaves.map(nameRow)),
  ].join('\n\n');
}

/** The page with its reference written anew; the rest stays as people wrote it. */
export function withReference(page: string, reference: string): string {
  const from = page.indexOf(OPENING);
  const to = page.indexOf(CLOSING);
  if (from < 0 || to < from) {
    throw new Error(`the page must have the lines "${OPENING}" and "${CLOSING}"`);
  }
  return `${page.slice(0, from)}${OPENING}\n\n${reference}\n\n${page.slice(to)}`;
}

const secrets = (): readonly Leaf[] =>
  [...configCatalog.leaves.values()].filter(({ kind }) => kind === 'secret');

const nameRow = ({ environmentName, key }: Leaf): readonly string[] => [
  `\`${environmentName}\``,
  `\`${key}\``,
];

const parentOf = (key: string): string => key.slice(0, key.lastIndexOf('.'));

function meaningOf(key: string, comments: ReadonlyMap<string, string>): string {
  const meaning = comments.get(key);
  if (meaning === undefined) throw new Error(`${key} has no comment in config.yaml`);
  return meaning;
}

function defaultText(defaults: unknown, key: string): string {
  let value = defaults;
  for (const word of key.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, word) : undefined;
  }
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
