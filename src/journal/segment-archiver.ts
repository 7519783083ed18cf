// Compresses segments, one at a time, so that at each moment the journal is whole: the compressed
// one is written beside, synced, read back and listed before the original goes. Ended anywhere, it
// is simply done again.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { syncFolder, writeDurably } from './durable-file.ts';
import { JournalError } from './journal-error.ts';
import type { RunFolder } from './run-folder.ts';
import { hashListPath, readHashList, sha256 } from './segment-archive.ts';
import { archivedPath, isArchived, listSegments, segmentNumber } from './segment.ts';

export interface ArchivedSegment {
  readonly file: string;
  readonly bytes: number;
  readonly archivedBytes: number;
}

/**
 * Leaves the newest `keepNewest` segments as they are: 0 only for a run that nobody writes and
 * nobody goes on with.
 */
export function archiveSegments(run: RunFolder, keepNewest: number): readonly ArchivedSegment[] {
  removeDrafts(run);
  const files = listSegments(run.path);
  return files
    .slice(0, Math.max(0, files.length - keepNewest))
    .filter((file) => !isArchived(file))
    .map((file) => archiveSegment(run, file));
}

function archiveSegment(run: RunFolder, file: string): ArchivedSegment {
  const original = readFileSync(file);
  const archived = archivedPath(run.path, segmentNumber(file));
  const isDone = existsSync(archived) && isListed(run, archived) && holds(archived, original);
  if (!isDone) {
    const { atime, mtime } = statSync(file);
    writeDurably(archived, gzipSync(original));
    // When it was last written says how old the run is.
    utimesSync(archived, atime, mtime);
    if (!holds(archived, original)) {
      const text = 'does not read back as it was written; the original stays';
      throw new JournalError('journal.failed', text, { file: archived });
    }
    list(run, archived);
  }
  rmSync(file);
  syncFolder(run.path);
  return { file: archived, bytes: original.length, archivedBytes: statSync(archived).size };
}

function holds(archived: string, original: Buffer): boolean {
  try {
    return gunzipSync(readFileSync(archived)).equals(original);
  } catch {
    return false;
  }
}

const isListed = (run: RunFolder, archived: string): boolean =>
  readHashList(run.path).get(basename(archived)) === sha256(readFileSync(archived));

function list(run: RunFolder, archived: string): void {
  const hashes = new Map(readHashList(run.path));
  hashes.set(basename(archived), sha256(readFileSync(archived)));
  const lines = [...hashes]
    .sort(([left], [right]) => segmentNumber(left) - segmentNumber(right))
    .map(([name, hash]) => `${hash}  ${name}\n`);
  writeDurably(hashListPath(run.path), lines.join(''));
}

/** What an archiver left that was ended while it wrote. */
function removeDrafts(run: RunFolder): void {
  const drafts = readdirSync(run.path).filter((name) =>
    /^(segment-\d+\.journal\.gz|archive\.sha256)\.\d+\.draft$/.test(name),
  );
  for (const name of drafts) rmSync(join(run.path, name), { force: true });
}
