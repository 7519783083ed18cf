// What a data folder knows of paper accounts between two runs.
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { heldAccounts, openPaperAccount, paperFolder } from '../../src/cli/paper-accounts.ts';
import { sandboxStartAt } from '../../src/cli/feed-choice.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { Config } from '../../src/config/index.ts';
import { toMs, toVenueId } from '../../src/domain/index.ts';
import type { AccountLog } from '../../src/exchange/index.ts';
import { toCheckedLine } from '../../src/journal/checked-line.ts';
import { settlementStart } from '../../src/sandbox/index.ts';
import { ExchangeWorld } from '../exchange/exchange-world.ts';
import { BTC, START_AT_MS } from '../exchange/test-market.ts';

const okx = toVenueId('okx');
let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'paper-accounts-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const configOf = (clock = 'real'): Config =>
  loadConfig({ file: 'config.yaml', environment: {}, envFile: '', flags: { data, clock } }).config;

const openLog = (config: Config, feed: 'live' | 'sandbox' = 'sandbox') =>
  openPaperAccount({ config, feed, venueId: okx }, (error) => {
    throw error;
  });

async function traded(log: AccountLog): Promise<void> {
  const world = new ExchangeWorld({ log });
  world.book(BTC, { bids: [[99, 500]], asks: [[100, 500]] });
  world.trade({ side: 'buy', qty: '2', limitPrice: '100' });
  await world.exchange.stop();
}

test('an account goes on in the next run of the same feed, and only there', async () => {
  const config = configOf();
  const log = openLog(config);
  if (log === undefined) throw new Error('a real run must have a log');
  expect(heldAccounts(config, 'sandbox')).toBeUndefined();
  await traded(log);
  expect(heldAccounts(config, 'sandbox')?.text).toBe(
    'paper accounts go on: okx 9999.90 USD with 1 position ' +
      `(delete ${paperFolder(config, 'sandbox')} to reset)`,
  );
  expect(heldAccounts(config, 'sandbox')?.strangeText).toMatch(
    /^a new run does not know the positions on these accounts, .* delete .* to reset$/,
  );
  expect(heldAccounts(config, 'sandbox')?.lastAtMs).toBe(START_AT_MS + 10);
  expect(heldAccounts(config, 'live')).toBeUndefined();
  const next = new ExchangeWorld({ log: openLog(config) as never });
  expect(next.exchange.ledger.balanceUsd).toBe('9999.9');
  await next.exchange.stop();
  expect(openLog(config, 'live')?.kept).toEqual([]);
});

test('an account on which nothing happened is opened anew', async () => {
  const config = configOf();
  const world = new ExchangeWorld({ log: openLog(config) as never });
  await world.exchange.stop();
  expect(openLog(config)?.kept).toEqual([]);
  expect(heldAccounts(config, 'sandbox')).toBeUndefined();
});

test.each(['{"x":1}', '{"changes":[7]}', '{"state":{"open":[]}}', 'no JSON'])(
  'a line that is no entry of an account is refused: %s',
  async (line) => {
    const config = configOf();
    await traded(openLog(config) as never);
    const path = join(paperFolder(config, 'sandbox'), 'okx.account');
    appendFileSync(path, toCheckedLine(line));
    expect(() => openLog(config)).toThrow(/okx\.account at byte \d+: no entry of an account/);
  },
);

test('virtual time keeps no account and reads none', async () => {
  await traded(openLog(configOf()) as never);
  expect(openLog(configOf('virtual'))).toBeUndefined();
  expect(heldAccounts(configOf('virtual'), 'sandbox')).toBeUndefined();
});

test('a folder that is deleted is a fresh start', async () => {
  const config = configOf();
  await traded(openLog(config) as never);
  rmSync(join(data, 'paper'), { recursive: true });
  expect(openLog(config)?.kept).toEqual([]);
  expect(existsSync(paperFolder(config, 'sandbox'))).toBe(true);
});

const picked = settlementStart(7);
const HOUR_MS = 3_600_000;
test.each([
  ['a first run at the settlement of its seed', undefined, undefined, 'settlement'],
  ['a run after older accounts there too', undefined, picked - HOUR_MS, 'settlement'],
  ['a run after newer accounts at the next one', undefined, picked + 5_000, 8],
  ['a run after much newer accounts later still', undefined, picked + 20 * HOUR_MS, 24],
  ['a resumed run where it would be by now', picked + 90_000, picked + 60_000, 0.025],
  ['a resumed run never before its accounts', picked + 60_000, picked + 90_000, 0.025],
])('%s starts its sandbox', (_name, resumed, last, expected) => {
  const at = (ms: number | undefined) => (ms === undefined ? undefined : toMs(ms));
  const startAt = sandboxStartAt({ seed: 7, resumedAtMs: at(resumed), lastAtMs: at(last) });
  const start =
    typeof expected === 'number' ? new Date(picked + expected * HOUR_MS).toISOString() : expected;
  expect(startAt).toBe(start);
});
