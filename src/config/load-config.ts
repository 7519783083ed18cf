// The effective configuration: defaults, then config.yaml, `.env`, the environment and flags, each
// over the one before. Every value of every source is checked, also one that a later source
// replaces, and all problems are reported together; nothing of a refused configuration is handed
// out.
import { toProblem, ConfigError, foundText } from './config-problem.ts';
import type { ConfigProblem } from './config-problem.ts';
import { configHash } from './config-hash.ts';
import { configSchema } from './config-schema.ts';
import type { Config } from './config-schema.ts';
import { crossChecks } from './cross-check.ts';
import type { CrossCheck } from './cross-check.ts';
import { readEnvironment, readEnvironmentFile } from './environment-source.ts';
import type { Environment } from './environment-source.ts';
import { readFlags } from './flag-source.ts';
import type { ConfigFlags } from './flag-source.ts';
import { configCatalog } from './leaf-catalog.ts';
import { readYaml } from './yaml-source.ts';
import type { FoundValue, SourceReading } from './yaml-source.ts';

export interface ConfigSources {
  /** Must be there when named. */
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** May be absent. */
  readonly envFile?: string | undefined;
  readonly flags?: ConfigFlags;
}

export interface Origin {
  readonly key: string;
  /** As in JSON: decimals are texts, secrets are `***`. */
  readonly value: unknown;
  /** `default`, `config.yaml:12:5`, `.env:3`, `environment TRINITY_…`, `flag --seed`. */
  readonly origin: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Every key that has a value, in the order of the schema. */
  readonly origins: readonly Origin[];
  readonly hash: string;
}

/** Throws ConfigError with every problem. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const readings = readSources(sources);
  const found = readings.flatMap((reading) => reading.found);
  const refused = found.filter(({ leaf, value }) => !leaf.schema.safeParse(value).success);
  const winners = new Map(
    found.filter((each) => !refused.includes(each)).map((each) => [each.leaf.key, each]),
  );
  const config: Config = configSchema.parse(toTree(winners));
  const refusedKeys = new Set(refused.map(({ leaf }) => leaf.key));
  const problems = [
    ...readings.flatMap((reading) => reading.problems),
    ...refused.map(refusedValue),
    ...crossProblems(config, winners, refusedKeys),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, origins: originsOf(config, winners), hash: configHash(config) };
}

function readSources(sources: ConfigSources): readonly SourceReading[] {
  const { file, envFile, environment, flags } = sources;
  return [
    ...(file === undefined ? [] : [readYaml(file, configCatalog)]),
    ...(envFile === undefined ? [] : [readEnvironmentFile(envFile, configCatalog)]),
    readEnvironment(environment, configCatalog),
    readFlags(flags ?? {}, configCatalog),
  ];
}

const refusedValue = ({ leaf, value, place }: FoundValue): ConfigProblem =>
  toProblem(place, leaf.key, { found: foundText(leaf.key, value), allowed: leaf.allowed });

function crossProblems(
  config: Config,
  winners: ReadonlyMap<string, FoundValue>,
  refusedKeys: ReadonlySet<string>,
): readonly ConfigProblem[] {
  return crossChecks
    .filter(({ keys }) => !keys.some((key) => refusedKeys.has(key)))
    .filter((check) => !check.isGood(config))
    .map((check) => crossProblem(check, config, winners));
}

/** Stands at the first key that somebody set; the text says where all of them come from. */
function crossProblem(
  { keys, allowed }: CrossCheck,
  config: Config,
  winners: ReadonlyMap<string, FoundValue>,
): ConfigProblem {
  const told = keys.find((key) => winners.has(key)) ?? keys[0] ?? '';
  const place = winners.get(told)?.place ?? { file: 'default' };
  const found = keys
    .map((key) => `${key} ${shown(key, config)} (${winners.get(key)?.origin ?? 'default'})`)
    .join(' with ');
  return toProblem(place, keys[0] ?? '', { found, allowed });
}

function shown(key: string, config: Config): string {
  const value = valueAt(config, key);
  return value === undefined ? 'not set' : JSON.stringify(value);
}

function valueAt(config: Config, key: string): unknown {
  let value: unknown = config;
  for (const word of key.split('.')) value = child(value, word);
  return value;
}

const child = (value: unknown, word: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, word) : undefined;

type Tree = { [name: string]: unknown };

function toTree(winners: ReadonlyMap<string, FoundValue>): Tree {
  const root: Tree = {};
  for (const [key, { value }] of winners) {
    const path = key.split('.');
    const name = path.pop() ?? key;
    branch(root, path)[name] = value;
  }
  return root;
}

function branch(root: Tree, path: readonly string[]): Tree {
  let tree = root;
  for (const word of path) {
    const next = tree[word];
    const grown: Tree = isTree(next) ? next : {};
    tree[word] = grown;
    tree = grown;
  }
  return tree;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function originsOf(config: Config, winners: ReadonlyMap<string, FoundValue>): readonly Origin[] {
  return [...configCatalog.leaves.keys()]
    .map((key) => ({ key, value: valueAt(config, key), origin: winners.get(key)?.origin }))
    .filter(({ value }) => value !== undefined)
    .map(({ key, value, origin }) => ({ key, value, origin: origin ?? 'default' }));
}
