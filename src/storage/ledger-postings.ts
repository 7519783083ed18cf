// The ledger in double entry: what fills, fees and funding move, per venue, account and asset. A
// position is what it is at a perpetual venue: so much of the base held, so much USD owed or due
// for it. When it is flat its USD is the result of its prices, exactly; no average cost is kept.
import type { Decimal, Fill, FundingPayment, InstrumentId, VenueId } from '../domain/index.ts';
import { isZero, negate, notional } from '../domain/index.ts';

type Account =
  /** Held, and owed or due for it. */
  | 'position'
  /** The other side of every fill. */
  | 'market'
  /** Money at the venue, deposits apart. */
  | 'wallet'
  | 'fees'
  | 'funding';

export interface LedgerLine {
  /** Lines with the same posting sum to zero in each asset. */
  readonly posting: string;
  readonly line: number;
  readonly kind: 'fill' | 'fee' | 'funding';
  readonly venueId: VenueId;
  readonly account: Account;
  readonly asset: string;
  readonly amount: Decimal;
}

/** A fill keeps its posting however often it is reported. */
export function fillLines(fill: Fill): readonly LedgerLine[] {
  const { venueId, instrumentId, fillId, side, qty, price, feeUsd } = fill;
  const worthUsd = notional(price, qty);
  const [held, paidUsd] = side === 'buy' ? [qty, worthUsd] : [negate(qty), negate(worthUsd)];
  const posting = `fill ${instrumentId} ${fillId}`;
  const entry = { posting, kind: 'fill', venueId } as const;
  const fee = { posting: `fee ${instrumentId} ${fillId}`, kind: 'fee', venueId } as const;
  return [
    ...pair(entry, 1, {
      from: 'market',
      to: 'position',
      asset: baseOf(instrumentId),
      amount: held,
    }),
    ...pair(entry, 3, { from: 'position', to: 'market', asset: 'USD', amount: paidUsd }),
    ...pair(fee, 1, { from: 'wallet', to: 'fees', asset: 'USD', amount: feeUsd }),
  ];
}

/** `seq` tells payments of one settlement apart: the engine counts each that is reported. */
export function fundingLines(payment: FundingPayment, seq: number): readonly LedgerLine[] {
  const { venueId, instrumentId, amountUsd } = payment;
  const entry = { posting: `funding ${instrumentId} ${seq}`, kind: 'funding', venueId } as const;
  return pair(entry, 1, { from: 'funding', to: 'wallet', asset: 'USD', amount: amountUsd });
}

function pair(
  entry: Pick<LedgerLine, 'posting' | 'kind' | 'venueId'>,
  line: number,
  move: {
    readonly from: Account;
    readonly to: Account;
    readonly asset: string;
    readonly amount: Decimal;
  },
): readonly LedgerLine[] {
  const { from, to, asset, amount } = move;
  if (isZero(amount)) return [];
  return [
    { ...entry, line, account: to, asset, amount },
    { ...entry, line: line + 1, account: from, asset, amount: negate(amount) },
  ];
}

/** `okx:BTC/USDT:USDT` moves BTC. */
function baseOf(instrumentId: InstrumentId): string {
  const symbol = instrumentId.slice(instrumentId.indexOf(':') + 1);
  return symbol.split('/')[0] ?? symbol;
}
