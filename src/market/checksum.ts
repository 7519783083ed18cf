// The checksums that venues send over the best levels of a book, and a guard that keeps the
// digits of many books and finds the first update after which ours differs from theirs.
import type { InstrumentId } from '../domain/index.ts';
import { crc32 } from './crc32.ts';
import type { DigitLevel } from './digit-book.ts';
import { DigitBook } from './digit-book.ts';

/** One book message in the venue's own digits. */
export interface DigitUpdate {
  readonly instrumentId: InstrumentId;
  readonly isSnapshot: boolean;
  readonly bids: readonly DigitLevel[];
  readonly asks: readonly DigitLevel[];
  /** Absent where the venue sent none. */
  readonly checksum: number | undefined;
}

export type BookChecksum = (book: DigitBook) => number;

const KRAKEN_LEVELS = 10;
const OKX_LEVELS = 25;

/**
 * https://docs.kraken.com/api/docs/guides/spot-ws-book-v2: ten asks, then ten bids; v1 is the same.
 */
export const krakenChecksum: BookChecksum = (book) => {
  const digits = ([price, size]: DigitLevel): string =>
    toKrakenDigits(price) + toKrakenDigits(size);
  const asks = book.best('asks', KRAKEN_LEVELS).map(digits);
  const bids = book.best('bids', KRAKEN_LEVELS).map(digits);
  return crc32(asks.join('') + bids.join(''));
};

/** https://www.okx.com/docs-v5/en/: bid and ask by turns to 25 levels, joined by colons, signed. */
export const okxChecksum: BookChecksum = (book) => {
  const bids = book.best('bids', OKX_LEVELS);
  const asks = book.best('asks', OKX_LEVELS);
  const parts: string[] = [];
  for (let depth = 0; depth < Math.max(bids.length, asks.length); depth += 1) {
    parts.push(...(bids[depth] ?? []), ...(asks[depth] ?? []));
  }
  return crc32(parts.join(':')) | 0;
};

const toKrakenDigits = (text: string): string => text.replace('.', '').replace(/^0+/, '');

export class ChecksumGuard {
  readonly #books = new Map<InstrumentId, DigitBook>();
  readonly #checksum: BookChecksum;
  readonly #depthMax: number;

  constructor(checksum: BookChecksum, depthMax: number) {
    this.#checksum = checksum;
    this.#depthMax = depthMax;
  }

  /** The cause when the books differ; updates before the first snapshot prove nothing. */
  verify(update: DigitUpdate): string | undefined {
    const book = this.#bookFor(update);
    if (book === undefined) return undefined;
    book.apply(update);
    if (update.checksum === undefined) return undefined;
    const ours = this.#checksum(book);
    if (ours === update.checksum) return undefined;
    this.#books.delete(update.instrumentId);
    return `checksum of ${update.instrumentId} is ${ours}, the venue says ${update.checksum}`;
  }

  bookOf(instrumentId: InstrumentId): DigitBook | undefined {
    return this.#books.get(instrumentId);
  }

  #bookFor({ instrumentId, isSnapshot }: DigitUpdate): DigitBook | undefined {
    if (!isSnapshot) return this.#books.get(instrumentId);
    const book = new DigitBook(this.#depthMax);
    this.#books.set(instrumentId, book);
    return book;
  }
}
