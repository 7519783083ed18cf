// A disk with limits for the journal's tests: real files behind the journal's own interface, which
// run out of space after so many bytes and fail so many-th sync. It counts what it was asked.
import { createSegmentFile } from '../../src/journal/index.ts';
import type { CreateSegmentFile } from '../../src/journal/index.ts';

export interface DiskLimits {
  readonly bytesMax?: number;
  /** The first is 1. */
  readonly failingSync?: number;
  /** Held before each sync, to let records collect. */
  readonly syncGate?: () => Promise<void>;
}

export interface LimitedDisk {
  readonly create: CreateSegmentFile;
  readonly syncs: () => number;
}

export function limitedDisk(limits: DiskLimits): LimitedDisk {
  let bytesLeft = limits.bytesMax ?? Number.POSITIVE_INFINITY;
  let syncs = 0;
  return {
    syncs: () => syncs,
    create: async (path) => {
      const file = await createSegmentFile(path);
      return {
        close: () => file.close(),
        write: async (bytes) => {
          const room = Math.min(bytes.length, bytesLeft);
          bytesLeft -= room;
          await file.write(bytes.subarray(0, room));
          if (room < bytes.length) throw new Error('ENOSPC: no space left on device, write');
        },
        sync: async () => {
          syncs += 1;
          await limits.syncGate?.();
          if (syncs === limits.failingSync) throw new Error('EIO: i/o error, fdatasync');
          await file.sync();
        },
      };
    },
  };
}
