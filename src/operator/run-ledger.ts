// The ledger of a run as its journal tells it: every posting once, balances per venue, account and
// asset, and each account report held against them. What a report shows beyond the ledger is never
// booked: a transfer that the venue does not tell of and a mistake look the same from here.
import type {
  AccountReport,
  Decimal,
  LedgerAccount,
  LedgerLine,
  Ms,
  StepRecord,
  Usd,
  VenueId,
} from '../domain/index.ts';
import {
  absolute,
  baseOf,
  cashOf,
  isNegative,
  isZero,
  least,
  minus,
  notional,
  openingLines,
  plus,
  toUsd,
  total,
  ZERO_USD,
} from '../domain/index.ts';

export interface LedgerBalance {
  readonly venueId: VenueId;
  readonly account: LedgerAccount;
  readonly asset: string;
  readonly amount: Decimal;
}

/** The last report of a venue beside the ledger. */
export interface AccountCheck {
  readonly venueId: VenueId;
  readonly seq: number;
  readonly atMs: Ms;
  readonly equityUsd: Usd;
  /** Wallet, and positions at the marks of the report. */
  readonly ledgerUsd: Usd;
  /** Both hold the same: nothing is under way. */
  readonly isQuiet: boolean;
  /** Of the last quiet report: positive is more than the ledger has. */
  readonly differenceUsd: Usd;
  /** What the last two quiet reports agree on: what is still being told is gone by the second. */
  readonly unexplainedUsd: Usd;
}

export class RunLedger {
  readonly #booked = new Set<string>();
  readonly #balances = new Map<string, LedgerBalance>();
  readonly #checks = new Map<VenueId, AccountCheck>();

  /** Books what is not booked yet; returns the cash that it moved. */
  book(lines: readonly LedgerLine[]): Usd {
    const fresh = lines.filter(({ posting }) => !this.#booked.has(posting));
    for (const line of fresh) this.#add(line);
    for (const { posting } of fresh) this.#booked.add(posting);
    return toUsd(cashOf(fresh));
  }

  check(report: AccountReport, { seq, atMs }: Pick<StepRecord, 'seq' | 'atMs'>): void {
    const { venueId, equityUsd } = report;
    const before = this.#checks.get(venueId);
    if (before === undefined) {
      const bookedUsd = toUsd(this.#balance(venueId, 'wallet', 'USD'));
      this.book(openingLines(report, bookedUsd));
    }
    const ledgerUsd = this.#worthUsd(report);
    const isQuiet = this.#holdsTheSame(report);
    const lastUsd = before?.differenceUsd ?? ZERO_USD;
    const differenceUsd = isQuiet ? minus(equityUsd, ledgerUsd) : lastUsd;
    const unexplainedUsd = isQuiet
      ? agreed(lastUsd, differenceUsd)
      : (before?.unexplainedUsd ?? ZERO_USD);
    const found = { equityUsd, ledgerUsd, isQuiet, differenceUsd, unexplainedUsd };
    this.#checks.set(venueId, { venueId, seq, atMs, ...found });
  }

  get postings(): number {
    return this.#booked.size;
  }

  /** By venue, account and asset. */
  get balances(): readonly LedgerBalance[] {
    return [...this.#balances]
      .filter(([, { amount }]) => !isZero(amount))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, balance]) => balance);
  }

  /** The sum of all accounts in each asset: zero, or a posting was one-sided. */
  get sums(): Readonly<Record<string, Decimal>> {
    const sums = new Map<string, Decimal>();
    for (const { asset, amount } of this.#balances.values()) {
      sums.set(asset, plus(sums.get(asset) ?? ZERO_USD, amount));
    }
    return Object.fromEntries([...sums].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  get isBalanced(): boolean {
    return Object.values(this.sums).every(isZero);
  }

  get checks(): readonly AccountCheck[] {
    return [...this.#checks.values()];
  }

  get unexplainedUsd(): Usd {
    return total(this.checks.map(({ unexplainedUsd }) => unexplainedUsd));
  }

  #add({ venueId, account, asset, amount }: LedgerLine): void {
    const key = `${venueId} ${account} ${asset}`;
    const before = this.#balances.get(key)?.amount ?? ZERO_USD;
    this.#balances.set(key, { venueId, account, asset, amount: plus(before, amount) });
  }

  #balance(venueId: VenueId, account: LedgerAccount, asset: string): Decimal {
    return this.#balances.get(`${venueId} ${account} ${asset}`)?.amount ?? ZERO_USD;
  }

  #worthUsd({ venueId, positions }: AccountReport): Usd {
    const cash = plus(
      this.#balance(venueId, 'wallet', 'USD'),
      this.#balance(venueId, 'position', 'USD'),
    );
    const marks = total(positions.map(({ markPrice, qty }) => notional(markPrice, qty)));
    return plus(toUsd(cash), marks);
  }

  #holdsTheSame({ venueId, positions }: AccountReport): boolean {
    const held = [...this.#balances.values()].filter(
      (balance) =>
        balance.venueId === venueId && balance.account === 'position' && balance.asset !== 'USD',
    );
    const assets = new Set([...held.map(({ asset }) => asset), ...positions.map(baseOf)]);
    return [...assets].every((asset) => {
      const reported = positions.filter((position) => baseOf(position) === asset);
      const ours = this.#balance(venueId, 'position', asset);
      return total<Decimal>(reported.map(({ qty }) => qty)) === ours;
    });
  }
}

function agreed(left: Usd, right: Usd): Usd {
  if (isZero(left) || isZero(right) || isNegative(left) !== isNegative(right)) return ZERO_USD;
  return least(absolute(left), absolute(right)) === absolute(left) ? left : right;
}
