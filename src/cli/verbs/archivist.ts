// Works through the runs of a data folder: compresses what nobody writes any more and removes what
// policy lets go. It touches nothing that it has not just verified from the first record to the
// head, never the newest run's end, and never the newest segments of a run that may go on.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stateAfter } from '../../domain/index.ts';
import type { RunFolder } from '../../journal/index.ts';
import { archiveSegments, isArchived, JournalError } from '../../journal/index.ts';
import { listRuns, listSegments, lockData, syncFolder, verifyChain } from '../../journal/index.ts';
import { recordHash } from '../../kernel/index.ts';
import { headLine } from './exported-head.ts';
import { keepHead } from './kept-heads.ts';
import { checkNothingMissing } from '../run-snapshot.ts';

export interface ArchivePolicy {
  /** Absent for never. */
  readonly archiveAfterMs: number | undefined;
  readonly removeAfterMs: number | undefined;
}

interface Kept {
  readonly runId: string;
  readonly cause: string;
}

export interface ArchiveOutcome {
  readonly archived: {
    readonly runId: string;
    readonly segments: number;
    readonly bytes: number;
    readonly archivedBytes: number;
  }[];
  readonly removed: { readonly runId: string; readonly head: string }[];
  readonly kept: Kept[];
  readonly damaged: Kept[];
}

const DAY_MS = 86_400_000;
/** The one that is written, and the one before it, in which a reader may still be. */
const KEPT_SEGMENTS = 2;

export class Archivist {
  readonly outcome: ArchiveOutcome = { archived: [], removed: [], kept: [], damaged: [] };
  readonly #dataPath: string;
  readonly #policy: ArchivePolicy;

  constructor(dataPath: string, policy: ArchivePolicy) {
    this.#dataPath = dataPath;
    this.#policy = policy;
  }

  /** No policy asks for anything. */
  get isIdle(): boolean {
    return this.#policy.archiveAfterMs === undefined && this.#policy.removeAfterMs === undefined;
  }

  all(): void {
    this.#finishRemovals();
    if (this.isIdle) return;
    for (const run of listRuns(this.#dataPath)) {
      const ageMs = Date.now() - lastWrittenAtMs(run);
      const { archiveAfterMs, removeAfterMs } = this.#policy;
      const isDue = (afterMs: number | undefined): boolean =>
        afterMs !== undefined && ageMs > afterMs;
      if (isDue(removeAfterMs)) this.#remove(run);
      else if (isDue(archiveAfterMs)) this.one(run);
      else this.#keep(run, `written ${Math.floor(ageMs / DAY_MS)} days ago`);
    }
  }

  one(run: RunFolder): void {
    this.#judged(run, ({ isOver }) => this.#archive(run, isOver));
  }

  #archive(run: RunFolder, isOver: boolean): void {
    const done = isOver
      ? this.#unlessHeld(run, (isFree) => archiveSegments(run, isFree ? 0 : KEPT_SEGMENTS))
      : archiveSegments(run, KEPT_SEGMENTS);
    const sum = (part: 'bytes' | 'archivedBytes'): number =>
      done.reduce((bytes, each) => bytes + each[part], 0);
    const left = listSegments(run.path).filter((file) => !isArchived(file)).length;
    if (done.length > 0) {
      const sizes = { bytes: sum('bytes'), archivedBytes: sum('archivedBytes') };
      this.outcome.archived.push({ runId: run.runId, segments: done.length, ...sizes });
    } else if (left === 0) this.#keep(run, 'archived already');
    if (left > 0) this.#keep(run, `may go on: its newest ${left} segments stay as they are`);
  }

  /** What is not archived yet is archived now, and removed another day. */
  #remove(run: RunFolder): void {
    if (listRuns(this.#dataPath).at(-1)?.runId === run.runId) {
      this.#keep(run, 'the newest run is never removed');
      return;
    }
    this.#judged(run, ({ isOver, head }) => {
      if (!isOver || !listSegments(run.path).every(isArchived)) {
        this.#archive(run, isOver);
        return;
      }
      keepHead(this.#dataPath, head, Date.now());
      const aside = join(this.#dataPath, `${REMOVING}${run.runId}`);
      renameSync(run.path, aside);
      syncFolder(this.#dataPath);
      rmSync(aside, { recursive: true });
      this.outcome.removed.push({ runId: run.runId, head });
    });
  }

  /** Work is done on what is whole from its first record to its head, and on nothing else. */
  #judged(run: RunFolder, work: (about: Verified) => void): void {
    let about: Verified;
    try {
      about = verified(run);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.outcome.damaged.push({ runId: run.runId, cause: error.message });
      return;
    }
    if (about.isTorn) this.#keep(run, 'its last write was cut short: nothing is archived');
    else work(about);
  }

  /** The newest run may be one that is being ended right now. */
  #unlessHeld<Done>(run: RunFolder, work: (isFree: boolean) => Done): Done {
    if (listRuns(this.#dataPath).at(-1)?.runId !== run.runId) return work(true);
    let lock;
    try {
      lock = lockData(this.#dataPath);
    } catch (error) {
      if (error instanceof JournalError && error.code === 'data.locked') return work(false);
      throw error;
    }
    try {
      return work(true);
    } finally {
      lock.release();
    }
  }

  #finishRemovals(): void {
    const names = readdirSync(this.#dataPath).filter((name) => name.startsWith(REMOVING));
    for (const name of names) rmSync(join(this.#dataPath, name), { recursive: true });
  }

  #keep({ runId }: RunFolder, cause: string): void {
    this.outcome.kept.push({ runId, cause });
  }
}

/** A run on its way out: its head is kept already. */
const REMOVING = 'removing-';

interface Verified {
  readonly isOver: boolean;
  readonly isTorn: boolean;
  readonly head: string;
}

function verified(run: RunFolder): Verified {
  let engineState = '';
  const { records, headHash, torn } = verifyChain(run, recordHash, ({ transitions }) => {
    engineState = stateAfter('engine', transitions) ?? engineState;
  });
  if (torn === undefined) checkNothingMissing(run, records);
  const head = headLine(run.runId, { seq: records, hash: headHash });
  return { isOver: engineState === 'stopped', isTorn: torn !== undefined, head };
}

/** By the clock of the machine. */
const lastWrittenAtMs = ({ path }: RunFolder): number =>
  Math.max(
    ...listSegments(path).map((file) => statSync(file).mtimeMs),
    statSync(join(path, 'run.json')).mtimeMs,
  );
