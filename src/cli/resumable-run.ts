// Finds the run that goes on: the newest of the same feed that neither stopped nor left virtual
// time, brought back from its newest snapshot and what was recorded after it. A run of another seed
// that was not finished is not left behind unsaid. It opens no file for writing.
import { z } from 'zod';

import { toMs, toSeq } from '../domain/index.ts';
import type { Ms, Seq, StepRecord } from '../domain/index.ts';
import type {
  RunAbout,
  RunFolder,
  Snapshot,
  SnapshotPassedOver,
  TornTail,
} from '../journal/index.ts';
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
  /** Where its accounts are: `own` when left out, or the address of an exchange process. */
  readonly exchange?: string;
}

const WAY_OUT = '`--new-run` leaves it as it is and starts another';
const toldSchema = z.object({ run: z.object({ exchange: z.string() }) });
const OWN = 'own';
const END = toSeq(Number.MAX_SAFE_INTEGER);

export function resumableRun(dataPath: string, identity: RunIdentity): ResumableRun | undefined {
  const runs = listRuns(dataPath)
    .map((folder) => ({ folder, about: readRunAbout(folder.path) }))
    .filter(({ about }) => about.clock === 'real' && about.feed === identity.feed);
  const isOther = ({ about }: { readonly about: RunAbout }): boolean =>
    identity.feed !== 'live' && about.seed !== identity.seed;
  const newest = runs.findLast(({ about }) => exchangeOf(about) === (identity.exchange ?? OWN));
  if (newest !== undefined && isOther(newest)) checkFinished(newest.folder, newest.about.seed);
  const found = runs.findLast((run) => !isOther(run));
  return found && restoredOrRefused(found.folder);
}

/** What it holds is on the accounts that a run of another seed would trade on. */
function checkFinished(folder: RunFolder, seed: number): void {
  const unfinished = restoredOrRefused(folder);
  if (unfinished === undefined) return;
  const text =
    `run ${folder.runId} was not finished (${heldText(unfinished.kernel)}) and has these ` +
    `paper accounts; \`--seed ${seed}\` goes on with it, ${WAY_OUT}`;
  throw new Failure('usage', text);
}

/** A run of a version that knew no exchange process had accounts of its own. */
function exchangeOf({ config }: RunAbout): string {
  const { data } = toldSchema.safeParse(config);
  return data?.run.exchange ?? OWN;
}

function restoredOrRefused(folder: RunFolder): ResumableRun | undefined {
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
  const older = passedOver.map(({ file, cause }) => `\n  snapshot ${file} not used: ${cause}`);
  const cut = tornText(torn, 'are cut off');
  const what = `resuming run ${folder.runId} after ${lastSeq} records`;
  return `${what}; ${heldText(kernel)}${cut}${older.join('')}`;
}

/** Where a process ends and trades are left: which, and that the next start goes on with them. */
export function leftText(kernel: Kernel, runId: string): string | undefined {
  const count = kernel.openTrades().length + kernel.movingTrades().length;
  if (kernel.engineState === 'stopped' || count === 0) return undefined;
  return `run ${runId} is not finished (${heldText(kernel)}); start again to go on with it`;
}

function heldText(kernel: Kernel): string {
  const open = kernel.openTrades().map(({ tradeId }) => tradeId);
  const moving = kernel.movingTrades().map(({ tradeId }) => tradeId);
  const held = open.length === 0 ? 'no trade open' : `open: ${open.join(' ')}`;
  return moving.length === 0 ? held : `${held}, on their way: ${moving.join(' ')}`;
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
