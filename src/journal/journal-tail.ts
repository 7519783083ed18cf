// Makes a run's journal ready to be continued: reads it whole, cuts off a torn last record and says
// so. It cuts nothing else; damage anywhere stops it.
import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import type { Seq } from '../domain/index.ts';
import { syncFolder } from './durable-file.ts';
import { readJournal } from './journal-reader.ts';
import type { RunFolder } from './run-folder.ts';
import { listSegments } from './segment.ts';
import type { TornTail } from './segment-reader.ts';

export interface JournalTail {
  readonly lastSeq: Seq;
  /** Number of the last segment; 0 in a new run. */
  readonly segmentNumber: number;
  /** What was cut off. */
  readonly torn: TornTail | undefined;
}

export function cutTornTail(run: RunFolder): JournalTail {
  const entries = readJournal(run);
  let step = entries.next();
  while (step.done !== true) step = entries.next();
  const { lastSeq, torn } = step.value;
  if (torn !== undefined) cut(run, torn);
  return { lastSeq, segmentNumber: listSegments(run.path).length, torn };
}

/** A segment whose header is cut holds nothing: its file goes. */
function cut(run: RunFolder, torn: TornTail): void {
  if (torn.offset === 0) {
    rmSync(torn.file);
    syncFolder(run.path);
    return;
  }
  const file = openSync(torn.file, 'r+');
  try {
    ftruncateSync(file, torn.offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
