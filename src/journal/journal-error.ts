// Every way in which a journal, a snapshot or a data folder can be refused, each with a stable
// code. The message names the file, the byte offset and what was found; nothing here repairs
// anything.

export type JournalErrorCode =
  /** Bytes that are not what was written. */
  | 'journal.damaged'
  /** Records that are whole but do not follow from each other. */
  | 'journal.broken-chain'
  /** Whole, and yet not the journal that an exported head was taken of. */
  | 'journal.other-head'
  | 'journal.newer-version'
  | 'journal.not-found'
  /** The disk no longer keeps its promise: full, failing, or too slow to keep up. */
  | 'journal.failed'
  | 'data.locked'
  | 'data.foreign'
  /** The path leads to a file, or through one. */
  | 'data.no-folder'
  | 'data.newer-version';

export interface JournalErrorPlace {
  readonly file?: string;
  readonly offset?: number;
  /** The process that holds the data folder. */
  readonly holderPid?: number;
  readonly cause?: unknown;
}

export class JournalError extends Error {
  readonly code: JournalErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly holderPid: number | undefined;

  constructor(code: JournalErrorCode, text: string, place: JournalErrorPlace = {}) {
    super(withPlace(text, place), place.cause === undefined ? {} : { cause: place.cause });
    this.name = 'JournalError';
    this.code = code;
    this.file = place.file;
    this.offset = place.offset;
    this.holderPid = place.holderPid;
  }
}

function withPlace(text: string, place: JournalErrorPlace): string {
  if (place.file === undefined) return text;
  const offset = place.offset === undefined ? '' : ` at byte ${place.offset}`;
  return `${place.file}${offset}: ${text}`;
}

export const causeText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The operating system's code of an error: `ENOSPC`, `EEXIST`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
