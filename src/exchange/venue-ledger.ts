// The venue's own account book: append-only, exact, each entry with the balance after it. The
// balance is nothing but the sum of the entries; there is no other way to change it. Only the
// newest entries stay readable here.
import type { FillId, InstrumentId, Ms, Usd } from '../domain/index.ts';
import { plus, ZERO_USD } from '../domain/index.ts';

export type LedgerKind =
  | 'deposit'
  | 'withdrawal'
  /** Profit or loss of the part of a position that a fill closed, fees apart. */
  | 'realised'
  | 'fee'
  | 'funding'
  /** What the venue's insurance fund covers when a liquidation leaves less than nothing. */
  | 'insurance';

/** Beyond this the oldest are let go, a thousand at a time. */
const ENTRIES_MAX = 20_000;
const FORGOTTEN_TOGETHER = 1_000;

export interface LedgerEntry {
  /** Counts from 1 without gaps. */
  readonly ordinal: number;
  readonly atMs: Ms;
  readonly kind: LedgerKind;
  /** Positive is received by us. */
  readonly amountUsd: Usd;
  readonly balanceUsd: Usd;
  readonly instrumentId?: InstrumentId;
  readonly fillId?: FillId;
  /** The settlement that a funding entry belongs to. */
  readonly fundingAtMs?: Ms;
}

export type LedgerPosting = Omit<LedgerEntry, 'ordinal' | 'balanceUsd'>;

export class VenueLedger {
  #entries: LedgerEntry[] = [];
  #entryCount = 0;
  #balanceUsd: Usd = ZERO_USD;

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** Of all that ever were. */
  get entryCount(): number {
    return this.#entryCount;
  }

  get balanceUsd(): Usd {
    return this.#balanceUsd;
  }

  append(posting: LedgerPosting): void {
    this.#balanceUsd = plus(this.#balanceUsd, posting.amountUsd);
    this.#entryCount += 1;
    const ordinal = this.#entryCount;
    this.#entries.push({ ...posting, ordinal, balanceUsd: this.#balanceUsd });
    if (this.#entries.length < ENTRIES_MAX + FORGOTTEN_TOGETHER) return;
    this.#entries = this.#entries.slice(FORGOTTEN_TOGETHER);
  }

  restore(from: {
    readonly balanceUsd: Usd;
    readonly entryCount: number;
    readonly entries: readonly LedgerEntry[];
  }): void {
    this.#balanceUsd = from.balanceUsd;
    this.#entryCount = from.entryCount;
    this.#entries = [...from.entries];
  }
}
