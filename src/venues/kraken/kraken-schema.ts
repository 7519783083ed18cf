// Kraken spot REST replies, as far as we read them: the digits that each pair is hashed with.
import { z } from 'zod';

/** https://docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs */
export const assetPairsReply = z.object({
  error: z.array(z.string()).max(0),
  result: z.record(z.string(), z.unknown()),
});

export const assetPair = z.object({
  wsname: z.string(),
  pair_decimals: z.number().int().min(0).max(20),
  lot_decimals: z.number().int().min(0).max(20),
});
