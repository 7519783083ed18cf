// Finds the run that goes on: the newest of the same feed that neither stopped nor left virtual
// time, brought back from its newest snapshot and what was recorded after it. It opens no file for
// writing.
import { toMs, toSeq } from '../domain/index.ts';
import type { Ms, Seq, StepRecord } from '../domain/index.ts';
import type { RunFolder, Snapshot, SnapshotPassedOver, TornTail } from '../journal/index.ts';
import { JournalError, JournalFollower, listRuns, newestSnapshot } from '../journal/index.ts';
import { readRunAbout, tornTail } from '../journal/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { restoredKernel } from '../kernel/index.ts';
import { Failure } from './exit-code.ts';
import { tornText } from './journal-state.ts';
import { KERNEL_SCHEMA_VERSION } from './run-snapshot.ts';
import { VERSION } from './version.ts';

export interface ResumableRun {
  readonly folder: RunFolder;
  readonly kernel: Kernel;
  readonly startedAtMs: Ms;
  readonly lastSeq: Seq;
  readonly lastAtMs: Ms;
  /** What its clock would show by now, had it gone on. */
  readonly nowAtMs: Ms;
  /** A last write that was cut short: what is left of it goes when the journal is opened. */
  readonly torn: TornTail | undefined;
  /** Newer snapshots that could not be used. */
  readonly passedOver: readonly SnapshotPassedOver[];
}

/** What two runs must share for one to be the other's continuation. */
export interface RunIdentity {
  readonly feed: string;
  readonly seed: number;
}

const WAY_OUT = '`--new-run` leaves it as it is and starts another';
const END = toSeq(Number.MAX_SAFE_INTEGER);

export function resumableRun(
  dataPath: string,
  { feed, seed }: RunIdentity,
): ResumableRun | undefined {
  const folder = listRuns(dataPath).findLast(({ path }) => {
    const about = readRunAbout(path);
    return (
      about.clock === 'real' && about.feed === feed && (feed === 'live' || about.seed === seed)
    );
  });
  if (folder === undefined) return undefined;
  try {
    return restored(folder);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const text = `run ${folder.runId} was not finished and cannot be resumed: ${error.message}`;
    throw new Failure('data', `${text}; ${WAY_OUT}`, { cause: error });
  }
}

function restored(folder: RunFolder): ResumableRun | undefined {
  const limits = { schemaVersion: KERNEL_SCHEMA_VERSION, lastSeq: END };
  const { snapshot, passedOver } = newestSnapshot(folder, limits);
  const records = new JournalFollower(folder, toSeq(Math.max(snapshot?.seq ?? 1, 1))).records(END);
  if (snapshot !== undefined) checkStandsOn(folder, snapshot, records.next());
  const kernel = kernelOf(folder, snapshot?.state, records);
  const torn = tornTail(folder);
  const { seq, atMs } = kernel.head;
  if (seq === 0 || kernel.engineState === 'stopped') return undefined;
  const { startedAtMs, createdAtMs } = readRunAbout(folder.path);
  const nowAtMs = toMs(Math.max(atMs, startedAtMs + (Date.now() - createdAtMs)));
  return { folder, kernel, startedAtMs, lastSeq: seq, lastAtMs: atMs, nowAtMs, torn, passedOver };
}

/** A snapshot is written once its record is durable: without it, the journal has lost records. */
function checkStandsOn(
  folder: RunFolder,
  { seq, hash }: Snapshot,
  { done, value }: IteratorResult<StepRecord, unknown>,
): void {
  if (done !== true && value.seq === seq && value.hash === hash) return;
  const found = done === true ? 'ends before it' : `has another record there`;
  const text = `a snapshot stands at record ${seq}, and the journal ${found}`;
  throw new JournalError('journal.broken-chain', text, { file: folder.path });
}

/** What is taken over, for the person who starts it. */
export function resumedText(resumable: ResumableRun): string {
  const { folder, kernel, lastSeq, torn, passedOver } = resumable;
  const open = kernel.openTrades().map(({ tradeId }) => tradeId);
  const moving = kernel.movingTrades().map(({ tradeId }) => tradeId);
  const held = open.length === 0 ? 'no trade open' : `open: ${open.join(' ')}`;
  const underWay = moving.length === 0 ? '' : `, on their way: ${moving.join(' ')}`;
  const older = passedOver.map(({ file, cause }) => `\n  snapshot ${file} not used: ${cause}`);
  const cut = tornText(torn, 'are cut off');
  const what = `resuming run ${folder.runId} after ${lastSeq} records`;
  return `${what}; ${held}${underWay}${cut}${older.join('')}`;
}

function kernelOf(folder: RunFolder, state: unknown, tail: Iterable<StepRecord>): Kernel {
  try {
    return restoredKernel(state, tail);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const { engineVersion } = readRunAbout(folder.path);
    const cause = error instanceof Error ? error.message : String(error);
    const text =
      `run ${folder.runId} was recorded by version ${engineVersion} and does not go on in ` +
      `version ${VERSION}: ${cause}; resume it with that version, or ${WAY_OUT}`;
    throw new Failure('data', text, { cause: error });
  }
}
