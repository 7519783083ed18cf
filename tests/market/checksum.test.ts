// Checksums over book digits agree with the venues' own documents.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ChecksumGuard, krakenChecksum, okxChecksum } from '../../src/market/checksum.ts';
import { crc32 } from '../../src/market/crc32.ts';
import type { DigitLevel } from '../../src/market/digit-book.ts';
import { DigitBook } from '../../src/market/digit-book.ts';
import { sharedData } from '../shared-data.ts';
import { anyInstrument } from '../venues/recordings.ts';

interface Vector {
  readonly id: string;
  readonly venue: string;
  readonly bids?: readonly DigitLevel[];
  readonly asks?: readonly DigitLevel[];
  readonly apply?: {
    readonly on: string;
    readonly bids: readonly DigitLevel[];
    readonly asks: readonly DigitLevel[];
  };
  readonly expected: number;
  readonly reproducible: boolean;
}

const path = sharedData('checksum-vectors/vectors.json');
const vectors =
  path === undefined
    ? []
    : (JSON.parse(readFileSync(path, 'utf8')) as { readonly vectors: readonly Vector[] }).vectors;

function bookOf(vector: Vector): DigitBook {
  if (vector.apply === undefined) {
    const book = new DigitBook(10);
    book.apply({ bids: vector.bids ?? [], asks: vector.asks ?? [] });
    return book;
  }
  const { on } = vector.apply;
  const base = vectors.find(({ id }) => id === on);
  if (base === undefined) throw new Error(`no vector is named ${on}`);
  const book = bookOf(base);
  book.apply(vector.apply);
  return book;
}

describe('the documented checksum', () => {
  test.skipIf(path === undefined)('is there in six reproducible examples', () => {
    expect(vectors.filter(({ reproducible }) => reproducible)).toHaveLength(6);
  });
  for (const vector of vectors.filter(({ reproducible }) => reproducible)) {
    test(vector.id, () => {
      const checksum = vector.venue === 'kraken' ? krakenChecksum : okxChecksum;
      expect(checksum(bookOf(vector))).toBe(vector.expected);
    });
  }
});

test('crc32 gives the check value of its definition', () => {
  expect(crc32('123456789')).toBe(0xcbf43926);
  expect(crc32('')).toBe(0);
});

describe('a guard', () => {
  const { instrumentId } = anyInstrument('okx', 'BTC/USDT:USDT');
  const snapshot = {
    instrumentId,
    isSnapshot: true,
    bids: [['3366.1', '7']] as const,
    asks: [['3366.8', '9']] as const,
    checksum: crc32('3366.1:7:3366.8:9') | 0,
  };
  const update = { ...snapshot, isSnapshot: false, bids: [['3366.1', '0.00']] as const, asks: [] };

  test('follows updates and names the first that differs, once', () => {
    const guard = new ChecksumGuard(okxChecksum, 400);
    expect(guard.verify(snapshot)).toBeUndefined();
    expect(guard.verify({ ...update, checksum: crc32('3366.8:9') | 0 })).toBeUndefined();
    expect(guard.verify({ ...update, checksum: 1 })).toBe(
      `checksum of okx:BTC/USDT:USDT is ${crc32('3366.8:9') | 0}, the venue says 1`,
    );
    expect(guard.verify({ ...update, checksum: 2 })).toBeUndefined();
    expect(guard.verify(snapshot)).toBeUndefined();
  });
});
