// `node main ledger [run]`: what the accounts of a run hold, whether everything sums to zero, what
// venues report beyond it, and where the profit comes from. Exits with a code of its own when money
// is there or gone that nothing explains.
import { isZero } from '../../domain/index.ts';
import { readJournal } from '../../journal/index.ts';
import type { AccountCheck, LedgerBalance } from '../../operator/run-ledger.ts';
import { RunHistory } from '../../operator/run-history.ts';
import type { RunSummary } from '../../operator/run-summary.ts';
import { summarise } from '../../operator/run-summary.ts';
import { textTable } from '../../operator/text-table.ts';
import type { TextColumn } from '../../operator/text-table.ts';
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
    const tables = [balanceLines(balances, sums), checkLines(checks), profitLines(profit)];
    const lines = [head, ...tables.flatMap((table) => ['', ...table])];
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  const isExplained = isZero(figures.unexplainedUsd) && isZero(profit.unexplainedUsd);
  return figures.isBalanced && isExplained ? 'success' : 'unexplained';
}

const balanceLines = (
  balances: readonly LedgerBalance[],
  sums: Readonly<Record<string, string>>,
): readonly string[] =>
  textTable(
    [{ title: 'venue' }, { title: 'account' }, { title: 'asset' }, amounts('balance')],
    [
      ...balances.map(({ venueId, account, asset, amount }) => [venueId, account, asset, amount]),
      ...Object.entries(sums).map(([asset, amount]) => ['all', 'sum', asset, amount]),
    ],
  );

const checkLines = (checks: readonly AccountCheck[]): readonly string[] =>
  textTable(
    [
      ...[{ title: 'venue' }, { title: 'last report' }, { title: 'state' }],
      ...['equity USD', 'ledger USD', 'unexplained USD'].map(amounts),
    ],
    checks.map(({ venueId, atMs, isQuiet, equityUsd, ledgerUsd, unexplainedUsd }) => [
      ...[venueId, new Date(atMs).toISOString().slice(11, 23), isQuiet ? 'quiet' : 'moving'],
      ...[equityUsd, ledgerUsd, unexplainedUsd],
    ]),
  );

const profitLines = (profit: RunSummary['profit']): readonly string[] =>
  textTable(
    [{ title: 'part' }, amounts('USD')],
    [
      ['funding', profit.fundingUsd],
      ['basis', profit.basisUsd],
      ['slippage', profit.slippageUsd],
      ['fees', profit.feesUsd],
      ['rounding', profit.roundingUsd],
      ['insurance', profit.insuranceUsd],
      ['unexplained', profit.unexplainedUsd],
      ['profit', profit.totalUsd],
    ],
  );

const amounts = (title: string): TextColumn => ({ title, align: 'right' });
