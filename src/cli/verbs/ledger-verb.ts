// `node main ledger [run]`: what the accounts of a run hold, whether everything sums to zero, what
// venues report beyond it, and where the profit comes from. Exits with a code of its own when money
// is there or gone that nothing explains.
import { isZero } from '../../domain/index.ts';
import { readJournal } from '../../journal/index.ts';
import type { AccountCheck, LedgerBalance } from '../../operator/run-ledger.ts';
import { RunHistory } from '../../operator/run-history.ts';
import type { RunSummary } from '../../operator/run-summary.ts';
import { summarise } from '../../operator/run-summary.ts';
import type { ExitName } from '../exit-code.ts';
import { noRecords } from '../journal-state.ts';
import type { ReadFlags } from '../read-flags.ts';
import { runToRead } from '../read-flags.ts';

export function showLedger(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = runToRead(flags, wanted);
  const history = new RunHistory();
  for (const { record } of readJournal(run)) history.add(record);
  const { inputs: records, ledger: figures, profit } = summarise(history);
  if (records === 0) throw noRecords(run);
  const { balances, sums, checks } = history.ledger;
  if (flags.json === true) {
    const accounts = checks;
    const report = { runDir: run.path, records, ...figures, sums, balances, accounts, profit };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } else {
    const head = `${run.runId}: ${figures.postings} postings out of ${records} records`;
    process.stdout.write(
      [head, ...balanceLines(balances), ...sumLines(sums), ...checkLines(checks)]
        .concat(profitLines(profit))
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  const isExplained = isZero(figures.unexplainedUsd) && isZero(profit.unexplainedUsd);
  return figures.isBalanced && isExplained ? 'success' : 'unexplained';
}

const balanceLines = (balances: readonly LedgerBalance[]): readonly string[] => [
  '',
  row(['venue', 'account', 'asset'], 'balance'),
  ...balances.map(({ venueId, account, asset, amount }) => row([venueId, account, asset], amount)),
];

const sumLines = (sums: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(sums).map(([asset, amount]) => row(['all', 'sum', asset], amount));

function checkLines(checks: readonly AccountCheck[]): readonly string[] {
  return [
    '',
    row(['venue', 'last report', ''], 'equity USD', 'ledger USD', 'unexplained USD'),
    ...checks.map(({ venueId, atMs, isQuiet, equityUsd, ledgerUsd, unexplainedUsd }) =>
      row(
        [venueId, new Date(atMs).toISOString().slice(11, 23), isQuiet ? '' : 'moving'],
        ...[equityUsd, ledgerUsd, unexplainedUsd],
      ),
    ),
  ];
}

function profitLines(profit: RunSummary['profit']): readonly string[] {
  const parts = [
    ['funding', profit.fundingUsd],
    ['basis', profit.basisUsd],
    ['slippage', profit.slippageUsd],
    ['fees', profit.feesUsd],
    ['rounding', profit.roundingUsd],
    ['insurance', profit.insuranceUsd],
    ['unexplained', profit.unexplainedUsd],
    ['profit', profit.totalUsd],
  ] as const;
  return ['', ...parts.map(([name, amount]) => row([name, '', 'USD'], amount))];
}

const WIDTHS = [13, 13, 7];
const row = (words: readonly string[], ...amounts: readonly string[]): string =>
  [
    ...words.map((word, index) => word.padEnd(WIDTHS[index] ?? 0)),
    ...amounts.map((amount) => amount.padStart(20)),
  ].join('');
