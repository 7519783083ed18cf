// Opportunities, and the trades and legs that came of them, with the state that each was left in.
import type { Opportunity, Refusal, StepRecord, TradePlan } from '../domain/index.ts';
import { isPlan } from '../domain/index.ts';
import type { RowBatch } from './row-batch.ts';
import { toJson } from './table.ts';
import * as tables from './tables.ts';

export function tradeRows(batch: RowBatch, record: StepRecord, runId: string): void {
  const { input } = record;
  if (input.type === 'candidate.refused') {
    const { strategy, key, refusal } = input;
    batch.insert(tables.opportunities, {
      ...{ runId, seq: record.seq, ordinal: 0, atMs: record.atMs, strategy, pair: key },
      ...{ isTaken: false, tradeId: null, ...verdict(refusal) },
      ...{ notionalUsd: null, netEdgeBps: null, evidence: null },
    });
  }
  if (input.type === 'opportunity.found') {
    const start = record.transitions.find(({ event }) => event === 'trade.start');
    addOpportunity(batch, record, { runId, ...input, tradeId: start?.actor ?? null });
    if (start !== undefined) addTrade(batch, record, { runId, ...input, tradeId: start.actor });
  }
  if (input.type === 'order.filled') addAdopted(batch, record, runId);
  addStates(batch, record, runId);
}

interface Found {
  readonly runId: string;
  readonly opportunity: Opportunity;
  readonly plan: TradePlan;
}

function addOpportunity(
  batch: RowBatch,
  { seq, atMs, transitions }: StepRecord,
  { runId, opportunity, tradeId }: Found & { readonly tradeId: string | null },
): void {
  const { strategy, key, notionalUsd, edge, legs } = opportunity;
  const isTaken = tradeId !== null;
  const refusal = isTaken ? undefined : (refusalIn(transitions) ?? UNHEARD);
  batch.insert(tables.opportunities, {
    ...{ runId, seq, ordinal: 0, atMs, strategy, pair: key, isTaken, tradeId },
    ...verdict(refusal),
    ...{ notionalUsd, netEdgeBps: edge.netEdgeBps, evidence: toJson({ edge, legs }) },
  });
}

/** Nobody decided about it: there is no scanner after the engine has stopped. */
const UNHEARD: Refusal = { gate: 'engine-state', found: '', limit: '', unit: 'state' };

const verdict = (refusal: Refusal | undefined) => ({
  gate: refusal?.gate ?? null,
  foundValue: refusal?.found ?? null,
  limitValue: refusal?.limit ?? null,
  unit: refusal?.unit ?? null,
});

function refusalIn(transitions: StepRecord['transitions']): Refusal | undefined {
  const found = transitions.map(({ changed }) => changed['lastRefusal']).find(isRefusal);
  return found;
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'gate' in value && 'limit' in value;

function addTrade(
  batch: RowBatch,
  { seq, atMs }: StepRecord,
  { runId, plan, tradeId }: Omit<Found, 'opportunity'> & { readonly tradeId: string },
): void {
  const { strategy, key, base, notionalUsd, netEdgeBps } = plan;
  const source = { runId, seq, atMs };
  const state = { stateSeq: seq, stateAtMs: atMs };
  batch.insert(tables.trades, {
    ...{ ...source, ordinal: 0, tradeId, strategy, pair: key, base, notionalUsd, netEdgeBps },
    ...{ plan: toJson(plan), state: 'IDLE', ...state },
  });
  for (const [ordinal, leg] of plan.legs.entries()) {
    batch.insert(tables.legs, { ...source, ordinal, tradeId, ...leg, state: 'idle', ...state });
  }
}

/** A trade that was born for a fill which no trade claimed. */
function addAdopted(batch: RowBatch, record: StepRecord, runId: string): void {
  const adopting = record.transitions.find(({ event }) => event === 'trade.adopt');
  const plan = adopting?.changed['plan'];
  if (adopting === undefined || !isPlan(plan)) return;
  addTrade(batch, record, { runId, plan, tradeId: adopting.actor });
}

const TRADE = /^t\d+$/;
const LEG = /^(t\d+)\.([a-z])$/;

function addStates(batch: RowBatch, { seq, atMs, transitions }: StepRecord, runId: string): void {
  for (const { actor, from, to, changed } of transitions) {
    const state = { state: to, stateSeq: seq, stateAtMs: atMs };
    const [, tradeId, legId] = LEG.exec(actor) ?? [];
    const { cause } = changed;
    if (TRADE.test(actor) && (from !== to || typeof cause === 'string')) {
      const why = typeof cause === 'string' && cause !== '' ? { cause } : {};
      batch.update(tables.tradeStates, { runId, tradeId: actor, ...state, ...why });
    } else if (tradeId !== undefined && legId !== undefined && from !== to) {
      batch.update(tables.legStates, { runId, tradeId, legId, ...state });
    }
  }
}
