// The page docs/CONFIGURATION.md has every key with its name in the environment; the words come
// from the schema and from the comments of config.yaml, and a key without a comment is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commentsByKey, configReference, withReference } from '../../scripts/config-page.ts';
import { configCatalog } from '../../src/config/leaf-catalog.ts';
import { difference, NO_DIFFERENCE, rowsOf, sectionOf, wordsOf } from './operating-page.ts';
import { projectDir } from './source-tree.ts';

const page = readFileSync(join(projectDir, 'docs/CONFIGURATION.md'), 'utf8');
const yaml = readFileSync(join(projectDir, 'config.yaml'), 'utf8');
const leaves = [...configCatalog.leaves.values()];

describe('the page of the configuration', () => {
  test('has every key that is no secret, with default, range and meaning', () => {
    const keys = leaves.filter(({ kind }) => kind !== 'secret').map(({ key }) => key);
    const rows = keys.map((key) => {
      const section = sectionOf(page, key.slice(0, key.lastIndexOf('.')));
      return rowsOf(section).find(([first]) => first === key) ?? [];
    });
    expect(keys.length).toBeGreaterThan(60);
    expect(rows.filter((row) => row.length !== 4 || row.includes(''))).toEqual([]);
  });

  test('has every name in the environment, secrets apart', () => {
    const names = (isSecret: boolean) =>
      leaves.filter(({ kind }) => (kind === 'secret') === isSecret);
    const environment = wordsOf(sectionOf(page, 'Names in the environment'));
    const secrets = wordsOf(sectionOf(page, 'Names of secrets'));
    const real = (isSecret: boolean) => names(isSecret).map((leaf) => leaf.environmentName);
    expect(difference(environment, real(false))).toEqual(NO_DIFFERENCE);
    expect(difference(secrets, real(true))).toEqual(NO_DIFFERENCE);
  });

  test('says what the program would write', () => {
    const words = (text: string): string => text.replaceAll(/[ \n-]+/g, ' ');
    expect(words(page)).toBe(words(withReference(page, configReference(yaml))));
  });
});

describe('a planted gap is caught', () => {
  test('a key without a comment', () => {
    const bare = yaml.replace(/ *# Rest for an instrument.*\n/, '');
    expect(bare).not.toBe(yaml);
    expect(() => configReference(bare)).toThrow('engine.cooldownMs has no comment in config.yaml');
  });

  test('a page without its place for the reference', () => {
    expect(() => withReference('# Configuration\n', 'x')).toThrow('must have the lines');
  });

  test('a changed comment changes the page', () => {
    const changed = configReference(yaml.replace('Rest for an instrument', 'Pause for it'));
    expect(withReference(page, changed)).not.toBe(withReference(page, configReference(yaml)));
  });

  test('comments belong to the key below them', () => {
    const text =
      '# About the file.\n\n# One.\na:\n  # Two,\n  # three.\n  b: 1\n  c: 2\n# Four.\nd: 1\n';
    expect([...commentsByKey(text)]).toEqual([
      ['a', 'One.'],
      ['a.b', 'Two, three.'],
      ['d', 'Four.'],
    ]);
  });
});
