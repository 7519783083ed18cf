// Money that comes to an account or leaves it without a trade: told as it happens, repeated under the
// same name, kept over restarts.
import { describe, expect, test } from 'vitest';
import { toUsd } from '../../src/domain/index.ts';
import type { VenueReport } from '../../src/domain/index.ts';
import { ExchangeWorld } from './exchange-world.ts';
import { MemoryAccountLog } from './memory-account-log.ts';
import { line } from './report-line.ts';
import { BTC, START_AT_MS } from './test-market.ts';

const BOOK = { bids: [[99, 500]], asks: [[100, 500]] } as const;

function quietWorld(parts: ConstructorParameters<typeof ExchangeWorld>[0] = {}): ExchangeWorld {
  const world = new ExchangeWorld(parts);
  world.book(BTC, BOOK);
  world.mark(BTC, 100);
  return world;
}

const transfersIn = (reports: readonly VenueReport[]) =>
  reports.flatMap((report) => (report.type === 'transfer.made' ? [report.transfer] : []));

function repeatedBy(world: ExchangeWorld) {
  world.heard.length = 0;
  world.exchange.reportActivity(START_AT_MS);
  world.pass(20);
  return transfersIn(world.reports);
}

describe('an account', () => {
  test('takes deposits and gives withdrawals, each an entry, each told with its name', () => {
    const world = quietWorld();
    world.exchange.transfer(toUsd('500'));
    world.pass(20);
    world.exchange.transfer(toUsd('-200.5'));
    world.pass(20);
    expect(transfersIn(world.reports)).toEqual([
      {
        ...{ venueId: 'okx', transferId: `okx-${START_AT_MS.toString(36)}-m2` },
        ...{ kind: 'deposit', amountUsd: '500', madeAtMs: START_AT_MS },
      },
      {
        ...{ venueId: 'okx', transferId: `okx-${START_AT_MS.toString(36)}-m3` },
        ...{ kind: 'withdrawal', amountUsd: '-200.5', madeAtMs: START_AT_MS + 20 },
      },
    ]);
    const { ledger } = world.exchange;
    expect(ledger.entries.map(({ kind }) => kind)).toEqual(['deposit', 'deposit', 'withdrawal']);
    expect(ledger.balanceUsd).toBe('10299.5');
  });

  test('gives only what is free, and says how much that is', () => {
    const world = quietWorld();
    world.trade({ side: 'buy', qty: '50', limitPrice: '100' });
    const told = world.reports.length;
    expect(world.exchange.transfer(toUsd('-8997.51'))).toBe(
      '8997.51 USD are wanted, 8997.5 USD are free',
    );
    expect(world.exchange.transfer(toUsd('0'))).toBe('nothing to transfer');
    world.pass(20);
    expect(world.reports).toHaveLength(told);
    expect(world.exchange.transfer(toUsd('-8997.5'))).toBeUndefined();
    expect(world.exchange.ledger.balanceUsd).toBe('1000');
  });

  test('keeps a profit that is not realised', () => {
    const world = quietWorld();
    world.trade({ side: 'buy', qty: '50', limitPrice: '100' });
    world.mark(BTC, 200);
    expect(world.exchange.transfer(toUsd('-9997.51'))).toContain('9997.5 USD are free');
  });

  test('that is emptied by a liquidation is told what the insurance paid, after the fills', () => {
    const world = quietWorld({ settings: { depositUsd: toUsd('1000') } });
    world.trade({ side: 'buy', qty: '45', limitPrice: '100' });
    world.book(BTC, { bids: [[70, 500]], asks: [[120, 500]] });
    world.mark(BTC, 70);
    world.pass(20);
    expect(world.reports.map(line).slice(-2)).toEqual([
      'liquidated sell 45 at 70 taker fee 1.575',
      'insurance 353.825',
    ]);
    expect(world.exchange.ledger.balanceUsd).toBe('0');
  });
});

describe('what was transferred', () => {
  test('is repeated under its name, also by the exchange that is opened on what was kept', () => {
    const log = new MemoryAccountLog();
    const world = quietWorld({ log });
    world.exchange.transfer(toUsd('500'));
    world.exchange.transfer(toUsd('-1'));
    world.pass(20);
    const told = transfersIn(world.reports);
    expect(told).toHaveLength(2);
    expect(repeatedBy(world)).toEqual(told);
    const next = quietWorld({ log: new MemoryAccountLog(log.lines), clock: world.clock });
    expect(repeatedBy(next)).toEqual(told);
    next.exchange.transfer(toUsd('7'));
    const ids = repeatedBy(next).map(({ transferId }) => transferId);
    expect(new Set(ids).size).toBe(3);
  });

  test('as insurance without a name, as older accounts have it, is in the balance', () => {
    const log = new MemoryAccountLog();
    quietWorld({ log });
    const paid = { type: 'insurance.paid', atMs: START_AT_MS + 1, amountUsd: '12.5' };
    const kept = new MemoryAccountLog([...log.lines, JSON.stringify({ changes: [paid] })]);
    const next = quietWorld({ log: kept });
    expect(next.exchange.ledger.balanceUsd).toBe('10012.5');
    expect(next.exchange.ledger.entries.at(-1)).toMatchObject({ kind: 'insurance' });
    expect(repeatedBy(next)).toEqual([]);
  });
});
