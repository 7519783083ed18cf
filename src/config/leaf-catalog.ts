// Every key of the configuration with its schema, its words and its name in the environment, in the
// order of the schema. Built from the schema alone, so that a new key is known everywhere at once.
import { z } from 'zod';
import { configSchema } from './config-schema.ts';
import { leafFacts } from './leaf.ts';
import type { LeafFacts } from './leaf.ts';

export interface Leaf extends LeafFacts {
  /** `engine.openTradesMax` */
  readonly key: string;
  /** `TRINITY_ENGINE__OPEN_TRADES_MAX` */
  readonly environmentName: string;
  readonly schema: z.ZodType;
}

export interface LeafCatalog {
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** `engine`, `trade.entry.chase`; the root is the empty text. */
  readonly sections: ReadonlySet<string>;
}

export const ENVIRONMENT_PREFIX = 'TRINITY_';

export const toEnvironmentName = (key: string): string =>
  ENVIRONMENT_PREFIX +
  key
    .split('.')
    .map((word) => word.replaceAll(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase())
    .join('__');

function catalogOf(root: z.ZodObject): LeafCatalog {
  const leaves = new Map<string, Leaf>();
  const sections = new Set(['']);
  const walk = (shape: z.ZodObject['shape'], path: string): void => {
    for (const [name, schema] of Object.entries(shape)) {
      const key = path === '' ? name : `${path}.${name}`;
      const group = groupOf(schema);
      if (group !== undefined) {
        sections.add(key);
        walk(group.shape, key);
      } else if (schema instanceof z.ZodType) {
        leaves.set(key, toLeaf(key, schema));
      }
    }
  };
  walk(root.shape, '');
  return { leaves, sections };
}

function groupOf(schema: unknown): z.ZodObject | undefined {
  if (!(schema instanceof z.ZodPrefault)) return undefined;
  const inner: unknown = schema.unwrap();
  return inner instanceof z.ZodObject ? inner : undefined;
}

function toLeaf(key: string, schema: z.ZodType): Leaf {
  const facts = leafFacts.get(schema);
  if (facts === undefined) throw new Error(`config key ${key} is not made by a leaf of leaf.ts`);
  return { key, schema, environmentName: toEnvironmentName(key), ...facts };
}

export const configCatalog = catalogOf(configSchema);
