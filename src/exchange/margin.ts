// Cross margin: one balance stands for all positions. Every quotient is rounded against us: more
// margin, an earlier liquidation.
import type { InstrumentId, Price, Qty, Rate, Usd } from '../domain/index.ts';
import {
  absolute,
  isNegative,
  isPositive,
  minus,
  negate,
  notional,
  over,
  plus,
  times,
  toPrice,
  toRate,
  total,
} from '../domain/index.ts';

export interface ValuedPosition {
  readonly instrumentId: InstrumentId;
  /** Signed. */
  readonly qty: Qty;
  readonly costUsd: Usd;
  readonly markPrice: Price;
}

export const equityUsd = (balanceUsd: Usd, positions: readonly ValuedPosition[]): Usd =>
  plus(
    balanceUsd,
    total(positions.map(({ markPrice, qty, costUsd }) => minus(notional(markPrice, qty), costUsd))),
  );

export const initialMarginUsd = (price: Price, qty: Qty, leverage: Rate): Usd =>
  over(notional(price, absolute(qty)), leverage, 'up');

export const maintenanceMarginUsd = (positions: readonly ValuedPosition[], rate: Rate): Usd =>
  total(positions.map(({ markPrice, qty }) => times(notional(markPrice, absolute(qty)), rate)));

/**
 * The mark price P of this instrument at which equity equals maintenance margin while all other
 * marks stay:
 * equity + qty·(P − mark) = othersMaintenance + |qty|·P·rate, therefore
 * P = (qty·mark − equity + othersMaintenance) / (qty − |qty|·rate).
 * Absent where no positive price gets there.
 */
export function liquidationPrice(
  position: ValuedPosition,
  account: { readonly equityUsd: Usd; readonly maintenanceUsd: Usd; readonly rate: Rate },
): Price | undefined {
  const { qty, markPrice } = position;
  const ownMaintenanceUsd = times(notional(markPrice, absolute(qty)), account.rate);
  const othersMaintenanceUsd = minus(account.maintenanceUsd, ownMaintenanceUsd);
  const gapUsd = plus(minus(notional(markPrice, qty), account.equityUsd), othersMaintenanceUsd);
  const isShort = isNegative(qty);
  const perPrice = isShort
    ? negate(times(absolute(qty), plus(toRate('1'), account.rate)))
    : times(qty, minus(toRate('1'), account.rate));
  const price = toPrice(over(gapUsd, perPrice, isShort ? 'down' : 'up'));
  return isPositive(price) ? price : undefined;
}
