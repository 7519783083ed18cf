// Claims a folder for Trinity's data by a marker with a format version. A folder that holds
// something else, or data of a newer version, is refused before anything is written into it.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { JournalError } from './journal-error.ts';

const DATA_VERSION = 1;
/** What file systems and repositories leave in a folder that is otherwise empty. */
const HARMLESS = new Set(['lost+found', '.gitkeep']);

export const markerPath = (dataPath: string): string => join(dataPath, 'trinity.json');

/** Creates the folder and its marker where there is none; throws for a foreign or newer one. */
export function openDataFolder(dataPath: string): void {
  makeFolder(dataPath);
  if (existsSync(markerPath(dataPath))) {
    checkMarker(dataPath);
    return;
  }
  const found = readdirSync(dataPath).filter((name) => !HARMLESS.has(name) && !isDraft(name));
  if (found.length > 0) {
    const text =
      `is not a trinity data folder: it holds ${found.slice(0, 3).join(', ')} ` +
      'and no trinity.json; name an empty folder with --data';
    throw new JournalError('data.foreign', text, { file: dataPath });
  }
  const marker = { format: 'trinity-data', version: DATA_VERSION };
  writeDurably(markerPath(dataPath), `${JSON.stringify(marker)}\n`);
}

function makeFolder(dataPath: string): void {
  try {
    mkdirSync(dataPath, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    const text = 'is no folder; name another with --data';
    throw new JournalError('data.no-folder', text, { file: dataPath, cause: error });
  }
}

/** For whoever only reads: writes nothing, and takes a folder without a marker as it comes. */
export function checkDataFolder(dataPath: string): void {
  if (existsSync(markerPath(dataPath))) checkMarker(dataPath);
}

/** The leavings of a start that died while it wrote the marker. */
const isDraft = (name: string): boolean => /^trinity\.json\.\d+\.draft$/.test(name);

function checkMarker(dataPath: string): void {
  const file = markerPath(dataPath);
  const marker = parseMarker(file);
  if (marker === undefined) {
    const text = 'is not the marker of a trinity data folder; name another folder with --data';
    throw new JournalError('data.foreign', text, { file });
  }
  if (marker.version !== DATA_VERSION) {
    const text =
      `data version ${marker.version} is not the ${DATA_VERSION} that this program reads; ` +
      'use the version that wrote it, or name another folder with --data';
    throw new JournalError('data.newer-version', text, { file });
  }
}

function parseMarker(file: string): { readonly version: number } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('format' in value) || value.format !== 'trinity-data') return undefined;
    if (!('version' in value) || typeof value.version !== 'number') return undefined;
    return { version: value.version };
  } catch {
    return undefined;
  }
}
