// What one record of the journal is in the tables. It looks at nothing but the record, so that the
// projection can go on from any position; what spans records is joined by the database.
import type { Effect, StepRecord, Transition } from '../domain/index.ts';
import { reportRows } from './report-rows.ts';
import type { RowBatch } from './row-batch.ts';
import { toJson } from './table.ts';
import * as tables from './tables.ts';
import { tradeRows } from './trade-rows.ts';

/** What is known of a run besides its records. */
export interface RunIdentity {
  readonly runId: string;
  readonly engineVersion: string;
  /** By the wall clock of the machine. */
  readonly createdAtMs: number;
}

/** `runTag` makes the run's orders known by their ids. */
export function addRows(
  batch: RowBatch,
  record: StepRecord,
  run: RunIdentity & { readonly runTag: string },
): void {
  const { seq, atMs } = record;
  const from = { runId: run.runId, seq, atMs };
  addRun(batch, record, run);
  for (const [ordinal, transition] of record.transitions.entries()) {
    addTransition(batch, transition, { ...from, ordinal });
  }
  for (const [ordinal, effect] of record.effects.entries()) {
    addEffect(batch, effect, { ...from, ordinal });
  }
  tradeRows(batch, record, run.runId);
  reportRows(batch, record, run);
}

export interface Source {
  readonly runId: string;
  readonly seq: number;
  readonly ordinal: number;
  readonly atMs: number;
}

function addRun(
  batch: RowBatch,
  { input, atMs }: StepRecord,
  { runId, engineVersion, createdAtMs }: RunIdentity,
): void {
  if (input.type !== 'run.started') return;
  const { runTag, mode, feed, seed, configHash, strategies, venues, limits } = input;
  batch.insert(tables.runs, {
    ...{ runId, runTag, engineVersion, createdAtMs, startedAtMs: atMs, mode, feed, seed },
    configHash,
    strategies: toJson(strategies),
    venues: toJson(venues),
    limits: toJson(limits),
  });
}

const STREAM = 'stream:';

function addTransition(batch: RowBatch, transition: Transition, source: Source): void {
  const { actor, from, event, to, changed } = transition;
  const states = { fromState: from, event, toState: to };
  batch.insert(tables.transitions, { ...source, actor, ...states, changed: toJson(changed) });
  if (!actor.startsWith(STREAM) || from === to) return;
  const instrumentId = actor.slice(STREAM.length);
  const venueId = instrumentId.split(':')[0] ?? instrumentId;
  batch.insert(tables.streamHealth, { ...source, venueId, instrumentId, ...states });
}

function addEffect(batch: RowBatch, effect: Effect, source: Source): void {
  if (effect.type === 'alert.raise') {
    const { severity, code, key, text } = effect;
    batch.insert(tables.incidents, { ...source, severity, code, incidentKey: key, text });
  }
  if (effect.type === 'order.place') {
    const { seq, atMs } = source;
    const { order } = effect;
    const row = { ...source, ...order, status: 'sent', statusSeq: seq, statusAtMs: atMs };
    batch.insert(tables.orders, row);
  }
}
