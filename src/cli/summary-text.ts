// The summary of a run for people: what it did, what it earned and from what, and how to check it.
import { signed } from '../operator/step-lines.ts';
import type { RunResult } from './run-result.ts';

/** Every figure here is to be nothing at all; one that is not is shown in full. */
function ledgerText({ ledger: { postings, isBalanced, unexplainedUsd } }: RunResult): string {
  const sum = isBalanced ? 'sums to zero' : 'DOES NOT SUM TO ZERO';
  return `${postings} postings, ${sum}, ${unexplainedUsd} USD that no posting explains`;
}

export function summaryText(result: RunResult): string {
  const { trades, profit } = result;
  const exposed = trades.exposed > 0 ? `, ${trades.exposed} EXPOSED` : '';
  const rows: readonly (readonly [string, string])[] = [
    ['ended', result.exitReason],
    [
      'trades',
      `${trades.closed} closed, ${trades.panicked} panicked, ${trades.missed} missed, ` +
        `${trades.open} still open${exposed}`,
    ],
    ['profit', `${signed(profit.totalUsd, 2)} USD`],
    ['  funding', `${signed(profit.fundingUsd, 2)}   ${result.fundingPayments} payments`],
    ['  fees', signed(profit.feesUsd, 2)],
    ['  slippage', signed(profit.slippageUsd, 2)],
    ['  basis', signed(profit.basisUsd, 2)],
    ['  rounding', signed(profit.roundingUsd, 2)],
    ['  insurance', signed(profit.insuranceUsd, 2)],
    ['  unexplained', signed(profit.unexplainedUsd, 2)],
    ['ledger', ledgerText(result)],
    ['longest alone', `${result.maxOrphanMs} ms until covered or in PANIC`],
    ['inputs', `${result.inputs} journaled, ${result.transitions} transitions`],
    ['head hash', result.headHash.slice(0, 16)],
    ['journal', result.runDir],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`);
  return [
    '',
    `PAPER RUN  ${result.feed}  seed ${result.seed}`,
    ...lines,
    '',
    `  replay it:  node main replay ${result.runDir}`,
    `  look at it: node main trades ${result.runDir}`,
  ].join('\n');
}
