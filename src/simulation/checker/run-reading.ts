// What the journal says of a run, in the words that the invariants ask about: orders it meant to
// place, fills and payments it heard, and which trade each belongs to.
import type { RunEvidence } from '../evidence.ts';
import { readJournal } from './journal-reading.ts';
import type { ReadRecord, UnreadableLine } from './journal-reading.ts';
import { at, listAt, numberAt, textAt } from './json.ts';

/** An intent to place an order, as journaled. */
export interface Placement {
  readonly clientOrderId: string;
  /** Chain and trade: `a1/t3`. */
  readonly tradeKey: string;
  readonly legActor: string;
  readonly venueId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly limitPrice: string;
  readonly referencePrice: string;
  readonly reduceOnly: boolean;
  /** Placed by the very step that approved the trade. */
  readonly isEntry: boolean;
  readonly record: ReadRecord;
}

export interface HeardFill {
  readonly fillId: string;
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly price: string;
  readonly feeUsd: string;
  readonly isLiquidation: boolean;
  readonly record: ReadRecord;
}

export interface Run {
  readonly evidence: RunEvidence;
  readonly records: readonly ReadRecord[];
  readonly unreadable: readonly UnreadableLine[];
  readonly placements: readonly Placement[];
  readonly placementOf: ReadonlyMap<string, Placement>;
  /** Every word of a fill, repetitions included. */
  readonly heardFills: readonly HeardFill[];
}

export function readRun(evidence: RunEvidence): Run {
  const { records, unreadable } = readJournal(evidence);
  const placements = records.flatMap(placementsOf);
  return {
    evidence,
    records,
    unreadable,
    placements,
    placementOf: new Map(placements.map((placed) => [placed.clientOrderId, placed])),
    heardFills: records.flatMap(fillsOf),
  };
}

function placementsOf(record: ReadRecord): readonly Placement[] {
  return record.effects
    .filter((effect) => textAt(effect, 'type') === 'order.place')
    .map((effect) => at(effect, 'order'))
    .map((order) => ({
      clientOrderId: textAt(order, 'clientOrderId'),
      tradeKey: `${record.chain}/${textAt(order, 'tradeId')}`,
      legActor: `${record.chain}/${textAt(order, 'tradeId')}.${textAt(order, 'legId')}`,
      venueId: textAt(order, 'venueId'),
      instrumentId: textAt(order, 'instrumentId'),
      side: textAt(order, 'side'),
      qty: textAt(order, 'qty'),
      limitPrice: textAt(order, 'limitPrice'),
      referencePrice: textAt(order, 'referencePrice'),
      reduceOnly: at(order, 'reduceOnly') === true,
      isEntry: record.inputType === 'opportunity.found',
      record,
    }));
}

function fillsOf(record: ReadRecord): readonly HeardFill[] {
  const { input, inputType } = record;
  const isLiquidation = inputType === 'position.liquidated';
  const fills =
    inputType === 'order.filled' || isLiquidation
      ? [at(input, 'fill')]
      : inputType === 'order.answered'
        ? listAt(input, 'evidence', 'fills')
        : [];
  return fills.map((fill) => ({
    fillId: textAt(fill, 'fillId'),
    clientOrderId: textAt(fill, 'clientOrderId'),
    instrumentId: textAt(fill, 'instrumentId'),
    side: textAt(fill, 'side'),
    qty: textAt(fill, 'qty'),
    price: textAt(fill, 'price'),
    feeUsd: textAt(fill, 'feeUsd'),
    isLiquidation,
    record,
  }));
}

/** A payment is the settlement of an instrument at an instant. */
export const paymentKey = (input: unknown): string =>
  `${textAt(input, 'payment', 'instrumentId')} ${numberAt(input, 'payment', 'fundingAtMs')}`;

/** The first word of each fill. */
export function firstHeard(run: Run): ReadonlyMap<string, HeardFill> {
  const first = new Map<string, HeardFill>();
  for (const fill of run.heardFills) if (!first.has(fill.fillId)) first.set(fill.fillId, fill);
  return first;
}

/** Long enough for every word that was under way when a life or the run ended to arrive. */
export const SETTLE_MS = 5_000;

/** Faults are over, and long enough for all that they held up; the engine lives, or ended well. */
export const isQuietEnd = ({ evidence }: Run): boolean =>
  evidence.endedAtMs - evidence.healedAtMs >= 60_000 &&
  evidence.lives.some(({ endedAtMs, cause }) => endedAtMs === null || cause === 'stopped');
