// Binance USDⓈ-M REST replies, as far as we read them. Fields that we do not use may change freely.
import { z } from 'zod';

const filter = z.object({
  filterType: z.string(),
  tickSize: z.string().optional(),
  stepSize: z.string().optional(),
  minQty: z.string().optional(),
  maxQty: z.string().optional(),
  notional: z.string().optional(),
});

/** https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api */
export const exchangeInfoReply = z.object({ symbols: z.array(z.unknown()) });

export const exchangeSymbol = z.object({
  symbol: z.string(),
  contractType: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  marginAsset: z.string(),
  filters: z.array(filter),
});
export type ExchangeSymbol = z.infer<typeof exchangeSymbol>;

/** Lists only symbols whose interval, cap or floor was adjusted. */
export const fundingInfoReply = z.array(
  z.object({ symbol: z.string(), fundingIntervalHours: z.number() }),
);

export const timeReply = z.object({ serverTime: z.number() });

export const depthReply = z.object({
  lastUpdateId: z.number(),
  /** Message output time; spot has none. */
  E: z.number(),
  bids: z.array(z.unknown()),
  asks: z.array(z.unknown()),
});
