// The account with everything that a venue remembers of it. Every change is applied here and kept
// in the log, where there is one, before anything of it is told; what a log kept makes the same
// account again.
import type { Fill, InstrumentId, Ms } from '../domain/index.ts';
import type { VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type {
  AccountChange,
  AccountEntry,
  AccountLog,
  AccountState,
  ExpectedSettlement,
} from './account-change.ts';
import { OrderMemory } from './order-memory.ts';
import { VenueAccount } from './venue-account.ts';

export interface RecordsParts {
  readonly venueId: VenueId;
  readonly forgetsClosedOrders: boolean;
  readonly log: AccountLog | undefined;
}

export class AccountRecords {
  readonly account = new VenueAccount();
  readonly memory: OrderMemory;
  readonly #log: AccountLog | undefined;
  readonly #expected = new Map<InstrumentId, ExpectedSettlement>();
  #pending: AccountChange[] = [];
  #place = 0;
  #openedAtMs: Ms | undefined;
  #lastAtMs = toMs(0);
  #orderCount = 0;
  #fillCount = 0;
  #closeCount = 0;
  #lastCloseId = '';

  constructor({ venueId, forgetsClosedOrders, log }: RecordsParts) {
    if (log !== undefined && log.venueId !== venueId) {
      throw new Error(`the account of ${log.venueId} cannot serve ${venueId}`);
    }
    this.memory = new OrderMemory(forgetsClosedOrders);
    this.#log = log;
    for (const entry of log?.kept ?? []) this.#restore(entry);
  }

  /** Absent as long as nobody has opened the account. */
  get openedAtMs(): Ms | undefined {
    return this.#openedAtMs;
  }

  get orderCount(): number {
    return this.#orderCount;
  }

  get fillCount(): number {
    return this.#fillCount;
  }

  /** Of the venue's own closings of positions. */
  get closeCount(): number {
    return this.#closeCount;
  }

  /** The newest settlement of each instrument that a position was held towards. */
  get expected(): ReadonlyMap<InstrumentId, ExpectedSettlement> {
    return this.#expected;
  }

  /** What a clock that was fast has dated later than now, happened before now. */
  dateBefore(nowMs: Ms): void {
    if (this.#lastAtMs <= nowMs) return;
    this.#lastAtMs = toMs(nowMs - 1);
    this.account.activity.dateBack(this.#lastAtMs);
    this.#log?.restart(this.state());
  }

  record(change: AccountChange): void {
    this.#apply(change);
    if (this.#log !== undefined) this.#pending.push(change);
  }

  /** Whatever was recorded since the last call is one entry; gives its place for `whenSafe`. */
  commit(): number {
    if (this.#log === undefined || this.#pending.length === 0) return this.#place;
    this.#place = this.#log.append({ changes: this.#pending });
    this.#pending = [];
    if (this.#log.isOvergrown) this.#log.restart(this.state());
    return this.#place;
  }

  /** At once where nothing is kept. */
  whenSafe(place: number, then: () => void): void {
    if (this.#log === undefined) then();
    else this.#log.whenSafe(place, then);
  }

  close(): Promise<void> {
    this.commit();
    return this.#log?.close() ?? Promise.resolve();
  }

  state(): AccountState {
    const { account, memory } = this;
    const { ledger } = account;
    return {
      openedAtMs: this.#openedAtMs ?? toMs(0),
      lastAtMs: this.#lastAtMs,
      orderCount: this.#orderCount,
      fillCount: this.#fillCount,
      closeCount: this.#closeCount,
      balanceUsd: ledger.balanceUsd,
      entryCount: ledger.entryCount,
      entries: ledger.entries,
      positions: [...account.positions].map(([instrumentId, { qty, costUsd }]) => ({
        ...{ instrumentId, qty, costUsd },
      })),
      open: memory.allOpen(),
      closed: memory.allClosed(),
      activity: account.activity.all,
      expected: [...this.#expected.values()],
    };
  }

  #restore(entry: AccountEntry): void {
    if ('changes' in entry) {
      for (const change of entry.changes) this.#apply(change);
      return;
    }
    const { state } = entry;
    this.#openedAtMs = state.openedAtMs;
    this.#lastAtMs = state.lastAtMs;
    this.#orderCount = state.orderCount;
    this.#fillCount = state.fillCount;
    this.#closeCount = state.closeCount;
    this.account.restore(state);
    this.memory.restore(state);
    for (const expected of state.expected) this.#expected.set(expected.instrumentId, expected);
  }

  #apply(change: AccountChange): void {
    const { account, memory } = this;
    this.#lastAtMs = toMs(Math.max(this.#lastAtMs, instantOf(change)));
    switch (change.type) {
      case 'account.opened':
        this.#openedAtMs = change.atMs;
        return account.applyDeposit(change.depositUsd, change.atMs);
      case 'order.accepted': {
        this.#orderCount += 1;
        const { atMs: acceptedAtMs, request, venueOrderId, faults } = change;
        return memory.keep({ request, venueOrderId, acceptedAtMs, faults, fills: [] });
      }
      case 'order.filled':
      case 'position.liquidated':
        return this.#applyFill(change.type, change.fill);
      case 'order.ended':
        return memory.close(change.clientOrderId, change.end, change.atMs);
      case 'funding.paid':
        return account.applyFunding(change.payment, change.atMs);
      case 'transfer.made':
        return account.applyTransfer(change.transfer);
      case 'insurance.paid':
        return account.applyInsurance(change.amountUsd, change.atMs);
      case 'settlement.expected':
        this.#expected.set(change.expected.instrumentId, change.expected);
    }
  }

  #applyFill(type: 'order.filled' | 'position.liquidated', fill: Fill): void {
    this.#fillCount += 1;
    this.account.applyFill(fill, type);
    if (type === 'order.filled') this.memory.addFill(fill);
    else if (fill.clientOrderId !== this.#lastCloseId) {
      this.#lastCloseId = fill.clientOrderId;
      this.#closeCount += 1;
    }
  }
}

function instantOf(change: AccountChange): number {
  if ('atMs' in change) return change.atMs;
  if ('transfer' in change) return change.transfer.madeAtMs;
  return 'fill' in change ? change.fill.filledAtMs : 0;
}

/** What a kept account holds before anything serves it; undefined where there is none. */
export function keptAccount(log: AccountLog): AccountState | undefined {
  const { venueId } = log;
  const records = new AccountRecords({ venueId, forgetsClosedOrders: false, log });
  return records.openedAtMs === undefined ? undefined : records.state();
}
