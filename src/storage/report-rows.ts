// What venues and people say, as rows: the word on orders, fills, funding, accounts, and what the
// operator did. A fill and its lines of the ledger carry the trade that they belong to.
import type { AccountReport, Fill, Input, OrderReport, StepRecord } from '../domain/index.ts';
import { fillLines, fundingLines, openingLines, orderOrigin } from '../domain/index.ts';
import { transferLines, ZERO_USD } from '../domain/index.ts';
import type { LedgerLine, Usd, VenueId } from '../domain/index.ts';
import type { RowBatch } from './row-batch.ts';
import * as tables from './tables.ts';

interface Origin {
  readonly runId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly runTag: string;
  /** Of the trade that heard the input. */
  readonly tradeId: string | null;
}

export interface Reported {
  readonly runId: string;
  readonly runTag: string;
  /** What the wallet at a venue has by then; the database knows for itself. */
  readonly bookedUsd?: (venueId: VenueId) => Usd;
}

export function reportRows(
  batch: RowBatch,
  { seq, atMs, input, transitions }: StepRecord,
  { runId, runTag, bookedUsd = () => ZERO_USD }: Reported,
): void {
  const heard = transitions.find(
    ({ actor, event }) => event === input.type && /^t\d+$/.test(actor),
  );
  const origin: Origin = { runId, seq, atMs, runTag, tradeId: heard?.actor ?? null };
  switch (input.type) {
    case 'order.accepted':
    case 'order.rejected':
    case 'order.unknown':
    case 'order.ended':
    case 'order.answered':
      addOrderWord(batch, input, origin);
      break;
    case 'account.reported':
      addAccount(batch, input.report, origin);
      addLines(batch, openingLines(input.report, bookedUsd(input.report.venueId)), {
        ...origin,
        tradeId: null,
      });
      break;
    case 'transfer.made':
      addLines(batch, transferLines(input.transfer), origin);
      break;
    case 'funding.paid': {
      const { tradeId } = origin;
      const row = { runId, seq, ordinal: 0, atMs, tradeId, ...input.payment };
      batch.insert(tables.fundingPayments, row);
      addLines(batch, fundingLines(input.payment), origin);
      break;
    }
    case 'operator.halt':
    case 'operator.resume':
    case 'operator.kill':
    case 'operator.stop':
    case 'operator.leave': {
      const reason = 'reason' in input ? input.reason : null;
      const action = input.type;
      batch.insert(tables.operatorActions, { runId, seq, ordinal: 0, atMs, action, reason });
      break;
    }
    default:
      break;
  }
  addFills(batch, fillsIn(input), {
    ...origin,
    isLiquidation: input.type === 'position.liquidated',
  });
}

function addOrderWord(
  batch: RowBatch,
  report: Exclude<OrderReport, { type: 'order.filled' }>,
  { runId, seq, atMs }: Origin,
): void {
  const { clientOrderId } = report;
  const tell = (status: string, more: { filledQty?: string; rejectCode?: string } = {}): void => {
    const row = { runId, clientOrderId, status, statusSeq: seq, statusAtMs: atMs, ...more };
    batch.update(tables.orderStates, row);
  };
  switch (report.type) {
    case 'order.accepted': {
      const { venueOrderId } = report;
      batch.update(tables.orderStates, { runId, clientOrderId, venueOrderId });
      return;
    }
    case 'order.rejected':
      tell('rejected', { rejectCode: report.code });
      return;
    case 'order.unknown':
      tell('unknown');
      return;
    case 'order.ended':
      tell(report.end, { filledQty: report.filledQty });
      return;
    case 'order.answered':
      if (report.evidence.kind === 'ended') tell(report.evidence.end);
      return;
  }
}

export function fillsIn(input: Input): readonly Fill[] {
  if (input.type === 'order.filled' || input.type === 'position.liquidated') return [input.fill];
  if (input.type !== 'order.answered' || input.evidence.kind === 'absent') return [];
  return input.evidence.fills;
}

function addFills(
  batch: RowBatch,
  fills: readonly Fill[],
  origin: Origin & { readonly isLiquidation: boolean },
): void {
  const { runId, seq, atMs, runTag, isLiquidation } = origin;
  for (const [ordinal, fill] of fills.entries()) {
    const order = orderOrigin(fill.clientOrderId, runTag);
    const tradeId = order?.tradeId ?? origin.tradeId;
    const legId = order?.legId ?? null;
    const source = { runId, seq, ordinal, atMs };
    batch.insert(tables.fills, { ...source, tradeId, legId, ...fill, isLiquidation });
    addLines(batch, fillLines(fill), { ...origin, tradeId }, ordinal * LINES_MAX);
  }
}

/** Of one fill. */
const LINES_MAX = 6;

function addLines(
  batch: RowBatch,
  lines: readonly LedgerLine[],
  { runId, seq, atMs, tradeId }: Origin,
  firstOrdinal = 0,
): void {
  for (const [index, line] of lines.entries()) {
    const source = { runId, seq, ordinal: firstOrdinal + index, atMs };
    batch.insert(tables.ledgerEntries, { ...source, tradeId, ...line });
  }
}

function addAccount(batch: RowBatch, report: AccountReport, { runId, seq, atMs }: Origin): void {
  const { venueId, equityUsd, marginUsedUsd, positions } = report;
  const snapshot = { runId, seq, ordinal: 0, atMs, venueId, equityUsd, marginUsedUsd };
  batch.insert(tables.portfolioSnapshots, snapshot);
  for (const [ordinal, position] of positions.entries()) {
    const liquidationPrice = position.liquidationPrice ?? null;
    const row = { runId, seq, ordinal, atMs, venueId, ...position, liquidationPrice };
    batch.insert(tables.positions, row);
  }
}
