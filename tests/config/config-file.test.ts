// The config.yaml of the project names every key of the schema, with its default and a comment.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { configJsonSchema, enabledVenues } from '../../src/config/index.ts';
import type { Config } from '../../src/config/index.ts';
import { configCatalog } from '../../src/config/leaf-catalog.ts';
import type {
  EngineLimits,
  OrderPolicy,
  PanicPolicy,
  PhasePolicy,
} from '../../src/domain/index.ts';
import { load } from './written-sources.ts';

const file = fileURLToPath(new URL('../../config.yaml', import.meta.url));
const exampleFile = fileURLToPath(new URL('../../.env.example', import.meta.url));
const keys = [...configCatalog.leaves.values()];
const publicKeys = keys.filter((leaf) => leaf.kind !== 'secret').map((leaf) => leaf.key);

/** Key paths by line: the file is plain, indented by two, so that this needs no parser. */
function commentedKeys(text: string): readonly { key: string; isCommented: boolean }[] {
  const path: string[] = [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const match = /^( *)(\w+):/.exec(line);
    if (match === null) return [];
    path.splice((match[1] ?? '').length / 2, Infinity, match[2] ?? '');
    return [{ key: path.join('.'), isCommented: /^ *# \S/.test(lines[index - 1] ?? '') }];
  });
}

describe('config.yaml', () => {
  test('every key and every section of the schema stands there under a comment', () => {
    const found = commentedKeys(readFileSync(file, 'utf8'));
    // A section of secrets alone has no place in the file.
    const sections = [...configCatalog.sections].filter((section) =>
      publicKeys.some((key) => section !== '' && key.startsWith(`${section}.`)),
    );
    expect(found.map(({ key }) => key).sort()).toEqual([...publicKeys, ...sections].sort());
    expect(found.filter(({ isCommented }) => !isCommented)).toEqual([]);
  });

  test('it states the defaults, no more and no less', () => {
    expect(load({ file }).config).toEqual(load({}).config);
    expect(load({ file }).hash).toBe(load({}).hash);
    expect(load({ file }).origins.map(({ origin }) => origin)).not.toContain('default');
    expect(new Set(load({}).origins.map(({ origin }) => origin))).toEqual(new Set(['default']));
  });

  test('its sections are the limits and policies of the domain', () => {
    const { config } = load({ file });
    const limits: EngineLimits = config.engine;
    const policies: {
      entry: PhasePolicy;
      exit: PhasePolicy;
      panic: PanicPolicy;
      order: OrderPolicy;
    } = config.trade;
    expect(limits.marginUsageMax).toBe('0.3');
    expect(policies.entry.chase.budgetBps).toBe('10');
  });

  test('.env.example names every secret and holds none', () => {
    const text = readFileSync(exampleFile, 'utf8');
    const secrets = keys.filter((leaf) => leaf.kind === 'secret');
    expect(secrets).toHaveLength(8);
    for (const { environmentName } of secrets) expect(text).toContain(`\n${environmentName}=\n`);
    expect(load({ envFile: exampleFile }).config).toEqual(load({}).config);
  });

  test('its JSON Schema knows every key but the secrets', () => {
    const schema = JSON.stringify(configJsonSchema());
    for (const key of publicKeys) expect(schema).toContain(`"${key.split('.').at(-1) ?? ''}":`);
    expect(schema).not.toContain('apiKey');
    expect(configJsonSchema()).toMatchObject({
      additionalProperties: false,
      properties: {
        engine: { properties: { openTradesMax: { type: 'integer', default: 5, maximum: 100 } } },
      },
    });
  });

  test('venues that are switched off are not among the enabled', () => {
    const { config } = load({ environment: { TRINITY_VENUES__BYBIT__IS_ENABLED: 'false' } });
    expect(enabledVenues(config).map(({ venueId }) => venueId)).toEqual(['binanceusdm', 'okx']);
    const widened: Config['venues'] = config.venues;
    expect(widened.bybit.isEnabled).toBe(false);
  });
});
