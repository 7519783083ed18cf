// The account as the venue sees it at this instant: positions at their marks, margin used, where it
// would close us. Reads; changes nothing.
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { AccountStatement, Position, Price, Usd } from '../domain/index.ts';
import { over, plus, toPrice, toRate, total } from '../domain/index.ts';
import { entryPrice } from './costed-position.ts';
import type { ValuedPosition } from './margin.ts';
import { equityUsd, initialMarginUsd, liquidationPrice, maintenanceMarginUsd } from './margin.ts';
import type { OrderMemory } from './order-memory.ts';
import { remainingQty } from './order-memory.ts';
import type { ExchangeSettings } from './settings.ts';
import type { VenueAccount } from './venue-account.ts';

export interface StatementParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly account: VenueAccount;
  readonly memory: OrderMemory;
}

/** The venue's mark, or the middle of the touch as long as it has not said one. */
export function markPrice({ markPrice: mark, book }: InstrumentView): Price | undefined {
  if (Number.isFinite(mark)) return toPrice(mark);
  if (book.bids.count === 0 || book.asks.count === 0) return undefined;
  const touch = plus(toPrice(book.bids.priceAt(0)), toPrice(book.asks.priceAt(0)));
  return over(touch, toRate('2'), 'down');
}

/** A position that nobody can value is worth what it cost. */
export function valuedPositions(
  parts: Pick<StatementParts, 'market' | 'account'>,
): readonly ValuedPosition[] {
  return [...parts.account.positions].map(([instrumentId, position]) => {
    const view = parts.market.get(instrumentId);
    const mark = view === undefined ? undefined : markPrice(view);
    return { ...position, instrumentId, markPrice: mark ?? entryPrice(position) };
  });
}

export const accountEquityUsd = (parts: Pick<StatementParts, 'market' | 'account'>): Usd =>
  equityUsd(parts.account.ledger.balanceUsd, valuedPositions(parts));

/** Initial margin of positions at their marks and of resting entry orders at their limits. */
export function marginUsedUsd({ settings, market, account, memory }: StatementParts): Usd {
  const { leverage } = settings;
  const ofPositions = valuedPositions({ market, account }).map((position) =>
    initialMarginUsd(position.markPrice, position.qty, leverage),
  );
  const ofOrders = memory
    .allOpen()
    .filter(({ request }) => !request.reduceOnly)
    .map((order) => initialMarginUsd(order.request.limitPrice, remainingQty(order), leverage));
  return total([...ofPositions, ...ofOrders]);
}

export function accountStatement(parts: StatementParts): AccountStatement {
  const { settings, account } = parts;
  const valued = valuedPositions(parts);
  const equity = equityUsd(account.ledger.balanceUsd, valued);
  const rate = settings.maintenanceMarginRate;
  const maintenanceUsd = maintenanceMarginUsd(valued, rate);
  const positions = valued.map((position): Position => {
    const price = liquidationPrice(position, { equityUsd: equity, maintenanceUsd, rate });
    const { instrumentId, qty, markPrice: mark } = position;
    const held = { instrumentId, qty, entryPrice: entryPrice(position), markPrice: mark };
    return price === undefined ? held : { ...held, liquidationPrice: price };
  });
  return {
    venueId: settings.venueId,
    equityUsd: equity,
    marginUsedUsd: marginUsedUsd(parts),
    positions,
  };
}
