// A secret never prints, whichever way somebody tries to print it.
import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/config/index.ts';
import { load, refusal, written } from './written-sources.ts';

const CANARY = 'canary-7f3a';
const secret = new Secret(CANARY);

describe('a secret', () => {
  test.each([
    ['String()', String(secret)],
    ['a template', `<${secret.toString()}>`],
    ['joining', [secret].join()],
    ['JSON', JSON.stringify({ deep: { secret } })],
    ['inspect', inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['format', format('%s %o %O %j', secret, secret, secret, secret)],
    ['an error', String(new Error('no access', { cause: secret }))],
    ['inspecting an error', inspect(new Error('no access', { cause: secret }))],
    ['its keys', Object.entries(secret).join()],
    ['a copy', inspect(Object.assign({}, secret))],
    ['a primitive', secret[Symbol.toPrimitive]()],
  ])('does not print through %s', (_, text) => {
    expect(text).not.toContain(CANARY);
  });

  test('is given out by reveal alone', () => {
    expect(secret.reveal()).toBe(CANARY);
    expect(inspect(secret)).toBe('***');
  });
});

describe('secrets of the configuration', () => {
  const environment = {
    TRINITY_VENUES__OKX__API_KEY: CANARY,
    TRINITY_VENUES__OKX__API_SECRET: CANARY,
  };

  test('come from the environment and never show in the configuration or its origins', () => {
    const loaded = load({ environment });
    expect(loaded.config.venues.okx.apiKey?.reveal()).toBe(CANARY);
    expect(JSON.stringify(loaded)).not.toContain(CANARY);
    expect(inspect(loaded, { depth: 9 })).not.toContain(CANARY);
    expect(JSON.stringify(loaded.origins)).toContain('"venues.okx.apiKey","value":"***"');
  });

  test('are refused in config.yaml, with the name under which they belong elsewhere', () => {
    const text = `venues:\n  okx:\n    apiKey: ${CANARY}\n    passphrase: ${CANARY}\n`;
    const error = refusal({ file: written('config.yaml', text) });
    expect(error.problems[0]).toMatchObject({
      line: 3,
      column: 13,
      key: 'venues.okx.apiKey',
      found: '***',
      allowed: 'only in .env or the environment, as TRINITY_VENUES__OKX__API_KEY',
    });
    expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
  });

  test('do not show when a name is misspelled, or one of a pair is missing', () => {
    for (const name of ['TRINITY_VENUES__OKX__API_KEYS', 'TRINITY_VENUES__OKX__API_KEY']) {
      expect(inspect(refusal({ environment: { [name]: CANARY } }), { depth: 9 })).not.toContain(
        CANARY,
      );
    }
  });
});
