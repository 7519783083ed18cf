// Which source wins, key by key, and what `config show --origin` says of it.
import { beforeEach, describe, expect, test } from 'vitest';
import type { ConfigSources } from '../../src/config/index.ts';
import { load, refusal, written } from './written-sources.ts';

let sources: ConfigSources;
beforeEach(() => {
  sources = {
    file: written('config.yaml', 'run:\n  seed: 1\n  feed: live\nengine:\n  cooldownMs: 1\n'),
    envFile: written('.env', '# ours\nTRINITY_RUN__SEED=2\nexport TRINITY_RUN__FEED=sandbox\n'),
    environment: { TRINITY_RUN__SEED: '3', PATH: '/bin' },
    flags: { seed: '4' },
  };
});

describe('each source goes over the one before', () => {
  test.each([
    ['config.yaml', { environment: {}, envFile: undefined, flags: {} }, 1, /config\.yaml:2:9$/],
    ['.env', { environment: {}, flags: {} }, 2, /\.env:2$/],
    ['the environment', { flags: {} }, 3, /^environment TRINITY_RUN__SEED$/],
    ['a flag', {}, 4, /^flag --seed$/],
  ])('%s gives the seed when nothing goes over it', (_, without, seed, origin) => {
    const { config, origins } = load({ ...sources, ...without });
    expect(config.run.seed).toBe(seed);
    expect(origins.find(({ key }) => key === 'run.seed')?.origin).toMatch(origin);
  });

  test('keys that a source does not name keep what they had', () => {
    const { config, origins } = load(sources);
    expect(config.run.feed).toBe('sandbox');
    expect(config.engine.cooldownMs).toBe(1);
    expect(origins.find(({ key }) => key === 'engine.openTradesMax')).toEqual({
      key: 'engine.openTradesMax',
      value: 5,
      origin: 'default',
    });
  });

  test('a wrong value is refused even where a later source replaces it', () => {
    const file = written('config.yaml', 'run:\n  seed: x\n');
    expect(refusal({ file, flags: { seed: '4' } }).problems).toHaveLength(1);
  });
});

describe('the environment', () => {
  test('texts become numbers, claims and lists', () => {
    const { config } = load({
      environment: {
        TRINITY_VENUES__BYBIT__TAKER_FEE_RATE: '0.00060',
        TRINITY_VENUES__BYBIT__IS_ENABLED: 'false',
        TRINITY_STRATEGIES__FUNDING_CARRY__BASES: 'BTC, SOL',
        TRINITY_ENGINE__OPEN_TRADES_MAX: '',
      },
    });
    expect(config.venues.bybit).toMatchObject({ takerFeeRate: '0.0006', isEnabled: false });
    expect(config.strategies.fundingCarry.bases).toEqual(['BTC', 'SOL']);
    expect(config.engine.openTradesMax).toBe(5);
  });

  test.each(['0x10', '1e3', ' 5', '5ms', 'NaN'])('a number is not spelled %j', (text) => {
    const { problems } = refusal({ environment: { TRINITY_ENGINE__COOLDOWN_MS: text } });
    expect(problems[0]?.found).toBe(`the text ${JSON.stringify(text)}`);
  });

  test('a name under our prefix that is no key is refused, with the key that was meant', () => {
    const { problems } = refusal({ environment: { TRINITY_SEED: '9', TRINITY_FOO: '9' } });
    expect(problems.map(({ key }) => key)).toEqual(['TRINITY_SEED', 'TRINITY_FOO']);
    expect(problems[0]?.found).toBe('an unknown name');
  });

  test('names that choose tests are left alone', () => {
    expect(load({ environment: { TRINITY_SLOW: '1', TRINITY_SHARED_DATA: '/x' } })).toEqual(
      load({}),
    );
  });
});

describe('flags', () => {
  test('the list of strategies switches the others off', () => {
    expect(load({ flags: { strategies: 'funding-carry' } }).config.strategies.fundingCarry).toEqual(
      load({}).config.strategies.fundingCarry,
    );
    expect(refusal({ flags: { strategies: '' } }).message).toContain('a list of funding-carry');
  });
});

describe('the configuration hash', () => {
  const hashWith = (environment: Record<string, string>): string => load({ environment }).hash;

  test('it changes with what decides about trading, and with nothing else', () => {
    const { hash } = load({});
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashWith({ TRINITY_ENGINE__OPEN_TRADES_MAX: '4' })).not.toBe(hash);
    expect(hashWith({ TRINITY_ENGINE__OPEN_TRADES_MAX: '5' })).toBe(hash);
    expect(hashWith({ TRINITY_RUN__DATA_FOLDER: '/elsewhere', TRINITY_LOG__LEVEL: 'debug' })).toBe(
      hash,
    );
    expect(
      hashWith({ TRINITY_VENUES__OKX__API_KEY: 'a', TRINITY_VENUES__OKX__API_SECRET: 'b' }),
    ).toBe(hash);
  });
});
