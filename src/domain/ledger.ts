// The ledger in double entry: what fills, fees, funding and the money that was there move, per
// venue, account and asset. A position is what it is at a perpetual venue: so much of the base
// held, so much USD owed or due for it. When it is flat its USD is the result of its prices,
// exactly; no average cost is kept.
import type { InstrumentId, VenueId } from './brand.ts';
import type { Decimal, Usd } from './decimal.ts';
import { isZero, minus, negate, notional, total } from './decimal.ts';
import type { AccountReport, Fill, FundingPayment, Position, Transfer } from './order.ts';

export type LedgerAccount =
  /** Held, and owed or due for it. */
  | 'position'
  /** The other side of every fill. */
  | 'market'
  /** Money at the venue. */
  | 'wallet'
  | 'fees'
  | 'funding'
  /** What a venue's insurance fund has paid. */
  | 'insurance'
  /** The other side of what was there before the run, and of deposits and withdrawals. */
  | 'transfers';

export interface LedgerLine {
  /** Lines with the same posting sum to zero in each asset, and are booked once. */
  readonly posting: string;
  readonly line: number;
  readonly kind: 'fill' | 'fee' | 'funding' | 'insurance' | 'transfer';
  readonly venueId: VenueId;
  readonly account: LedgerAccount;
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
    ...pair(entry, 1, { from: 'market', to: 'position', asset: baseOf(fill), amount: held }),
    ...pair(entry, 3, { from: 'position', to: 'market', asset: 'USD', amount: paidUsd }),
    ...pair(fee, 1, { from: 'wallet', to: 'fees', asset: 'USD', amount: feeUsd }),
  ];
}

/** A venue settles an instrument once at an instant, however often it says so. */
export function fundingLines(payment: FundingPayment): readonly LedgerLine[] {
  const { venueId, instrumentId, fundingAtMs, amountUsd } = payment;
  const posting = `funding ${instrumentId} ${fundingAtMs}`;
  const entry = { posting, kind: 'funding', venueId } as const;
  return pair(entry, 1, { from: 'funding', to: 'wallet', asset: 'USD', amount: amountUsd });
}

/** Own money only changes its place; what an insurance pays is earned, less loss. */
export function transferLines(transfer: Transfer): readonly LedgerLine[] {
  const { venueId, transferId, amountUsd } = transfer;
  const isInsurance = transfer.kind === 'insurance';
  const from = isInsurance ? 'insurance' : 'transfers';
  const kind = isInsurance ? 'insurance' : 'transfer';
  const entry = { posting: `transfer ${venueId} ${transferId}`, kind, venueId } as const;
  return pair(entry, 1, { from, to: 'wallet', asset: 'USD', amount: amountUsd });
}

/**
 * What a venue's first report says is there, less what the wallet has by then: money that was heard
 * to move before the report is in it. The lines of the wallet are there also when it is nothing,
 * and mark the account as open. Later reports have the same posting and book nothing: what they
 * show beyond the ledger nobody can name.
 */
export function openingLines(report: AccountReport, bookedUsd: Usd): readonly LedgerLine[] {
  const { venueId, equityUsd, positions } = report;
  const entry = { posting: `opening ${venueId}`, kind: 'transfer', venueId } as const;
  const gains = positions.map(({ qty, markPrice, entryPrice }) =>
    minus(notional(markPrice, qty), notional(entryPrice, qty)),
  );
  const walletUsd = minus(minus(equityUsd, total(gains)), bookedUsd);
  const held = positions.map((position) => [
    { to: 'position', asset: baseOf(position), amount: position.qty } as const,
    { to: 'position', asset: 'USD', amount: negate(costUsd(position)) } as const,
  ]);
  const wallet = { to: 'wallet', asset: 'USD', amount: walletUsd } as const;
  return [
    ...sides(entry, 1, { from: 'transfers', ...wallet }),
    ...held
      .flat()
      .flatMap((move, index) => pair(entry, 3 + 2 * index, { from: 'transfers', ...move })),
  ];
}

const costUsd = ({ entryPrice, qty }: Position): Decimal => notional(entryPrice, qty);

interface Move {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly asset: string;
  readonly amount: Decimal;
}

type Entry = Pick<LedgerLine, 'posting' | 'kind' | 'venueId'>;

const pair = (entry: Entry, line: number, move: Move): readonly LedgerLine[] =>
  isZero(move.amount) ? [] : sides(entry, line, move);

function sides(
  entry: Entry,
  line: number,
  { from, to, asset, amount }: Move,
): readonly LedgerLine[] {
  return [
    { ...entry, line, account: to, asset, amount },
    { ...entry, line: line + 1, account: from, asset, amount: negate(amount) },
  ];
}

/** Cash, as it were on the day on which everything is flat: wallet, and USD due for positions. */
export const cashOf = (lines: readonly LedgerLine[]): Decimal =>
  total(
    lines
      .filter(({ account, asset }) => asset === 'USD' && isOurs(account))
      .map(({ amount }) => amount),
  );

const isOurs = (account: LedgerAccount): boolean => account === 'wallet' || account === 'position';

/** `okx:BTC/USDT:USDT` moves BTC. */
export function baseOf({ instrumentId }: { readonly instrumentId: InstrumentId }): string {
  const symbol = instrumentId.slice(instrumentId.indexOf(':') + 1);
  return symbol.split('/')[0] ?? symbol;
}
