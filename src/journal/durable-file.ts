// Small files that are either the old one or the new one after a crash, never half: written beside,
// synced, renamed, and the folder synced. Not for journals, which grow.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { causeText, JournalError } from './journal-error.ts';

export function writeDurably(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}.draft`;
  const file = openSync(draft, 'w', 0o644);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(draft, { force: true });
    throw new JournalError('journal.failed', causeText(error), { file: path, cause: error });
  }
  closeSync(file);
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** The same while the process goes on: for what may be large and nobody waits for. */
export async function writeDurablySoon(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    const file = await open(draft, 'w', 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    await rm(draft, { force: true });
    throw new JournalError('journal.failed', causeText(error), { file: path, cause: error });
  }
}

/** Makes the names in a folder durable: a synced file without a synced name can vanish. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
