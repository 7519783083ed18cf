// A small run written by hand, as evidence: one hedged trade opened, paid funding and closed at two
// venues, with a stranger's order beside it. Tests change a word of it and ask the checker.
import { createHash } from 'node:crypto';

import type {
  RunEvidence,
  SentMessage,
  VenueEvidence,
  VenueOrderEvidence,
} from '../../src/simulation/evidence.ts';
import { pay, trade } from './written-trade.ts';

export type Json = Record<string, unknown>;

export interface WrittenStep {
  atMs: number;
  life: number;
  durableAtMs: number | null;
  input: Json;
  transitions: Json[];
  effects: Json[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Open<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Writable<Item>[] : T[Key];
};
export type WrittenVenue = Open<VenueEvidence>;

/** Everything may be changed until it becomes evidence. */
export interface WrittenRun {
  steps: WrittenStep[];
  venues: { a: WrittenVenue; b: WrittenVenue };
  sent: Writable<SentMessage>[];
  rest: Open<Omit<RunEvidence, 'journal' | 'venues' | 'sent'>>;
}

const LIMITS: RunEvidence['limits'] = {
  openTradesMax: 1,
  tradeNotionalUsdMax: '1000',
  leverage: '2',
  marginUsageMax: '0.5',
  orphanMsMax: 500,
  orphanUsdMin: '5',
  staleAfterMs: 500,
  propagationMs: 2000,
  watchEveryMs: 50,
};

export const order = (venue: 'a' | 'b', attempt: 1 | 2): string =>
  `run0000000${venue === 'a' ? '0' : '1'}0000${attempt}`;
export const instrument = (venue: 'a' | 'b'): string => `${venue}:BTC/USDT:USDT`;

export const step = (
  atMs: number,
  input: Json,
  transitions: Json[] = [],
  effects: Json[] = [],
): WrittenStep => ({ atMs, life: 1, durableAtMs: atMs + 1, input, transitions, effects });

export const moved = (actor: string, from: string, to: string, changed: Json = {}): Json => ({
  actor,
  from,
  event: 'e',
  to,
  changed,
});

/** Opening at 1,000, closing at 40,000; faults end at 50,000 and the run at 120,000. */
export function writtenRun(): WrittenRun {
  const venues = { a: emptyVenue('a'), b: emptyVenue('b') };
  const run: WrittenRun = {
    steps: [
      step(0, { type: 'run.started' }, [
        moved('engine', 'booting', 'running'),
        moved('stream:a', '-', 'healthy'),
      ]),
      ...(['a', 'b'] as const).map((venueId) =>
        step(10, { type: 'account.reported', report: { venueId, equityUsd: '5000' } }),
      ),
    ],
    venues,
    sent: [],
    rest: {
      ...{ seed: 1, startedAtMs: 0, healedAtMs: 50_000, endedAtMs: 120_000, limits: LIMITS },
      lives: [{ life: 1, engineId: 'a', startedAtMs: 0, endedAtMs: null, cause: '' }],
      replay: null,
      instruments: (['a', 'b'] as const).map((venueId) => ({
        ...{ instrumentId: instrument(venueId), venueId, base: 'BTC' },
        ...{ takerFeeRate: '0.0005', makerFeeRate: '0.0002' },
      })),
      ...{ faults: [], badData: [], commands: [], leases: [], queues: [] },
    },
  };
  trade(run, { atMs: 1_000, attempt: 1 });
  pay(run);
  trade(run, { atMs: 40_000, attempt: 2 });
  return run;
}

export const evidenceOf = ({ steps, venues, sent, rest }: WrittenRun): RunEvidence => {
  let hash = '0'.repeat(64);
  let seq = 0;
  const journal = steps.map(({ atMs, life, durableAtMs, input, transitions, effects }) => {
    seq += 1;
    const body = JSON.stringify([seq, atMs, input, transitions, effects]);
    hash = createHash('sha256').update(`${hash}\n${body}`).digest('hex');
    const text = JSON.stringify({ seq, atMs, input, transitions, effects, hash });
    return { life, text, appendedAtMs: atMs, durableAtMs };
  });
  return { ...rest, journal, venues: [venues.a, venues.b], sent };
};

function emptyVenue(venueId: 'a' | 'b'): WrittenVenue {
  const foreign: VenueOrderEvidence = {
    ...{ clientOrderId: `hand-${venueId}`, venueOrderId: 'o0', instrumentId: instrument(venueId) },
    ...{ side: 'buy', qty: '1', limitPrice: '10', reduceOnly: false, isForeign: true },
    ...{ acceptedAtMs: 0, fate: 'open', endedAtMs: null, filledQty: '0' },
  };
  const deposit = { ordinal: 1, atMs: 0, kind: 'deposit', amountUsd: '5000' } as const;
  return {
    ...{ venueId, requests: [], orders: [foreign], executions: [], fundings: [], positions: [] },
    transfers: [],
    ledger: [{ ...deposit, balanceUsd: '5000', instrumentId: '', fillId: '' }],
    ...{ balanceUsd: '5000', impaired: [] },
  };
}
