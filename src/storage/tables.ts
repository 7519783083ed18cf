// The tables of the projection as the code writes them; what holds within them stands in the
// migrations.
import { table, update } from './table.ts';

/** Where a row comes from: the record, and which of its parts. */
const source = { runId: 'text', seq: 'bigint', ordinal: 'integer', atMs: 'bigint' } as const;
const place = { venueId: 'text', instrumentId: 'text' } as const;
const state = { state: 'text', stateSeq: 'bigint', stateAtMs: 'bigint' } as const;
const status = { status: 'text', statusSeq: 'bigint', statusAtMs: 'bigint' } as const;

export const runs = table('runs', {
  runId: 'text',
  runTag: 'text',
  engineVersion: 'text',
  createdAtMs: 'bigint',
  startedAtMs: 'bigint',
  mode: 'text',
  feed: 'text',
  seed: 'bigint',
  configHash: 'text',
  strategies: 'jsonb',
  venues: 'jsonb',
  limits: 'jsonb',
});

export const transitions = table('transitions', {
  ...source,
  actor: 'text',
  fromState: 'text',
  event: 'text',
  toState: 'text',
  changed: 'jsonb',
});

export const opportunities = table('opportunities', {
  ...source,
  strategy: 'text',
  pair: 'text',
  isTaken: 'boolean',
  tradeId: 'text',
  gate: 'text',
  foundValue: 'text',
  limitValue: 'text',
  unit: 'text',
  notionalUsd: 'numeric',
  netEdgeBps: 'numeric',
  evidence: 'jsonb',
});

export const trades = table('trades', {
  ...source,
  tradeId: 'text',
  strategy: 'text',
  pair: 'text',
  base: 'text',
  notionalUsd: 'numeric',
  netEdgeBps: 'numeric',
  plan: 'jsonb',
  ...state,
});
export const tradeStates = update('trades', ['runId', 'tradeId'], {
  runId: 'text',
  tradeId: 'text',
  ...state,
  cause: 'text',
});

export const legs = table('legs', {
  ...source,
  tradeId: 'text',
  legId: 'text',
  ...place,
  side: 'text',
  qty: 'numeric',
  referencePrice: 'numeric',
  limitPrice: 'numeric',
  ...state,
});
export const legStates = update('legs', ['runId', 'tradeId', 'legId'], {
  runId: 'text',
  tradeId: 'text',
  legId: 'text',
  ...state,
});

export const orders = table('orders', {
  ...source,
  clientOrderId: 'text',
  tradeId: 'text',
  legId: 'text',
  ...place,
  side: 'text',
  qty: 'numeric',
  limitPrice: 'numeric',
  referencePrice: 'numeric',
  timeInForce: 'text',
  reduceOnly: 'boolean',
  ...status,
});
export const orderStates = update('orders', ['runId', 'clientOrderId'], {
  runId: 'text',
  clientOrderId: 'text',
  venueOrderId: 'text',
  ...status,
  rejectCode: 'text',
  filledQty: 'numeric',
});

export const fills = table('fills', {
  ...source,
  fillId: 'text',
  clientOrderId: 'text',
  tradeId: 'text',
  legId: 'text',
  ...place,
  side: 'text',
  qty: 'numeric',
  price: 'numeric',
  feeUsd: 'numeric',
  liquidity: 'text',
  isLiquidation: 'boolean',
  filledAtMs: 'bigint',
});

export const fundingPayments = table('funding_payments', {
  ...source,
  tradeId: 'text',
  ...place,
  fundingAtMs: 'bigint',
  fundingRate: 'numeric',
  positionQty: 'numeric',
  markPrice: 'numeric',
  amountUsd: 'numeric',
});

export const portfolioSnapshots = table('portfolio_snapshots', {
  ...source,
  venueId: 'text',
  equityUsd: 'numeric',
  marginUsedUsd: 'numeric',
});

export const positions = table('positions', {
  ...source,
  ...place,
  qty: 'numeric',
  entryPrice: 'numeric',
  markPrice: 'numeric',
  liquidationPrice: 'numeric',
});

export const streamHealth = table('stream_health', {
  ...source,
  ...place,
  fromState: 'text',
  event: 'text',
  toState: 'text',
});

export const incidents = table('incidents', {
  ...source,
  severity: 'text',
  code: 'text',
  incidentKey: 'text',
  text: 'text',
});

export const operatorActions = table('operator_actions', {
  ...source,
  action: 'text',
  reason: 'text',
});

export const ledgerEntries = table('ledger_entries', {
  ...source,
  posting: 'text',
  line: 'integer',
  kind: 'text',
  tradeId: 'text',
  venueId: 'text',
  account: 'text',
  asset: 'text',
  amount: 'numeric',
});
