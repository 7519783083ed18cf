// Moves money to and from the account without a trade: what we deposit and withdraw, and what the
// insurance fund pays. Each movement has a name of its own, and is told as it happens.
import type { MarketView } from '../market/view.ts';
import type { Clock } from '../ports/index.ts';
import type { Transfer, Usd, VenueReport } from '../domain/index.ts';
import { isMore, isNegative, isZero, least, minus, negate, toTransferId } from '../domain/index.ts';
import type { AccountRecords } from './account-records.ts';
import { accountStatement } from './account-statement.ts';
import type { Publication } from './publication.ts';
import type { ExchangeSettings } from './settings.ts';

export interface TreasuryParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly clock: Clock;
  readonly records: AccountRecords;
  /** Makes the ids of this account differ from those of any other. */
  readonly idPrefix: string;
  readonly publish: (publication: Publication) => void;
}

export class Treasury {
  readonly #parts: TreasuryParts;

  constructor(parts: TreasuryParts) {
    this.#parts = parts;
  }

  /** A deposit, or a withdrawal where it is negative. Gives the cause when it is refused. */
  transfer(amountUsd: Usd): string | undefined {
    if (isZero(amountUsd)) return 'nothing to transfer';
    const isWithdrawal = isNegative(amountUsd);
    const freeUsd = this.#freeUsd();
    if (isWithdrawal && isMore(negate(amountUsd), freeUsd)) {
      return `${negate(amountUsd)} USD are wanted, ${freeUsd} USD are free`;
    }
    const report = this.book(isWithdrawal ? 'withdrawal' : 'deposit', amountUsd);
    this.#parts.publish({ reports: [report], faults: [], isFirstAnswer: false });
    return undefined;
  }

  /** What is to be told of it, with whatever it belongs to. */
  book(kind: Transfer['kind'], amountUsd: Usd): VenueReport {
    const { settings, clock, records, idPrefix } = this.#parts;
    const transferId = toTransferId(`${idPrefix}-m${records.account.ledger.entryCount + 1}`);
    const { venueId } = settings;
    const transfer = { venueId, transferId, kind, amountUsd, madeAtMs: clock.nowMs() };
    records.record({ type: 'transfer.made', transfer });
    return { type: 'transfer.made', transfer };
  }

  /** What no position or order binds; profits that are not realised cannot leave. */
  #freeUsd(): Usd {
    const { account, memory } = this.#parts.records;
    const { equityUsd, marginUsedUsd } = accountStatement({ ...this.#parts, account, memory });
    return least(account.ledger.balanceUsd, minus(equityUsd, marginUsedUsd));
  }
}
