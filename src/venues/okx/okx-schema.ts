// OKX v5 REST replies, as far as we read them. Every reply is a code and a list.
import { z } from 'zod';

/** https://www.okx.com/docs-v5/en/#public-data-rest-api-get-instruments */
export const listReply = z.object({ code: z.literal('0'), data: z.array(z.unknown()) });

export const swapInstrument = z.object({
  instId: z.string(),
  instType: z.literal('SWAP'),
  ctType: z.string(),
  ctVal: z.string(),
  ctMult: z.string(),
  ctValCcy: z.string(),
  settleCcy: z.string(),
  uly: z.string(),
  tickSz: z.string(),
  lotSz: z.string(),
  minSz: z.string(),
  maxLmtSz: z.string(),
  state: z.string(),
});
export type SwapInstrument = z.infer<typeof swapInstrument>;

export const timeReply = z.object({
  code: z.literal('0'),
  data: z.tuple([z.object({ ts: z.string() })]),
});
