// Bybit v5 REST replies, as far as we read them. Every reply wraps its result the same way.
import { z } from 'zod';

/** https://bybit-exchange.github.io/docs/v5/market/instrument */
export const instrumentsReply = z.object({
  retCode: z.literal(0),
  result: z.object({
    list: z.array(z.unknown()),
    nextPageCursor: z.string().nullish(),
  }),
});

export const linearInstrument = z.object({
  symbol: z.string(),
  contractType: z.string(),
  status: z.string(),
  baseCoin: z.string(),
  quoteCoin: z.string(),
  settleCoin: z.string(),
  priceFilter: z.object({ tickSize: z.string() }),
  lotSizeFilter: z.object({
    minOrderQty: z.string(),
    maxOrderQty: z.string(),
    qtyStep: z.string(),
    minNotionalValue: z.string(),
  }),
  /** Minutes here; the ticker says hours. */
  fundingInterval: z.number(),
});
export type LinearInstrument = z.infer<typeof linearInstrument>;

/** https://bybit-exchange.github.io/docs/v5/market/time: `time` is in milliseconds. */
export const timeReply = z.object({ retCode: z.literal(0), time: z.number() });
