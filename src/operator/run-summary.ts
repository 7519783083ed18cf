// The figures of a run in one object: what `--json` prints last and the terminal shows as a table.
import type { StepRecord, Usd } from '../domain/index.ts';
import { GENESIS_HASH, plus, total } from '../domain/index.ts';
import type { RunHistory } from './run-history.ts';
import type { ProfitSplit } from './trade-history.ts';
import { hasPanicked, isFlat, isSettled, profitOf, wasOpen } from './trade-history.ts';

/** The parts of all trades, and what is of the accounts and of no trade. */
export interface RunProfit extends ProfitSplit {
  /** Paid by venues' insurance funds. */
  readonly insuranceUsd: Usd;
}

export interface RunSummary {
  readonly mode: string;
  readonly feed: string;
  readonly seed: number;
  readonly trades: {
    /** Approved by the scanner. */
    readonly started: number;
    /** Opened, left in good order, flat. */
    readonly closed: number;
    /** Went through PANIC; flat again unless `exposed` counts them. */
    readonly panicked: number;
    /** Started and ended without a fill. */
    readonly missed: number;
    readonly open: number;
    /** Ended or not, these still hold something uncovered by a live trade. */
    readonly exposed: number;
  };
  readonly fundingPayments: number;
  readonly profit: RunProfit;
  readonly ledger: {
    readonly postings: number;
    /** All accounts sum to zero in each asset. */
    readonly isBalanced: boolean;
    /** What venues report beyond the ledger, in all. */
    readonly unexplainedUsd: Usd;
  };
  /** Longest time from a fill until its trade was covered or in PANIC. */
  readonly maxOrphanMs: number;
  /** Longest time from a fill until covered or flat, PANIC included. */
  readonly maxUnhedgedMs: number;
  readonly alerts: number;
  readonly transitions: number;
  readonly inputs: number;
  readonly headHash: string;
}

export function summarise(history: RunHistory): RunSummary {
  const { trades, counts, run, worst, ledger, strayUsd, insuranceUsd } = history;
  const settled = trades.filter(isSettled);
  const panicked = trades.filter(hasPanicked);
  const profits = trades.map(profitOf);
  const sum = (part: keyof ProfitSplit): Usd => total(profits.map((profit) => profit[part]));
  const head: StepRecord | undefined = history.head;
  return {
    mode: run?.mode ?? 'paper',
    feed: run?.feed ?? 'sandbox',
    seed: run?.seed ?? 0,
    trades: {
      started: trades.length,
      closed: settled.filter((trade) => wasOpen(trade) && !hasPanicked(trade)).length,
      panicked: panicked.length,
      missed: settled.filter((trade) => !wasOpen(trade) && !hasPanicked(trade)).length,
      open: trades.length - settled.length,
      exposed: settled.filter((trade) => !isFlat(trade)).length,
    },
    fundingPayments: counts.fundingPayments,
    profit: {
      fundingUsd: sum('fundingUsd'),
      basisUsd: sum('basisUsd'),
      slippageUsd: sum('slippageUsd'),
      feesUsd: sum('feesUsd'),
      insuranceUsd,
      roundingUsd: sum('roundingUsd'),
      unexplainedUsd: plus(sum('unexplainedUsd'), strayUsd),
      totalUsd: total([sum('totalUsd'), insuranceUsd, strayUsd]),
    },
    ledger: {
      postings: ledger.postings,
      isBalanced: ledger.isBalanced,
      unexplainedUsd: ledger.unexplainedUsd,
    },
    maxOrphanMs: worst.orphanMs,
    maxUnhedgedMs: worst.unhedgedMs,
    alerts: history.alerts.length,
    transitions: counts.transitions,
    inputs: counts.inputs,
    headHash: head?.hash ?? GENESIS_HASH,
  };
}
