// What a person typed wrong is told before anything starts: where it stands, what was found, what
// is allowed. No data folder, no run and no log comes of it.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newFolder, run } from './started-program.ts';
import type { Ended } from './started-program.ts';

/** Starts it with this configuration file beside it. */
async function startWith(yaml: string | undefined, ...words: readonly string[]) {
  const folder = newFolder();
  if (yaml !== undefined) writeFileSync(join(folder, 'config.yaml'), yaml);
  const ended = await run(words, { folder });
  expect(readdirSync(folder).filter((name) => name !== 'config.yaml')).toEqual([]);
  return ended;
}

function expectRefusal({ code, stdout, stderr }: Ended, expected: number, said: RegExp): void {
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
}

describe('a configuration file', () => {
  test.concurrent.each([
    [
      'with an unknown key',
      'engine:\n  openTradesMx: 3\n',
      /config\.yaml:2:3 {2}engine\.openTradesMx: found .*openTradesMax/,
    ],
    [
      'with another unit',
      'engine:\n  cooldownSeconds: 5\n',
      /config\.yaml:2:3 {2}engine\.cooldownSeconds: found .*cooldownMs/,
    ],
    [
      'with a value out of range',
      'engine:\n  marginUsageMax: 3\n',
      /config\.yaml:2:19 {2}engine\.marginUsageMax: found 3, allowed: a fraction from 0/,
    ],
    [
      'with a unit in the value',
      'market:\n  staleAfterMs: 500ms\n',
      /config\.yaml:2:17 {2}market\.staleAfterMs: found .*"500ms", allowed: a .*milliseconds/,
    ],
    ['that is no YAML', 'engine:\n  openTradesMax: [1\n', /config\.yaml:\d+:\d+ /],
  ])('%s is refused with line and column', async (_, yaml, said) => {
    expectRefusal(await startWith(yaml, '--json'), 4, said);
    expectRefusal(await startWith(yaml, 'config', 'check'), 4, said);
  });

  test.concurrent('that a flag names and that is not there', async () => {
    const ended = await startWith(undefined, '--config', 'no.yaml');
    expectRefusal(ended, 2, /^--config no\.yaml: there is no such file\n$/);
  });
});

describe('a word on the command line', () => {
  test.concurrent.each([
    [['--seed', 'seven'], 4, /--seed.*found .*"seven", allowed: a whole number/],
    [['--seed', '-1'], 4, /--seed.*found .*-1"?, allowed: a whole number/],
    [['--feed', 'lvie'], 4, /--feed.*found .*"lvie", allowed: .*live/],
    [['--clock', 'sundial'], 4, /--clock.*found .*"sundial", allowed: .*virtual/],
    [['--strategies', 'funding'], 4, /--strategies.*found .*"funding", allowed: .*funding-carry/],
    [['--exit-after', '5 parsecs'], 2, /^--exit-after .*like 90s, 5m or 1h30m.*"5 parsecs"\n$/],
    [['--exit-after', '0s'], 2, /^--exit-after .*above zero.*"0s"\n$/],
    [['--exit-after'], 2, /^error: option '--exit-after <duration>' argument missing\n$/],
    [['rplay'], 2, /^there is no verb "rplay"; did you mean "replay"\?\n$/],
    [['frobnicate'], 2, /^there is no verb "frobnicate"; verbs are runs, replay, /],
    [['config', 'shwo'], 2, /unknown command 'shwo'\n\(Did you mean show\?\)\n$/],
    [['--exit-afer', '5s'], 2, /unknown option '--exit-afer'\n\(Did you mean --exit-after\?\)\n$/],
    [['replay', '--jsn'], 2, /unknown option '--jsn'\n\(Did you mean --json\?\)\n$/],
    [['trade'], 2, /missing required argument 'id'\n$/],
    [['verify', 'one', 'two'], 2, /too many arguments/],
    [
      ['simulate', '--scenario', 'x', '--seeds', '1'],
      2,
      /--scenario .* with option '--seeds <list>'\n$/,
    ],
  ])('%j is refused with what is allowed', async (words, code, said) => {
    expectRefusal(await startWith(undefined, ...words), code, said);
  });
});

test('an unknown name in the environment is refused with the one that was meant', async () => {
  const folder = newFolder();
  const env = { TRINITY_ENGINE__OPEN_TRADE_MAX: '3' };
  const ended = await run(['--clock', 'virtual'], { folder, env });
  expectRefusal(ended, 4, /TRINITY_ENGINE__OPEN_TRADE_MAX.*TRINITY_ENGINE__OPEN_TRADES_MAX/);
  expect(readdirSync(folder)).toEqual([]);
});

test.concurrent.each([
  [
    'DATABASE_URL',
    'canary-7f3a',
    /storage\.databaseUrl: found \*\*\*, .* DATABASE_URL like postgres:/,
  ],
  ['DATABASE_URL', 'mysql://root:canary-7f3a@a/b', /storage\.databaseUrl: found \*\*\*, /],
  ['REDIS_URL', 'canary-7f3a', /deployment\.redisUrl: found \*\*\*, .* REDIS_URL like redis:/],
  ['REDIS_URL', 'redis:', /deployment\.redisUrl: found \*\*\*, /],
])('a %s that is none is refused, also by a check: %s', async (name, value, said) => {
  const folder = newFolder();
  const env = { [name]: value };
  for (const words of [
    ['config', 'check'],
    ['--exit-after', '1s'],
  ]) {
    const ended = await run(words, { folder, env });
    expectRefusal(ended, 4, said);
    expect(ended.stderr).not.toContain('canary');
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('a file where the data folder should be is told as one', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'notes'), 'mine');
  for (const path of ['notes', 'notes/data']) {
    const ended = await run(['--clock', 'virtual', '--data', path], { folder });
    expectRefusal(ended, 2, /is no folder; name another with --data/);
  }
  expect(readdirSync(folder)).toEqual(['notes']);
});

test("a folder of somebody else's files is refused and left as it is", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'thesis.txt'), 'mine');
  const ended = await run(['--clock', 'virtual'], { folder });
  expectRefusal(ended, 5, /\/data: is not a trinity data folder: it holds thesis\.txt and no /);
  expect(readdirSync(join(folder, 'data'))).toEqual(['thesis.txt']);
});
