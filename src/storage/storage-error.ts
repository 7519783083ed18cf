// Every way in which a database can be refused, each with a stable code and the way out in its
// words. No message holds a password: addresses are told without their credentials.

export type StorageErrorCode =
  /** DATABASE_URL does not say where a PostgreSQL is. */
  | 'storage.address'
  /** Nobody answers there, or not to us. */
  | 'storage.unreachable'
  /** It holds tables that are not ours. */
  | 'storage.foreign'
  | 'storage.newer-version'
  /** The database tells another story of this run than the journal. */
  | 'storage.diverged'
  /** Records are missing between what is stored and what is offered. */
  | 'storage.gap'
  /** It answered and refused, or was lost on the way. */
  | 'storage.failed';

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, text: string, options?: ErrorOptions) {
    super(text, options);
    this.name = 'StorageError';
    this.code = code;
  }
}

/** First line only: a message of the embedded database may carry a page of its own source. */
export function causeLine(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const text = first instanceof Error ? first.message : String(first);
  return (text.split('\n')[0] ?? text).slice(0, CAUSE_CHARS_MAX);
}

const CAUSE_CHARS_MAX = 300;
