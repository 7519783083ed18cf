// `node main runs`: the runs of a data folder, newest first: what they were, how they ended and
// what came of them.
import { statusSchema } from '../../control/index.ts';
import type { EngineStatus } from '../../control/index.ts';
import { toDecimal } from '../../domain/index.ts';
import { listRuns } from '../../journal/index.ts';
import { signed } from '../../operator/step-lines.ts';
import { textTable } from '../../operator/text-table.ts';
import type { TextColumn } from '../../operator/text-table.ts';
import type { ExitName } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { dataFolderOf } from '../read-flags.ts';
import { endWord, overviews } from '../run-overview.ts';
import type { RunOverview } from '../run-overview.ts';
import { askIfRunning } from '../running-engine.ts';

export async function listAllRuns(flags: ReadFlags): Promise<ExitName> {
  const dataPath = dataFolderOf(flags);
  const consequence = 'its run is shown as one that was not finished';
  const result = await askIfRunning(dataPath, { type: 'engine.status' }, consequence);
  const running = result === undefined ? undefined : statusSchema.parse(result);
  const runs = overviews(listRuns(dataPath)).map((run) =>
    run.runId === running?.runId ? goingOn(run, running) : run,
  );
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ runs })}\n`);
  else if (runs.length === 0) process.stdout.write(`${dataPath} has no runs\n`);
  else {
    const lines = textTable(COLUMNS, runs.map(rowOf)).map(fitted);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  return 'success';
}

/** Its engine knows its figures, however long its journal is. */
function goingOn(run: RunOverview, { pid, seq, trades, profitUsd }: EngineStatus): RunOverview {
  return { ...run, state: 'running', pid, exitReason: null, records: seq, trades, profitUsd };
}

const COLUMNS: readonly TextColumn[] = [
  { title: 'run' },
  { title: 'started (UTC)' },
  { title: 'ended' },
  { title: 'profit USD', align: 'right' },
  { title: 'trades', align: 'right' },
  { title: 'closed', align: 'right' },
  { title: 'panicked', align: 'right' },
  { title: 'records', align: 'right' },
  { title: 'mode' },
  { title: 'feed' },
  { title: 'seed', align: 'right' },
  { title: 'reason' },
];

/** One line a run on a terminal, the most important first; a file gets it whole. */
function fitted(line: string): string {
  const columnCount = process.stdout.isTTY ? process.stdout.columns : Infinity;
  return line.length <= columnCount ? line : `${line.slice(0, columnCount - 1)}…`;
}

/** What would take the whole of a long journal. */
const UNKNOWN = '-';

function rowOf(run: RunOverview): readonly string[] {
  const { trades, profitUsd, records } = run;
  const counts = trades === null ? [] : [trades.started, trades.closed, trades.panicked];
  return [
    run.runId,
    new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
    endWord(run),
    profitUsd === null ? UNKNOWN : signed(toDecimal(profitUsd), 2),
    ...[0, 1, 2].map((at) => String(counts[at] ?? UNKNOWN)),
    records === null ? UNKNOWN : String(records),
    ...[run.mode, run.clock === 'virtual' ? 'virtual' : run.feed, String(run.seed)],
    run.exitReason ?? '',
  ];
}
