// The entries of an account as JSON: written by an exchange, read by the next one at its start. The
// shape is checked because files may be copied, edited and left by other versions.
import { z } from 'zod';
import {
  atMs,
  clientOrderId,
  fill,
  fillId,
  fundingPayment,
  instrumentId,
  orderEnd,
  orderRequest,
  qty,
  usd,
  venueOrderId,
} from '../ports/order-schema.ts';
import { toRate } from '../domain/index.ts';
import type { AccountChange, AccountEntry, AccountState } from './account-change.ts';
import type { Activity } from './activity-memory.ts';
import type { Fault } from './fault-plan.ts';
import type { VenueOrder } from './order-memory.ts';
import type { LedgerEntry } from './venue-ledger.ts';

const delayed = { delayMs: atMs };
const fault: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partial'), fillShare: z.string().transform(toRate) }),
  z.object({ kind: z.literal('reject'), forMs: atMs }),
  z.object({ kind: z.literal('order-lost') }),
  z.object({ kind: z.literal('ack-lost') }),
  z.object({ kind: z.literal('answer-late'), ...delayed }),
  z.object({ kind: z.literal('fill-duplicated') }),
  z.object({ kind: z.literal('fill-late'), ...delayed }),
  z.object({ kind: z.literal('report-reordered') }),
]);
const faults = z.array(fault);

const expected = z.object({ instrumentId, fundingAtMs: atMs, fundingRate: z.number() });

const change: z.ZodType<AccountChange> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('account.opened'), atMs, depositUsd: usd }),
  z.object({
    type: z.literal('order.accepted'),
    atMs,
    request: orderRequest,
    venueOrderId,
    faults,
  }),
  z.object({ type: z.enum(['order.filled', 'position.liquidated']), fill }),
  z.object({ type: z.literal('order.ended'), atMs, clientOrderId, end: orderEnd }),
  z.object({ type: z.literal('funding.paid'), atMs, payment: fundingPayment }),
  z.object({ type: z.literal('insurance.paid'), atMs, amountUsd: usd }),
  z.object({ type: z.literal('settlement.expected'), expected }),
]);

const ledgerEntry: z.ZodType<LedgerEntry> = z.object({
  ordinal: z.number(),
  atMs,
  kind: z.enum(['deposit', 'realised', 'fee', 'funding', 'insurance']),
  amountUsd: usd,
  balanceUsd: usd,
  instrumentId: instrumentId.exactOptional(),
  fillId: fillId.exactOptional(),
  fundingAtMs: atMs.exactOptional(),
});

const order: z.ZodType<VenueOrder> = z.object({
  request: orderRequest,
  venueOrderId,
  acceptedAtMs: atMs,
  faults,
  fills: z.array(fill),
});

const activity: z.ZodType<Activity> = z.object({
  atMs,
  report: z.discriminatedUnion('type', [
    z.object({ type: z.literal('order.filled'), fill }),
    z.object({ type: z.literal('funding.paid'), payment: fundingPayment }),
    z.object({ type: z.literal('position.liquidated'), fill }),
  ]),
});

const state: z.ZodType<AccountState> = z.object({
  openedAtMs: atMs,
  lastAtMs: atMs,
  orderCount: z.number(),
  fillCount: z.number(),
  closeCount: z.number(),
  balanceUsd: usd,
  entryCount: z.number(),
  entries: z.array(ledgerEntry),
  positions: z.array(z.object({ instrumentId, qty, costUsd: usd })),
  open: z.array(order),
  closed: z.array(z.object({ order, end: orderEnd, closedAtMs: atMs })),
  activity: z.array(activity),
  expected: z.array(expected),
});

const entry = z.union([z.object({ changes: z.array(change) }), z.object({ state })]);

/** The entry, or the first thing about it that is not as it should be. */
export function parseAccountEntry(json: string): AccountEntry | string {
  const parsed = entry.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${(issue?.path ?? []).join('.')} ${issue?.message ?? 'is not an entry'}`.trim();
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
