// Command line flags that stand for configuration keys; the last word over every other source.
import { keysOf } from '../domain/index.ts';
import { foundText, toProblem } from './config-problem.ts';
import type { ConfigProblem } from './config-problem.ts';
import { fromText } from './environment-source.ts';
import type { LeafCatalog } from './leaf-catalog.ts';
import type { FoundValue, SourceReading } from './yaml-source.ts';

/** As typed: texts, which are parsed like those of the environment. */
export interface ConfigFlags {
  readonly feed?: string | undefined;
  readonly clock?: string | undefined;
  readonly seed?: string | undefined;
  readonly data?: string | undefined;
  readonly exchange?: string | undefined;
  /** `funding-carry,…`: these are on, all others off. */
  readonly strategies?: string | undefined;
}

const KEY_OF_FLAG = {
  feed: 'run.feed',
  clock: 'run.clock',
  seed: 'run.seed',
  data: 'run.dataFolder',
  exchange: 'run.exchange',
} as const;

export function readFlags(flags: ConfigFlags, catalog: LeafCatalog): SourceReading {
  const found: FoundValue[] = [];
  for (const name of keysOf(KEY_OF_FLAG)) {
    const text = flags[name];
    const leaf = catalog.leaves.get(KEY_OF_FLAG[name]);
    if (text === undefined || leaf === undefined) continue;
    const place = { file: `--${name}` };
    found.push({ leaf, value: fromText(text, leaf), place, origin: `flag --${name}` });
  }
  if (flags.strategies === undefined) return { found, problems: [] };
  const switches = strategySwitches(flags.strategies, catalog);
  return { found: [...found, ...switches.found], problems: switches.problems };
}

function strategySwitches(list: string, catalog: LeafCatalog): SourceReading {
  const place = { file: '--strategies' };
  const wanted = new Set(list.split(',').map((name) => name.trim()));
  const switches = [...catalog.leaves.values()]
    .filter(({ key }) => /^strategies\.\w+\.isEnabled$/.test(key))
    .map((leaf) => ({ leaf, name: toStrategyName(leaf.key.split('.')[1] ?? '') }));
  const names = switches.map(({ name }) => name);
  const problems: ConfigProblem[] = [...wanted]
    .filter((name) => !names.includes(name))
    .map((name) =>
      toProblem(place, '--strategies', {
        found: foundText('strategies', name),
        allowed: `a list of ${names.join(', ')}`,
      }),
    );
  // A name that is none says nothing about the others: it is refused alone.
  const meant = problems.length > 0 ? [] : switches;
  const found = meant.map(({ leaf, name }) => ({
    leaf,
    value: wanted.has(name),
    place,
    origin: 'flag --strategies',
  }));
  return { found, problems };
}

/** `fundingCarry` in the configuration is `funding-carry` on the command line. */
export const toStrategyName = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
