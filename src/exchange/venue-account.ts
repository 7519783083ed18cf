// What the venue holds for us: a ledger of money and the positions. Fills, settlements and
// transfers are the only things that change it; marks only value it.
import type { Fill, FundingPayment, InstrumentId, Ms, Qty, Transfer } from '../domain/index.ts';
import type { Usd } from '../domain/index.ts';
import { isNegative, isZero, negate, ZERO_QTY, ZERO_USD } from '../domain/index.ts';
import type { AccountState } from './account-change.ts';
import { ActivityMemory } from './activity-memory.ts';
import type { CostedPosition } from './costed-position.ts';
import { FLAT, traded } from './costed-position.ts';
import { VenueLedger } from './venue-ledger.ts';

export class VenueAccount {
  readonly ledger = new VenueLedger();
  readonly activity = new ActivityMemory();
  readonly #positions = new Map<InstrumentId, CostedPosition>();

  /** Open positions, in order of the first opening. */
  get positions(): ReadonlyMap<InstrumentId, CostedPosition> {
    return this.#positions;
  }

  positionQty(instrumentId: InstrumentId): Qty {
    return this.#positions.get(instrumentId)?.qty ?? ZERO_QTY;
  }

  /** With nothing left to close, a debt is the venue's. */
  get uncoveredUsd(): Usd {
    const { balanceUsd } = this.ledger;
    return this.#positions.size === 0 && isNegative(balanceUsd) ? negate(balanceUsd) : ZERO_USD;
  }

  applyDeposit(amountUsd: Usd, atMs: Ms): void {
    this.ledger.append({ kind: 'deposit', amountUsd, atMs });
  }

  applyFill(fill: Fill, type: 'order.filled' | 'position.liquidated'): void {
    const { instrumentId, fillId, filledAtMs: atMs } = fill;
    const before = this.#positions.get(instrumentId) ?? FLAT;
    const { position, realisedUsd } = traded(before, fill);
    if (isZero(position.qty)) this.#positions.delete(instrumentId);
    else this.#positions.set(instrumentId, position);
    const about = { atMs, instrumentId, fillId };
    if (realisedUsd !== undefined) {
      this.ledger.append({ ...about, kind: 'realised', amountUsd: realisedUsd });
    }
    this.ledger.append({ ...about, kind: 'fee', amountUsd: negate(fill.feeUsd) });
    this.activity.remember({ atMs, report: { type, fill } });
  }

  applyFunding(payment: FundingPayment, atMs: Ms): void {
    const { instrumentId, fundingAtMs, amountUsd } = payment;
    this.ledger.append({ kind: 'funding', amountUsd, atMs, instrumentId, fundingAtMs });
    this.activity.remember({ atMs, report: { type: 'funding.paid', payment } });
  }

  applyTransfer(transfer: Transfer): void {
    const { kind, amountUsd, madeAtMs: atMs } = transfer;
    this.ledger.append({ kind, amountUsd, atMs });
    this.activity.remember({ atMs, report: { type: 'transfer.made', transfer } });
  }

  /** Nobody was told of it when it was paid, and it has no name by which it could be told now. */
  applyInsurance(amountUsd: Usd, atMs: Ms): void {
    this.ledger.append({ kind: 'insurance', amountUsd, atMs });
  }

  /** Of an account on which nothing has happened yet. */
  restore({ positions, activity, ...ledger }: AccountState): void {
    this.ledger.restore(ledger);
    for (const { instrumentId, qty, costUsd } of positions) {
      this.#positions.set(instrumentId, { qty, costUsd });
    }
    for (const each of activity) this.activity.remember(each);
  }
}
