// Makes a run's journal ready to be continued: cuts off a torn last record and says so. It cuts
// nothing else; damage in what it reads stops it.
import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { toSeq } from '../domain/index.ts';
import type { Seq } from '../domain/index.ts';
import { NEWLINE } from './checked-line.ts';
import { syncFolder } from './durable-file.ts';
import { readJournal } from './journal-reader.ts';
import type { JournalEnd } from './journal-reader.ts';
import type { RunFolder } from './run-folder.ts';
import { SegmentPieces } from './segment-pieces.ts';
import { listSegments } from './segment.ts';
import { checkCutShort } from './segment-reader.ts';
import type { TornTail } from './segment-reader.ts';

export interface JournalTail {
  readonly lastSeq: Seq;
  /** Number of the last segment; 0 in a new run. */
  readonly segmentNumber: number;
  /** What was cut off. */
  readonly torn: TornTail | undefined;
}

/**
 * Reads the journal whole, unless the caller has just read its end and knows the last record: then
 * only what stands behind the last newline is looked at.
 */
export function cutTornTail(run: RunFolder, knownLastSeq?: Seq): JournalTail {
  const end = knownLastSeq === undefined ? readToEnd(run) : undefined;
  const torn = end === undefined ? tornTail(run) : end.torn;
  if (torn !== undefined) cut(run, torn);
  const lastSeq = end?.lastSeq ?? knownLastSeq ?? toSeq(0);
  return { lastSeq, segmentNumber: listSegments(run.path).length, torn };
}

function readToEnd(run: RunFolder): JournalEnd {
  const entries = readJournal(run);
  let step = entries.next();
  while (step.done !== true) step = entries.next();
  return step.value;
}

/** What stands behind the last newline. */
export function tornTail(run: RunFolder): TornTail | undefined {
  const file = listSegments(run.path).at(-1);
  if (file === undefined) return undefined;
  const { offset, bytes } = behindLastNewline(file);
  if (bytes.length === 0) return undefined;
  checkCutShort(bytes, { file, offset });
  return { file, offset, bytes: bytes.length };
}

const PIECE_BYTES = 64 * 1024;

function behindLastNewline(file: string): { readonly offset: number; readonly bytes: Buffer } {
  const pieces = new SegmentPieces();
  const size = pieces.sizeOf(file);
  for (let length = PIECE_BYTES; ; length *= 4) {
    const start = Math.max(size - length, 0);
    const piece = pieces.readAt(file, start, size - start);
    const newline = piece.lastIndexOf(NEWLINE);
    if (newline >= 0 || start === 0) {
      return { offset: start + newline + 1, bytes: piece.subarray(newline + 1) };
    }
  }
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
