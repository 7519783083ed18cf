// `node main trades [run]` and `node main trade <id>`: what the journal says of the trades of a
// run.
import { toTradeId } from '../../domain/index.ts';
import type { TradeId } from '../../domain/index.ts';
import { readJournal } from '../../journal/index.ts';
import type { RunFolder } from '../../journal/index.ts';
import { clockText } from '../../operator/clock-text.ts';
import { RunHistory } from '../../operator/run-history.ts';
import { signed } from '../../operator/step-lines.ts';
import { textTable } from '../../operator/text-table.ts';
import type { TextColumn } from '../../operator/text-table.ts';
import type { ProfitSplit, TradeHistory } from '../../operator/trade-history.ts';
import {
  causeOf,
  hasPanicked,
  isSettled,
  positionsOf,
  profitOf,
  stateOf,
  topState,
} from '../../operator/trade-history.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { runToRead } from '../read-flags.ts';
import { tradeText } from './trade-text.ts';

export function listTrades(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = runToRead(flags, wanted);
  const { trades } = historyOf(run);
  if (flags.json === true) {
    const rows = trades.map(tradeRow);
    process.stdout.write(`${JSON.stringify({ runDir: run.path, trades: rows })}\n`);
    return 'success';
  }
  if (trades.length === 0) process.stdout.write(`${run.runId}: no trades\n`);
  else process.stdout.write(tableOf(trades));
  return 'success';
}

export interface TradeFlags extends ReadFlags {
  readonly run?: string;
}

export function showTrade(id: string, flags: TradeFlags): ExitName {
  const run = runToRead(flags, flags.run);
  const history = historyOf(run);
  const trade = /^t\d+$/.test(id) ? history.trade(toTradeId(Number(id.slice(1)))) : undefined;
  if (trade === undefined) {
    const known = history.trades.map(({ tradeId }) => tradeId).join(', ');
    const hint = known === '' ? 'it has no trades' : `it has ${known}`;
    throw new Failure('usage', `run ${run.runId} has no trade "${id}"; ${hint}`);
  }
  if (flags.json === true) {
    const { plan, openedAtMs, steps, orders, funding, liquidations } = trade;
    const parts = { openedAtMs, plan, steps, orders, funding, liquidations };
    const whole = { ...tradeRow(trade), ...parts, positions: positionsOf(trade) };
    process.stdout.write(`${JSON.stringify(whole)}\n`);
  } else {
    process.stdout.write(tradeText(trade));
  }
  return 'success';
}

function historyOf(run: RunFolder): RunHistory {
  const history = new RunHistory();
  for (const { record } of readJournal(run)) history.add(record);
  return history;
}

/** What `--json` and the export tell of a trade. */
export interface TradeRow {
  readonly tradeId: TradeId;
  readonly strategy: string;
  readonly key: string;
  readonly state: string;
  readonly path: readonly string[];
  readonly panicked: boolean;
  readonly cause: string;
  readonly fundingPayments: number;
  readonly profit: ProfitSplit;
}

export const tradeRow = (trade: TradeHistory): TradeRow => ({
  tradeId: trade.tradeId,
  strategy: trade.plan.strategy,
  key: trade.plan.key,
  state: topState(stateOf(trade)),
  path: pathOf(trade),
  panicked: hasPanicked(trade),
  cause: causeOf(trade),
  fundingPayments: trade.funding.length,
  profit: profitOf(trade),
});

/** The operator's states in order, each change once. */
const pathOf = ({ steps }: TradeHistory): readonly string[] =>
  steps.map(({ to }) => topState(to)).filter((state, at, all) => state !== all[at - 1]);

function tableOf(trades: readonly TradeHistory[]): string {
  const rows = trades.map((trade) => {
    const { totalUsd, fundingUsd, feesUsd } = profitOf(trade);
    const lastedMs = (trade.steps.at(-1)?.atMs ?? trade.openedAtMs) - trade.openedAtMs;
    return [
      trade.tradeId,
      trade.plan.key,
      isSettled(trade) ? clockText(lastedMs) : 'open',
      signed(totalUsd, 2),
      signed(fundingUsd, 2),
      signed(feesUsd, 2),
      pathOf(trade).join(' → '),
    ];
  });
  return `${textTable(COLUMNS, rows).join('\n')}\n`;
}

const COLUMNS: readonly TextColumn[] = [
  { title: 'trade' },
  { title: 'pair' },
  { title: 'lasted', align: 'right' },
  { title: 'profit USD', align: 'right' },
  { title: 'funding', align: 'right' },
  { title: 'fees', align: 'right' },
  { title: 'path' },
];
