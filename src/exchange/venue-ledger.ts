// The venue's own account book: append-only, exact, each entry with the balance after it. The
// balance is nothing but the sum of the entries; there is no other way to change it.
import type { FillId, InstrumentId, Ms, Usd } from '../domain/index.ts';
import { plus, ZERO_USD } from '../domain/index.ts';

export type LedgerKind =
  | 'deposit'
  /** Profit or loss of the part of a position that a fill closed, fees apart. */
  | 'realised'
  | 'fee'
  | 'funding'
  /** What the venue's insurance fund covers when a liquidation leaves less than nothing. */
  | 'insurance';

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
  readonly #entries: LedgerEntry[] = [];
  #balanceUsd: Usd = ZERO_USD;

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get balanceUsd(): Usd {
    return this.#balanceUsd;
  }

  append(posting: LedgerPosting): void {
    this.#balanceUsd = plus(this.#balanceUsd, posting.amountUsd);
    const ordinal = this.#entries.length + 1;
    this.#entries.push({ ...posting, ordinal, balanceUsd: this.#balanceUsd });
  }
}
