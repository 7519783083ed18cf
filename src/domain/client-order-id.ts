// Client order ids are computed, never random: run tag, trade, leg and attempt in 18 lower-case
// alphanumerics, the one form that Binance, Bybit, OKX, Kraken, Alpaca and Kalshi all take.
import { toLegId, toTradeId } from './brand.ts';
import type { ClientOrderId, LegId, TradeId } from './brand.ts';

/** Six characters of run tag, five of trade ordinal, two of leg, five of attempt. */
export function clientOrderId(order: {
  readonly runTag: string;
  readonly tradeId: TradeId;
  readonly legId: LegId;
  readonly attempt: number;
}): ClientOrderId {
  const ordinal = Number(order.tradeId.slice(1));
  const leg = order.legId.charCodeAt(0) - 97;
  const id = `${order.runTag}${base36(ordinal, 5)}${base36(leg, 2)}${base36(order.attempt, 5)}`;
  if (!/^[0-9a-z]{18}$/.test(id)) {
    throw new RangeError(`client order id must be 18 of [0-9a-z], got ${id}`);
  }
  return id as ClientOrderId;
}

const base36 = (count: number, width: number): string => count.toString(36).padStart(width, '0');

/** The six-character tag for a run that starts at this instant, or for a seed in virtual time. */
export const toRunTag = (count: number): string => base36(count % 36 ** 6, 6);

/** Which leg sent this order, or undefined for an order that is not of this run. */
export function orderOrigin(
  id: ClientOrderId,
  runTag: string,
): { readonly tradeId: TradeId; readonly legId: LegId; readonly attempt: number } | undefined {
  if (!/^[0-9a-z]{18}$/.test(id) || !id.startsWith(runTag)) return undefined;
  return {
    tradeId: toTradeId(parseInt(id.slice(6, 11), 36)),
    legId: toLegId(String.fromCharCode(97 + parseInt(id.slice(11, 13), 36))),
    attempt: parseInt(id.slice(13), 36),
  };
}
