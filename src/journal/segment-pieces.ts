// Pieces of segments, for whoever does not want them whole. One that is archived is unpacked once
// and kept until another is read.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { systemCode } from './journal-error.ts';
import { readSegmentBytes } from './segment-archive.ts';
import { isArchived } from './segment.ts';

export class SegmentPieces {
  #unpacked: { readonly file: string; readonly bytes: Buffer } | undefined;

  /** Shorter than asked for at the end of the segment. */
  readAt(file: string, offset: number, size: number): Buffer {
    return this.#with(
      file,
      (handle) => {
        const bytes = Buffer.allocUnsafe(size);
        return bytes.subarray(0, readSync(handle, bytes, 0, size, offset));
      },
      (bytes) => bytes.subarray(offset, offset + size),
    );
  }

  sizeOf(file: string): number {
    return this.#with(
      file,
      (handle) => fstatSync(handle).size,
      (bytes) => bytes.length,
    );
  }

  #with<Found>(
    file: string,
    asWritten: (handle: number) => Found,
    unpacked: (bytes: Buffer) => Found,
  ): Found {
    const handle = isArchived(file) ? undefined : openIfThere(file);
    if (handle === undefined) return unpacked(this.#unpack(file));
    try {
      this.#unpacked = undefined;
      return asWritten(handle);
    } finally {
      closeSync(handle);
    }
  }

  #unpack(file: string): Buffer {
    if (this.#unpacked?.file !== file) {
      this.#unpacked = { file, bytes: readSegmentBytes(file) };
    }
    return this.#unpacked.bytes;
  }
}

/** It may have been archived since somebody looked. */
function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
