// Money and margin: what fills, fees and marks make of the account, and when the venue closes it.
import { describe, expect, test } from 'vitest';
import { total, toPrice, toQty, toRate, toUsd } from '../../src/domain/index.ts';
import { traded } from '../../src/exchange/costed-position.ts';
import { liquidationPrice } from '../../src/exchange/margin.ts';
import { ExchangeWorld } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, ETH, HOUR_MS } from './test-market.ts';

const FLAT_BOOK = { bids: [[99.5, 20_000]], asks: [[100, 20_000]] } as const;

function worldWith(settings: Partial<ConstructorParameters<typeof ExchangeWorld>[0]> = {}) {
  const world = new ExchangeWorld(settings);
  for (const instrumentId of [BTC, ETH]) {
    world.book(instrumentId, FLAT_BOOK);
    world.mark(instrumentId, 100);
  }
  return world;
}

describe('a position', () => {
  const fill = (side: 'buy' | 'sell', qty: string, price: string) => ({
    side,
    qty: toQty(qty),
    price: toPrice(price),
  });
  test('hands back its cost as parts close, rounded against us, and the rest at the end', () => {
    const bought = traded({ qty: toQty('0'), costUsd: toUsd('0') }, fill('buy', '3', '10'));
    const more = traded(bought.position, fill('buy', '4', '11'));
    expect(more.position).toEqual({ qty: '7', costUsd: '74' });
    const part = traded(more.position, fill('sell', '1', '10'));
    expect(part.realisedUsd).toBe('-0.571428571428571429');
    const rest = traded(part.position, fill('sell', '6', '10'));
    expect(rest.realisedUsd).toBe('-3.428571428571428571');
    expect(rest.position).toEqual({ qty: '0', costUsd: '0' });
  });

  test('turns over in two parts: all of the old closes, the rest opens at the new price', () => {
    const short = traded({ qty: toQty('0'), costUsd: toUsd('0') }, fill('sell', '2', '10'));
    expect(short.position).toEqual({ qty: '-2', costUsd: '-20' });
    const turned = traded(short.position, fill('buy', '5', '9'));
    expect(turned).toEqual({ position: { qty: '3', costUsd: '27' }, realisedUsd: '2' });
  });
});

describe('the account', () => {
  test('keeps each change of money with the balance after it', () => {
    const world = worldWith();
    world.trade({ side: 'buy', qty: '2', limitPrice: '100' });
    world.trade({ side: 'sell', qty: '2', limitPrice: '99.5', reduceOnly: true });
    const { ledger } = world.exchange;
    expect(
      ledger.entries.map(({ kind, amountUsd, balanceUsd }) => [kind, amountUsd, balanceUsd]),
    ).toEqual([
      ['deposit', '10000', '10000'],
      ['fee', '-0.1', '9999.9'],
      ['realised', '-1', '9998.9'],
      ['fee', '-0.0995', '9998.8005'],
    ]);
    expect(total(ledger.entries.map(({ amountUsd }) => amountUsd))).toBe(ledger.balanceUsd);
  });

  test('reports equity at the mark, margin of positions and of resting entries', () => {
    const world = worldWith();
    world.trade({ side: 'buy', qty: '10', limitPrice: '100' });
    world.trade({ side: 'buy', qty: '4', limitPrice: '90', timeInForce: 'GTC' });
    const close = { side: 'sell', qty: '5', limitPrice: '120', timeInForce: 'GTC' } as const;
    world.trade({ ...close, reduceOnly: true });
    world.mark(BTC, 110);
    const askedAtMs = world.clock.nowMs();
    world.exchange.reportAccount();
    world.pass(20);
    expect(world.reports.at(-1)).toEqual({
      type: 'account.reported',
      report: {
        venueId: 'okx',
        askedAtMs,
        equityUsd: '10099.5',
        // 10 × 110 / 5 for the position, 4 × 90 / 5 for the resting entry.
        marginUsedUsd: '292',
        positions: [{ instrumentId: BTC, qty: '10', entryPrice: '100', markPrice: '110' }],
      },
    });
  });

  test('values a position at the middle of the touch while there is no mark', () => {
    const world = new ExchangeWorld();
    world.book(BTC, FLAT_BOOK);
    world.trade({ side: 'sell', qty: '2', limitPrice: '99' });
    expect(world.exchange.statement().positions[0]?.markPrice).toBe('99.75');
  });

  test.each([
    // Ten thousand dollars at leverage 5 carry 50,000 less the fee, and not a step more.
    ['all that margin and fee allow', '498.7', 'accepted'],
    ['one step more', '498.8', 'rejected venue.insufficient-margin'],
  ])('takes %s', (_name, qty, said) => {
    const world = worldWith();
    const limitPrice = '100';
    expect(world.trade({ side: 'buy', qty, limitPrice }).map(line)[0]).toBe(said);
  });

  test.each([
    ['adds more than is free', 'buy', '60', '100', 'rejected venue.insufficient-margin'],
    ['only reduces', 'sell', '450', '99', 'accepted'],
    ['turns over with the margin of what it closes', 'sell', '900', '99', 'accepted'],
    ['turns over into too much', 'sell', '1000', '99', 'rejected venue.insufficient-margin'],
  ] as const)('against a large long judges an order that %s', (_name, side, qty, price, said) => {
    const world = worldWith();
    world.trade({ side: 'buy', qty: '450', limitPrice: '100' });
    expect(world.trade({ side, qty, limitPrice: price }).map(line)[0]).toBe(said);
  });

  test('counts what resting entry orders would need', () => {
    const world = worldWith();
    const resting = { side: 'buy', qty: '400', limitPrice: '90', timeInForce: 'GTC' } as const;
    world.trade(resting);
    expect(world.trade(resting).map(line)).toEqual(['rejected venue.insufficient-margin']);
  });
});

describe('liquidation', () => {
  test.each([
    // (qty·mark − equity) / (qty − |qty|·1 %): 1000·(100) − 10000 over 990, and 110000 over 1010.
    ['long', '1000', '10000', '90.909090909090909091'],
    ['short', '-1000', '10000', '108.910891089108910891'],
    ['long that the deposit covers', '10', '10000', undefined],
  ])('price of a %s', (_name, qty, equity, expected) => {
    const costUsd = toUsd(Number(qty) * 100);
    const position = { instrumentId: BTC, qty: toQty(qty), costUsd, markPrice: toPrice('100') };
    const maintenanceUsd = toUsd(Math.abs(Number(qty)));
    const rate = toRate('0.01');
    const account = { equityUsd: toUsd(equity), maintenanceUsd, rate };
    expect(liquidationPrice(position, account)).toBe(expected);
  });

  test.each([
    ['long', 'buy', '100', -0.01, 'liquidated sell 45 at 78 taker fee 1.755'],
    ['short', 'sell', '99', 0.01, 'liquidated buy 45 at 120 taker fee 2.7'],
  ] as const)(
    'of a %s comes with the first mark beyond the reported price, not before',
    (_name, side, limitPrice, towardsLoss, expected) => {
      const world = worldWith({ settings: { depositUsd: toUsd('1000') } });
      world.trade({ side, qty: '45', limitPrice });
      const price = Number(world.exchange.statement().positions[0]?.liquidationPrice);
      expect(price).toBeCloseTo(side === 'buy' ? 78.61 : 120.46, 1);
      world.book(BTC, { bids: [[78, 1000]], asks: [[120, 1000]] });
      world.mark(BTC, price - towardsLoss);
      expect(world.reports.map(line).filter((said) => said.startsWith('liq'))).toEqual([]);
      world.mark(BTC, price + towardsLoss);
      world.pass(20);
      expect(world.reports.map(line).at(-1)).toBe(expected);
      expect(world.exchange.statement().positions).toEqual([]);
    },
  );

  test('ends open orders, then closes the largest position first, until the account stands', () => {
    const world = worldWith({ settings: { depositUsd: toUsd('1000') } });
    world.trade({ instrumentId: ETH, side: 'buy', qty: '5', limitPrice: '100' });
    world.trade({ side: 'buy', qty: '35', limitPrice: '100' });
    world.trade({ side: 'buy', qty: '1', limitPrice: '50', timeInForce: 'GTC' });
    world.heard.length = 0;
    world.book(BTC, { bids: [[75, 1000]], asks: [[79, 1000]] });
    world.mark(BTC, 72);
    world.pass(20);
    expect(world.reports.map(line)).toEqual([
      'cancelled with 0',
      'liquidated sell 35 at 75 taker fee 1.3125',
    ]);
    expect(world.exchange.statement().positions.map(({ qty }) => qty)).toEqual(['5']);
  });

  test('comes with a funding payment too, though no mark has moved', () => {
    const world = worldWith({ settings: { depositUsd: toUsd('1000') } });
    world.funding(BTC, { rate: 0.215, atHour: 8, everyHours: 8 });
    world.trade({ side: 'buy', qty: '45', limitPrice: '100' });
    world.passTo(8 * HOUR_MS + 100);
    world.book(BTC, FLAT_BOOK);
    world.pass(20);
    expect(world.reports.map(line).slice(-2)).toEqual([
      'funding -967.5',
      'liquidated sell 45 at 99.5 taker fee 2.23875',
    ]);
  });

  test('goes on at later books until all is closed; the insurance fund pays a debt', () => {
    const world = worldWith({ settings: { depositUsd: toUsd('1000') } });
    world.trade({ side: 'buy', qty: '45', limitPrice: '100' });
    world.book(BTC, { bids: [[70, 200]], asks: [[79, 10]] });
    world.mark(BTC, 70);
    world.book(BTC, { bids: [], asks: [[79, 10]] });
    world.book(BTC, { bids: [[60, 1000]], asks: [[79, 10]] });
    world.pass(20);
    expect(world.reports.map(line).filter((said) => said.startsWith('liq'))).toEqual([
      'liquidated sell 20 at 70 taker fee 0.7',
      'liquidated sell 25 at 60 taker fee 0.75',
    ]);
    const { ledger } = world.exchange;
    expect(ledger.entries.at(-1)).toMatchObject({ kind: 'insurance', amountUsd: '603.7' });
    expect(ledger.balanceUsd).toBe('0');
  });

  test('waits for a book that can be matched against', () => {
    const world = worldWith({ settings: { depositUsd: toUsd('1000') } });
    world.trade({ side: 'sell', qty: '45', limitPrice: '99' });
    world.view(BTC).book.isSynced = false;
    world.mark(BTC, 130);
    expect(world.exchange.statement().positions).toHaveLength(1);
    world.view(BTC).book.isSynced = true;
    world.book(BTC, FLAT_BOOK);
    expect(world.exchange.statement().positions).toHaveLength(0);
  });
});
