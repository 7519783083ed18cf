// Orders and what venues say of them, as JSON that came from outside, in the words of the local
// protocol between engine and exchange. Everything is checked before it gets its brand;
// texts and lists have a bound, so that no peer decides how much memory we use.
import { z } from 'zod';
import type { AccountReport, ClientOrderId, Fill, FundingPayment } from '../domain/index.ts';
import type { InstrumentId, LegId, OrderEvidence, OrderRef } from '../domain/index.ts';
import type { OrderRequest, Price, Qty, Rate, TradeId, Transfer } from '../domain/index.ts';
import type { Usd, VenueReport } from '../domain/index.ts';
import {
  toFillId,
  toMs,
  toRejectCode,
  toTransferId,
  toVenueId,
  toVenueOrderId,
} from '../domain/index.ts';

const TEXT_MAX = 200;
/** Of one order or one account; an order touches at most a book of levels. */
const LIST_MAX = 10_000;

const shortText = z.string().min(1).max(TEXT_MAX);
/** In canonical text already, as our own programs write it; a parser per number would be slow. */
const decimal = z
  .string()
  .max(120)
  .regex(/^(0|-?(?=.*[1-9])(0|[1-9]\d*)(\.\d*[1-9])?)$/);

export const atMs = z.number().transform(toMs);
export const usd = decimal.transform((text) => text as Usd);
const qty = decimal.transform((text) => text as Qty);
const price = decimal.transform((text) => text as Price);
const rate = decimal.transform((text) => text as Rate);
export const venueId = shortText.transform(toVenueId);
const instrumentId = shortText.transform((text) => text as InstrumentId);
const clientOrderId = shortText.transform((text) => text as ClientOrderId);
const venueOrderId = shortText.transform(toVenueOrderId);
const fillId = shortText.transform(toFillId);
const orderEnd = z.enum(['filled', 'cancelled', 'expired']);
const side = z.enum(['buy', 'sell']);

export const orderRequest: z.ZodType<OrderRequest> = z.object({
  clientOrderId,
  tradeId: shortText.transform((text) => text as TradeId),
  legId: shortText.transform((text) => text as LegId),
  venueId,
  instrumentId,
  side,
  qty,
  limitPrice: price,
  referencePrice: price,
  timeInForce: z.enum(['IOC', 'GTC']),
  reduceOnly: z.boolean(),
});

export const orderRef: z.ZodType<OrderRef> = z.object({ clientOrderId, venueId, instrumentId });

const fill: z.ZodType<Fill> = z.object({
  fillId,
  clientOrderId,
  venueId,
  instrumentId,
  side,
  qty,
  price,
  feeUsd: usd,
  liquidity: z.enum(['maker', 'taker']),
  filledAtMs: atMs,
});

const fundingPayment: z.ZodType<FundingPayment> = z.object({
  venueId,
  instrumentId,
  fundingAtMs: atMs,
  fundingRate: rate,
  positionQty: qty,
  markPrice: price,
  amountUsd: usd,
});

const transfer: z.ZodType<Transfer> = z.object({
  venueId,
  transferId: shortText.transform(toTransferId),
  kind: z.enum(['deposit', 'withdrawal', 'insurance']),
  amountUsd: usd,
  madeAtMs: atMs,
});

const accountReport: z.ZodType<AccountReport> = z.object({
  venueId,
  /** Whoever asked knows it better: an exchange that says none is no stranger. */
  askedAtMs: atMs.default(toMs(0)),
  equityUsd: usd,
  marginUsedUsd: usd,
  positions: z
    .array(
      z.object({
        instrumentId,
        qty,
        entryPrice: price,
        markPrice: price,
        liquidationPrice: price.exactOptional(),
      }),
    )
    .max(LIST_MAX),
});

const fills = z.array(fill).max(LIST_MAX);
const evidence: z.ZodType<OrderEvidence> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), fills }),
  z.object({ kind: z.literal('ended'), end: orderEnd, fills }),
  z.object({ kind: z.literal('absent') }),
]);

/** Everything that a venue may say. */
export const venueReport: z.ZodType<VenueReport> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('order.accepted'), clientOrderId, venueOrderId }),
  z.object({
    type: z.literal('order.rejected'),
    clientOrderId,
    code: shortText.transform(toRejectCode),
    message: z.string().max(2_000),
  }),
  z.object({ type: z.literal('order.unknown'), clientOrderId, cause: z.string().max(2_000) }),
  z.object({ type: z.literal('order.filled'), fill }),
  z.object({ type: z.literal('order.ended'), clientOrderId, end: orderEnd, filledQty: qty }),
  z.object({ type: z.literal('order.answered'), clientOrderId, evidence }),
  z.object({ type: z.literal('account.reported'), report: accountReport }),
  z.object({ type: z.literal('account.unavailable'), venueId, cause: z.string().max(2_000) }),
  z.object({ type: z.literal('funding.paid'), payment: fundingPayment }),
  z.object({ type: z.literal('transfer.made'), transfer }),
  z.object({ type: z.literal('position.liquidated'), fill }),
  z.object({ type: z.literal('activity.reported'), venueId }),
]);
