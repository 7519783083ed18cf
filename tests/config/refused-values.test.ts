// Wrong values are refused with their place, what was found and what is allowed, all at once.
import { describe, expect, test } from 'vitest';
import { refusal, written, yamlRefusal } from './written-sources.ts';

describe('a value in config.yaml is refused with line, column, key, found and allowed', () => {
  test.each([
    [
      'a fee of 0.1 instead of 0.001',
      'venues:\n  okx:\n    takerFeeRate: 0.1\n',
      '3:19 venues.okx.takerFeeRate: 0.1 | a fraction from 0 to 0.01 (0.0005 is 5 bps)',
    ],
    [
      'a percentage for a fraction',
      'engine: { marginUsageMax: 30 }',
      '1:27 engine.marginUsageMax: 30 | a fraction from 0.01 to 0.9 (0.3 is 30 %)',
    ],
    [
      'a fraction for basis points',
      'trade:\n  entry:\n    slippageBpsMax: 0.0010\n',
      '3:21 trade.entry.slippageBpsMax: 0.001 | ' +
        'basis points from 0 to 500, 0 or at least 0.01 in size (1 % is 100)',
    ],
    [
      'a negative limit',
      'engine:\n  dailyLossUsdMax: -200',
      '2:20 engine.dailyLossUsdMax: -200 | US dollars from 1 to 1000000',
    ],
    [
      'a number with a unit',
      'market:\n  staleAfterMs: 500ms',
      '2:17 market.staleAfterMs: the text "500ms" | ' +
        'a whole number of milliseconds from 50 to 10000',
    ],
    [
      'a number in quotes',
      'engine:\n  openTradesMax: "3"',
      '2:18 engine.openTradesMax: the text "3" | a whole number from 0 to 100',
    ],
    [
      'a broken number of trades',
      'engine:\n  openTradesMax: 2.5',
      '2:18 engine.openTradesMax: 2.5 | a whole number from 0 to 100',
    ],
    [
      'a value left out',
      'engine:\n  cooldownMs:\n  openTradesMax: 3',
      '2:3 engine.cooldownMs: nothing | a whole number of milliseconds from 0 to 86400000',
    ],
    [
      'yes for true',
      'strategies: { fundingCarry: { isEnabled: yes } }',
      '1:42 strategies.fundingCarry.isEnabled: the text "yes" | true or false',
    ],
    [
      'a word that is no choice',
      'run:\n  feed: paper',
      '2:9 run.feed: the text "paper" | one of auto, live, sandbox',
    ],
    [
      'a list with small letters',
      'strategies:\n  fundingCarry:\n    bases: [BTC, eth]',
      '3:12 strategies.fundingCarry.bases: ["BTC","eth"] | ' +
        'a list of 1 to 200 different assets in capitals, such as [BTC, ETH]',
    ],
    [
      'infinity',
      'paper:\n  depositUsd: .inf',
      '2:15 paper.depositUsd: Infinity | US dollars from 1 to 1000000000',
    ],
    [
      'a stream address for requests',
      'venues:\n  okx:\n    restUrl: wss://www.okx.com',
      '3:14 venues.okx.restUrl: the text "wss://www.okx.com" | ' +
        'an address that begins with https:// or http://',
    ],
    [
      'a number for a section',
      'engine: 5',
      '1:9 engine: 5 | a group of keys; leave it out to keep the defaults',
    ],
    [
      'a section for a number',
      'engine:\n  cooldownMs:\n    value: 5',
      '3:5 engine.cooldownMs: a group of keys | a whole number of milliseconds from 0 to 86400000',
    ],
  ])('%s', (_, text, expected) => {
    expect(yamlRefusal(text)).toEqual([expected]);
  });
});

describe('a key in config.yaml that does not exist is refused with a guess', () => {
  test.each([
    [
      'another unit',
      'market:\n  staleAfterSeconds: 1',
      '2:3 market.staleAfterSeconds: an unknown key | ' +
        'did you mean market.staleAfterMs? (the unit is part of the name)',
    ],
    [
      'no unit',
      'engine: { cooldown: 5000 }',
      '1:11 engine.cooldown: an unknown key | ' +
        'did you mean engine.cooldownMs? (the unit is part of the name)',
    ],
    [
      'snake case',
      'engine:\n  open_trades_max: 3',
      '2:3 engine.open_trades_max: an unknown key | did you mean engine.openTradesMax?',
    ],
    [
      'a slip of the finger',
      'engine:\n  opneTradesMax: 3',
      '2:3 engine.opneTradesMax: an unknown key | did you mean engine.openTradesMax?',
    ],
    [
      'the wrong section',
      'engine:\n  staleAfterMs: 3',
      '2:3 engine.staleAfterMs: an unknown key | did you mean market.staleAfterMs?',
    ],
    [
      'a misspelled section',
      'stratgies:\n  x: 3',
      '1:1 stratgies: an unknown key | did you mean strategies?',
    ],
    [
      'an unknown venue',
      'venues:\n  kraken: {}',
      '2:3 venues.kraken: an unknown key | the keys of venues: binanceusdm, bybit, okx',
    ],
  ])('%s', (_, text, expected) => {
    expect(yamlRefusal(text)).toEqual([expected]);
  });
});

describe('a config.yaml that is not plain YAML is refused', () => {
  test.each([
    [
      'a key twice',
      'engine:\n  cooldownMs: 1\n  cooldownMs: 2',
      /^3:3 .*: Map keys must be unique \|/,
    ],
    [
      'an unknown tag',
      'engine:\n  cooldownMs: !seconds 5',
      /^2:15 .*: Unresolved tag: !seconds \|/,
    ],
    ['an open bracket', 'engine: {', /^1:10 .*Flow map .* \| plain YAML 1\.2$/],
    ['a list at the top', '- 1', /^1:1 .*: no group of keys \|/],
  ])('%s', (_, text, expected) => {
    expect(yamlRefusal(text)[0]).toMatch(expected);
  });

  test('an anchor cannot bring a value in from elsewhere', () => {
    const text = 'engine:\n  cooldownMs: &pause 100\n  flapHoldMs: *pause';
    expect(yamlRefusal(text)).toEqual([
      '3:3 engine.flapHoldMs: a group of keys | a whole number of milliseconds from 0 to 3600000',
    ]);
  });

  test('a file that was named and is not there', () => {
    expect(refusal({ file: '/nowhere/config.yaml' }).message).toContain(
      '/nowhere/config.yaml: found ENOENT',
    );
  });
});

describe('keys that are right by themselves and wrong together', () => {
  test('each is reported at the key that was set, with both values and their origins', () => {
    const file = written('config.yaml', 'trade:\n  entry:\n    panicAfterMs: 600\n');
    expect(refusal({ file }).problems).toEqual([
      {
        file,
        line: 3,
        column: 19,
        key: 'trade.entry.panicAfterMs',
        found:
          `trade.entry.panicAfterMs 600 (${file}:3:19) with ` + 'engine.orphanMsMax 500 (default)',
        allowed: 'less than engine.orphanMsMax: a trade gives up before its orphan is overdue',
      },
    ]);
  });

  test.each([
    ['paper: { latencyMsMin: 50 }', 'paper.latencyMsMin'],
    ['trade: { panic: { slippageBps: 301 } }', 'trade.panic.slippageBps'],
    ['trade: { order: { ackTimeoutMs: 1200 } }', 'trade.order.ackTimeoutMs'],
    ['market: { staleAfterMs: 400 }', 'strategies.fundingCarry.bookAgeMsMax'],
    ['strategies: { fundingCarry: { exitBelowBps: 6 } }', 'strategies.fundingCarry.exitBelowBps'],
    ['strategies: { fundingCarry: { holdMsMax: 60000 } }', 'strategies.fundingCarry.horizonMs'],
    ['venues: { okx: { makerFeeRate: 0.0006 } }', 'venues.okx.makerFeeRate'],
    ['venues: { okx: { restUrl: https://api.bybit.com } }', 'venues.okx.restUrl'],
    [
      'venues: { okx: { isEnabled: false }, bybit: { isEnabled: false } }',
      'strategies.fundingCarry.isEnabled',
    ],
  ])('%s', (text, key) => {
    const { problems } = refusal({ file: written('config.yaml', text) });
    expect(problems.map((problem) => problem.key)).toContain(key);
    expect(problems.every((problem) => problem.line === 1)).toBe(true);
  });
});

test('all problems of all sources are reported at once', () => {
  const { problems, message } = refusal({
    file: written(
      'config.yaml',
      'engine:\n  openTradesMax: -1\npaper:\n  latencyMsMin: 50\nx: 1\n',
    ),
    envFile: written('.env', 'A=1\nTRINITY_RUN__SEED=-7\n'),
    environment: { TRINITY_LOG__LEVEL: 'loud', TRINITY_ENGINE_OPEN_TRADES_MAX: '3' },
    flags: { feed: 'real', strategies: 'funding-cary' },
  });
  expect(problems.map(({ key }) => key).sort()).toEqual([
    '--strategies',
    'TRINITY_ENGINE_OPEN_TRADES_MAX',
    'engine.openTradesMax',
    'log.level',
    'paper.latencyMsMin',
    'run.feed',
    'run.seed',
    'x',
  ]);
  expect(message.split('\n')).toHaveLength(9);
  expect(message).toContain('.env:2:1  run.seed: found -7, allowed: a whole number from 0');
  expect(message).toContain('environment  log.level: found the text "loud", allowed: one of');
  expect(message).toContain('--feed  run.feed: found the text "real"');
  expect(message).toContain('did you mean TRINITY_ENGINE__OPEN_TRADES_MAX?');
});
