// Reads `.env` and the environment: `TRINITY_<SECTION>__<KEY>` for any key (`DATABASE_URL` has the
// name that the world gave it), and the only place for secrets. A name with our prefix that is no
// key is refused; an empty value counts as absent.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { displayPath, toProblem } from './config-problem.ts';
import type { ConfigProblem, Place } from './config-problem.ts';
import { ENVIRONMENT_PREFIX } from './leaf-catalog.ts';
import type { Leaf, LeafCatalog } from './leaf-catalog.ts';
import { nearKey } from './near-key.ts';
import { Secret } from './secret.ts';
import type { FoundValue, SourceReading } from './yaml-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const readEnvironment = (environment: Environment, catalog: LeafCatalog): SourceReading =>
  readVariables(environment, catalog, (name) => ({
    place: { file: 'environment' },
    origin: `environment ${name}`,
  }));

/** A file that is not there says nothing. */
export function readEnvironmentFile(path: string, catalog: LeafCatalog): SourceReading {
  const file = displayPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { found: [], problems: [] };
    }
    const found = error instanceof Error ? error.message : String(error);
    const allowed = 'a readable file, or none';
    return { found: [], problems: [toProblem({ file }, file, { found, allowed })] };
  }
  const lines = text.split('\n');
  return readVariables(parseEnv(text), catalog, (name) => {
    const line = lines.findLastIndex((each) => nameOf(each) === name) + 1;
    return { place: { file, line, column: 1 }, origin: `${file}:${line}` };
  });
}

const nameOf = (line: string): string | undefined =>
  /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=/.exec(line)?.[1];

/** Not settings: which tests run, and on which recordings. */
const TEST_NAMES = ['TRINITY_SLOW', 'TRINITY_SHARED_DATA'];

type WhereOf = (name: string) => { readonly place: Place; readonly origin: string };

function readVariables(
  variables: Environment,
  catalog: LeafCatalog,
  whereOf: WhereOf,
): SourceReading {
  const byName = new Map([...catalog.leaves.values()].map((leaf) => [leaf.environmentName, leaf]));
  const found: FoundValue[] = [];
  const problems: ConfigProblem[] = [];
  for (const [name, text] of Object.entries(variables)) {
    const leaf = byName.get(name);
    const isOurs = leaf !== undefined || name.startsWith(ENVIRONMENT_PREFIX);
    if (text === undefined || text === '' || !isOurs) continue;
    const { place, origin } = whereOf(name);
    if (leaf !== undefined) {
      found.push({ leaf, value: fromText(text, leaf), place, origin });
    } else if (!TEST_NAMES.includes(name)) {
      const near = nearKey(name, byName.keys());
      const allowed =
        near === undefined
          ? 'TRINITY_<SECTION>__<KEY> for a key that `config show` lists'
          : `did you mean ${near.key}?`;
      problems.push(toProblem(place, name, { found: 'an unknown name', allowed }));
    }
  }
  return { found, problems };
}

/** Text as the value it spells, or unchanged for the schema to refuse. */
export function fromText(text: string, leaf: Leaf): unknown {
  switch (leaf.kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'list':
      return text.split(',').map((item) => item.trim());
    case 'secret':
      return new Secret(text);
    case 'text':
      return text;
  }
}
