// The few things that a durable journal asks of a disk, so that a disk with limits and faults can
// stand in for it. A write is complete or fails; after a failed sync nothing about the file may be
// believed.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './durable-file.ts';

export interface SegmentFile {
  write(bytes: Buffer): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, which must not exist, and makes its name durable. */
export type CreateSegmentFile = (path: string) => Promise<SegmentFile>;

export async function createSegmentFile(path: string): Promise<SegmentFile> {
  const handle = await open(path, 'ax', 0o644);
  syncFolder(dirname(path));
  return {
    write: (bytes) => writeWhole(handle, bytes),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** A write may take a part and succeed; the rest is offered until it is taken or refused. */
async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset);
    offset += bytesWritten;
  }
}
