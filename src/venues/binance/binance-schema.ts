// Binance spot REST replies, as far as we read them. Fields that we do not use may change freely.
import { z } from 'zod';

/** https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints */
export const exchangeInfoReply = z.object({ symbols: z.array(z.unknown()) });

export const spotSymbol = z.object({
  symbol: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  filters: z.array(
    z.object({
      /** The smallest notional is `MIN_NOTIONAL` until 2023 and `NOTIONAL` since. */
      filterType: z.string(),
      tickSize: z.string().optional(),
      stepSize: z.string().optional(),
      minQty: z.string().optional(),
      maxQty: z.string().optional(),
      minNotional: z.string().optional(),
    }),
  ),
});
export type SpotSymbol = z.infer<typeof spotSymbol>;

export const depthReply = z.object({
  lastUpdateId: z.number(),
  bids: z.array(z.unknown()),
  asks: z.array(z.unknown()),
});
