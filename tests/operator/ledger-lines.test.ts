// Double entry: whatever is filled, charged or paid, each posting sums to zero in each asset, and
// what a closed position leaves is what its prices brought.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFillId, toInstrumentId, toMs, toPrice, toQty, toRate } from '../../src/domain/index.ts';
import { minus, notional, toTransferId, toUsd, toVenueId, total } from '../../src/domain/index.ts';
import type { ClientOrderId, Decimal, Fill, Side } from '../../src/domain/index.ts';
import { fillLines, fundingLines, transferLines } from '../../src/domain/index.ts';
import type { LedgerLine } from '../../src/domain/index.ts';

const venueId = toVenueId('okx');
const instrumentId = toInstrumentId(venueId, 'BTC/USDT:USDT');
const amounts = (digits: number) =>
  fc.tuple(fc.nat(1_000_000), fc.nat(10 ** digits - 1)).map(([whole, part]) => {
    return `${whole}.${String(part).padStart(digits, '0')}`;
  });

const fill = (side: Side, qty: string, price: string, feeUsd = '0'): Fill => ({
  fillId: toFillId('f1'),
  clientOrderId: 'tmnzyr000010000001' as ClientOrderId,
  venueId,
  instrumentId,
  side,
  qty: toQty(qty),
  price: toPrice(price),
  feeUsd: toUsd(feeUsd),
  liquidity: 'taker',
  filledAtMs: toMs(1),
});

function remainders(lines: readonly LedgerLine[]): readonly Decimal[] {
  const groupOf = ({ posting, asset }: LedgerLine): string => `${posting} ${asset}`;
  return [...new Set(lines.map(groupOf))].map((group) =>
    total(lines.filter((line) => groupOf(line) === group).map(({ amount }) => amount)),
  );
}

describe('a posting sums to zero in each asset', () => {
  test('of any fill and its fee', () => {
    const side = fc.constantFrom<Side>('buy', 'sell');
    fc.assert(
      fc.property(side, amounts(8), amounts(4), amounts(10), (way, qty, price, feeUsd) => {
        const lines = fillLines(fill(way, qty, price, feeUsd));
        expect(remainders(lines).every((amount) => amount === '0')).toBe(true);
        expect(lines.every(({ amount }) => amount !== '0')).toBe(true);
      }),
    );
  });

  test('of any funding, paid or received', () => {
    fc.assert(
      fc.property(amounts(12), fc.boolean(), (amount, isPaid) => {
        const amountUsd = toUsd(isPaid && !/^0\.0*$/.test(amount) ? `-${amount}` : amount);
        const payment = {
          ...{ venueId, instrumentId, fundingAtMs: toMs(0), fundingRate: toRate('0.0001') },
          ...{ positionQty: toQty('1'), markPrice: toPrice('1'), amountUsd },
        };
        const lines = fundingLines(payment);
        expect(remainders(lines).every((left) => left === '0')).toBe(true);
        const received = lines.filter(({ account }) => account === 'wallet');
        expect(total(received.map((line) => line.amount))).toBe(amountUsd);
      }),
    );
  });
});

test.each([
  ['deposit', '5.5', 'transfer', 'transfers'],
  ['withdrawal', '-5.5', 'transfer', 'transfers'],
  ['insurance', '5.5', 'insurance', 'insurance'],
] as const)('a %s moves %s USD, from an account of its own', (kind, amount, entry, from) => {
  const madeAtMs = toMs(1);
  const amountUsd = toUsd(amount);
  const lines = transferLines({
    venueId,
    transferId: toTransferId('m1'),
    kind,
    amountUsd,
    madeAtMs,
  });
  const received = { posting: 'transfer okx m1', line: 1, kind: entry, venueId, asset: 'USD' };
  expect(lines).toEqual([
    { ...received, account: 'wallet', amount },
    { ...received, line: 2, account: from, amount: minus(toUsd('0'), amountUsd) },
  ]);
});

test('a position that is closed again holds nothing but the result of its prices', () => {
  fc.assert(
    fc.property(amounts(8), amounts(4), amounts(4), (qty, bought, sold) => {
      const lines = [...fillLines(fill('buy', qty, bought)), ...fillLines(fill('sell', qty, sold))];
      const held = (asset: string) =>
        total(
          lines
            .filter((line) => line.account === 'position' && line.asset === asset)
            .map(({ amount }) => amount),
        );
      const worth = (price: string) => notional(toPrice(price), toQty(qty));
      expect(held('BTC')).toBe('0');
      expect(held('USD')).toBe(minus(worth(sold), worth(bought)));
    }),
  );
});

test('a fee of nothing leaves no line, a rebate comes into the wallet', () => {
  expect(fillLines(fill('buy', '1', '2')).filter(({ kind }) => kind === 'fee')).toEqual([]);
  const rebate = fillLines(fill('buy', '1', '2', '-0.5')).filter(({ kind }) => kind === 'fee');
  expect(rebate.map(({ account, amount }) => [account, amount])).toEqual([
    ['fees', '-0.5'],
    ['wallet', '0.5'],
  ]);
});
