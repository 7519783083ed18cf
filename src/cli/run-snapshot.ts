// What a run's newest snapshot proves about its journal: that no record behind it is missing, and
// that a kernel restored from it goes on exactly as the one that never stopped.
import { toSeq } from '../domain/index.ts';
import type { StepRecord } from '../domain/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { JournalError, newestSnapshot, readJournal } from '../journal/index.ts';
import { Kernel, replay } from '../kernel/index.ts';

/** Grows with the shape of the kernel's state. */
export const KERNEL_SCHEMA_VERSION = 6;

/** Whole segments that vanished leave no trace in the journal itself. */
export function checkNothingMissing(run: RunFolder, records: number): void {
  const lastSeq = toSeq(Number.MAX_SAFE_INTEGER);
  const { snapshot } = newestSnapshot(run, { schemaVersion: KERNEL_SCHEMA_VERSION, lastSeq });
  if (snapshot === undefined || snapshot.seq <= records) return;
  const text = `a snapshot stands at record ${snapshot.seq}, the journal ends at ${records}`;
  throw new JournalError('journal.broken-chain', text, { file: run.path });
}

export interface Restored {
  /** The record at which the snapshot was taken. */
  readonly seq: number;
  readonly identical: boolean;
}

/** Restores the newest snapshot and replays what came after it; undefined where there is none. */
export function replayFromSnapshot(
  run: RunFolder,
  head: { readonly records: number; readonly headHash: string },
): Restored | undefined {
  const lastSeq = toSeq(head.records);
  const { snapshot } = newestSnapshot(run, { schemaVersion: KERNEL_SCHEMA_VERSION, lastSeq });
  if (snapshot === undefined) return undefined;
  const kernel = Kernel.restore(snapshot.state);
  const { headHash, divergence } = replay(recordsAfter(run, snapshot.seq), kernel);
  return {
    seq: snapshot.seq,
    identical: divergence === undefined && headHash === head.headHash,
  };
}

function* recordsAfter(run: RunFolder, seq: number): Generator<StepRecord> {
  for (const { record } of readJournal(run)) if (record.seq > seq) yield record;
}
