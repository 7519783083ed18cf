// What a venue's REST answers say about the instruments that we want: those that can be used, and
// why others cannot. One broken entry never hides the rest.
import type { Instrument, InstrumentId, Ms } from '../domain/index.ts';
import { WireRefusal } from './wire-value.ts';

export interface FundingInterval {
  readonly instrumentId: InstrumentId;
  readonly fundingIntervalMs: Ms;
}

export interface Listing {
  readonly instruments: readonly Instrument[];
  /** Where the venue tells it apart from its streams. */
  readonly fundingIntervals: readonly FundingInterval[];
  readonly refusals: readonly string[];
}

/** Unified symbols: `BTC/USDT:USDT`. */
export type WantedSymbols = ReadonlySet<string>;

/** Maps each entry; `undefined` skips what nobody asked for, a refusal keeps its cause. */
export function readEach<Entry, Result>(
  entries: readonly Entry[],
  read: (entry: Entry) => Result | undefined,
): { readonly results: readonly Result[]; readonly refusals: readonly string[] } {
  const results: Result[] = [];
  const refusals: string[] = [];
  for (const entry of entries) {
    try {
      const result = read(entry);
      if (result !== undefined) results.push(result);
    } catch (error) {
      if (!(error instanceof WireRefusal || error instanceof RangeError)) throw error;
      refusals.push(error.message);
    }
  }
  return { results, refusals };
}
