// Segments that nobody writes any more may be kept compressed: `segment-000001.journal.gz`, which
// any gzip reads, under a list of hashes that `sha256sum -c archive.sha256` checks. Whoever reads a
// segment gets the bytes as they were written, or a refusal.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { causeText, JournalError, systemCode } from './journal-error.ts';
import type { RunFolder } from './run-folder.ts';
import { archivedPath, isArchived, SEGMENT_BYTES_MAX, segmentNumber } from './segment.ts';
import { segmentPath } from './segment.ts';

export const hashListPath = (runPath: string): string => join(runPath, 'archive.sha256');

/** A segment may outgrow its limit by what was written at once; more is no segment. */
const UNPACKED_BYTES_MAX = 4 * SEGMENT_BYTES_MAX;
const HASH_LINE = /^([0-9a-f]{64}) {2}(segment-\d{6,}\.journal\.gz)$/;

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** By file name. Empty where nothing is archived. */
export function readHashList(runPath: string): ReadonlyMap<string, string> {
  const file = hashListPath(runPath);
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [, hash, name] = HASH_LINE.exec(line) ?? [];
      if (hash !== undefined && name !== undefined) return [name, hash];
      throw new JournalError('journal.damaged', `"${line}" is no line of a hash list`, { file });
    }),
  );
}

/** What is listed and gone leaves no other trace when it was the end of the journal. */
export function checkNoneMissing({ path }: RunFolder): void {
  for (const name of readHashList(path).keys()) {
    if (isThere(path, segmentNumber(name))) continue;
    const text = `lists ${name}, which is missing; bring it back from a backup`;
    throw new JournalError('journal.broken-chain', text, { file: hashListPath(path) });
  }
}

export const isThere = (runPath: string, number: number): boolean =>
  existsSync(segmentPath(runPath, number)) || existsSync(archivedPath(runPath, number));

/** Where the segment is now: it may have been archived since its path was looked up. */
export function placeOf(runPath: string, number: number): string {
  const path = segmentPath(runPath, number);
  const archived = archivedPath(runPath, number);
  return !existsSync(path) && existsSync(archived) ? archived : path;
}

export function readSegmentBytes(file: string): Buffer {
  if (isArchived(file)) return unpack(file);
  try {
    return readFileSync(file);
  } catch (error) {
    const archived = archivedPath(dirname(file), segmentNumber(file));
    if (systemCode(error) !== 'ENOENT' || !existsSync(archived)) throw error;
    return unpack(archived);
  }
}

function unpack(file: string): Buffer {
  const bytes = readFileSync(file);
  const wanted = readHashList(dirname(file)).get(basename(file));
  const found = sha256(bytes);
  if (wanted !== found) {
    const listed = wanted === undefined ? 'does not list it' : `says ${wanted}`;
    const text = `its SHA-256 is ${found}, and archive.sha256 ${listed}`;
    throw new JournalError('journal.damaged', text, { file });
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (error) {
    throw new JournalError('journal.damaged', causeText(error), { file, cause: error });
  }
}
