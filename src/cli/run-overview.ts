// One run in a few words and figures, for lists and for whoever asks what ran last. They come from
// the result that the run left, from a short journal, or from its last record alone: no journal is
// read for longer than a moment, and what that does not tell stays unknown.
import { statSync } from 'node:fs';
import { stateAfter } from '../domain/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { isArchived, JournalError, lastRecord, listSegments } from '../journal/index.ts';
import { readJournal, readRunAbout } from '../journal/index.ts';
import { RunHistory } from '../operator/run-history.ts';
import { summarise } from '../operator/run-summary.ts';
import type { RunSummary } from '../operator/run-summary.ts';
import { readResult } from './run-result.ts';
import type { KeptResult } from './run-result.ts';

export type RunState =
  /** An engine runs it now. */
  | 'running'
  /** Over, in good order. */
  | 'stopped'
  /** Its process ended as `run.onStop: keep` wants it. */
  | 'left'
  /** Its process was killed, or failed. */
  | 'unfinished'
  /** Its end cannot be read. */
  | 'damaged';

export interface RunOverview {
  readonly runId: string;
  readonly runDir: string;
  /** By the wall clock, in milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly mode: string;
  readonly feed: string;
  readonly seed: number;
  readonly clock: string;
  readonly state: RunState;
  /** Of the engine that runs it. */
  readonly pid: number | null;
  /** Why it ended, as it said itself. */
  readonly exitReason: string | null;
  readonly records: number | null;
  /** Null, as the profit, where only the whole journal would tell. */
  readonly trades: RunSummary['trades'] | null;
  readonly profitUsd: string | null;
}

/** Of all journals that are read whole for one list, and of one of them: a second of reading. */
const READ_BYTES_MAX = 32 * 1024 * 1024;
const SHORT_BYTES_MAX = 8 * 1024 * 1024;

type End = Pick<RunOverview, 'state' | 'exitReason' | 'records' | 'trades' | 'profitUsd'>;

/** Newest first. */
export function overviews(runs: readonly RunFolder[]): readonly RunOverview[] {
  let bytesLeft = READ_BYTES_MAX;
  return runs.toReversed().map((run) => {
    const { createdAtMs, mode, feed, seed, clock } = readRunAbout(run.path);
    const about = { runId: run.runId, runDir: run.path, createdAtMs, mode, feed, seed, clock };
    const { bytesRead, ...end } = endOf(run, Math.min(bytesLeft, SHORT_BYTES_MAX));
    bytesLeft -= bytesRead;
    return { ...about, pid: null, ...end };
  });
}

interface Found extends End {
  readonly bytesRead: number;
}

function endOf(run: RunFolder, bytesMax: number): Found {
  try {
    const kept = readResult(run);
    if (kept !== undefined) return toldByResult(kept);
    const bytes = journalBytes(run);
    return bytes > bytesMax ? toldByLastRecord(run) : { ...toldByJournal(run), bytesRead: bytes };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { ...UNKNOWN, state: 'damaged', records: null };
  }
}

const UNKNOWN = { exitReason: null, trades: null, profitUsd: null, bytesRead: 0 } as const;

function toldByResult({ engineState, exitReason, inputs, trades, profit }: KeptResult): Found {
  const figures = { records: inputs, trades, profitUsd: profit.totalUsd };
  return { state: stateOf(engineState), exitReason, ...figures, bytesRead: 0 };
}

function toldByJournal(run: RunFolder): End {
  const history = new RunHistory();
  for (const { record } of readJournal(run)) history.add(record);
  const { inputs: records, trades, profit } = summarise(history);
  const state = stateOf(history.engineState);
  return { state, exitReason: null, records, trades, profitUsd: profit.totalUsd };
}

function toldByLastRecord(run: RunFolder): Found {
  const last = lastRecord(run);
  const state = stateOf(stateAfter('engine', last?.transitions ?? []) ?? '');
  return { ...UNKNOWN, state, records: last?.seq ?? 0 };
}

/** What is archived is not unpacked for a list. */
function journalBytes(run: RunFolder): number {
  const files = listSegments(run.path);
  if (files.some(isArchived)) return Infinity;
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function stateOf(engineState: string): RunState {
  return engineState === 'stopped' || engineState === 'left' ? engineState : 'unfinished';
}

/** How it ended, for people: `stopped: SIGINT`. */
export const endText = (run: RunOverview): string =>
  run.exitReason === null ? endWord(run) : `${endWord(run)}: ${run.exitReason}`;

/** The same without the reason. */
export function endWord({ state, pid, trades }: RunOverview): string {
  const open = trades === null || trades.open === 0 ? '' : `, ${trades.open} open`;
  switch (state) {
    case 'running':
      return `running (pid ${pid ?? 0})`;
    case 'stopped':
    case 'left':
    case 'damaged':
      return `${state}${open}`;
    case 'unfinished':
      return `not finished${open}`;
  }
}
