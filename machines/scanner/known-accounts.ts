// What the scanner knows of accounts between two reports: it reckons with the worst.
import type { AccountReport, Ms, Transfer, VenueId } from '../../src/domain/index.ts';
import { plus, total } from '../../src/domain/index.ts';

export interface HeardWithdrawal extends Transfer {
  readonly heardAtMs: Ms;
}

export interface KnownAccounts {
  /** As last reported, less what was withdrawn since. */
  readonly accounts: Readonly<Record<VenueId, AccountReport>>;
  /** Heard after the question left that the account's report answers. */
  readonly withdrawals: readonly HeardWithdrawal[];
}

/**
 * The answer to the newest question counts, less every withdrawal that it cannot know for certain.
 * Where it knows one already that counts twice: only careful, until the next one.
 */
export function withAccount(known: KnownAccounts, report: AccountReport): Partial<KnownAccounts> {
  const { venueId, askedAtMs } = report;
  const before = known.accounts[venueId];
  if (before !== undefined && askedAtMs < before.askedAtMs) return {};
  const withdrawals = known.withdrawals.filter(
    (each) => each.venueId !== venueId || each.heardAtMs >= askedAtMs,
  );
  const gone = withdrawals.filter((each) => each.venueId === venueId);
  const equityUsd = total([report.equityUsd, ...gone.map(({ amountUsd }) => amountUsd)]);
  return { accounts: { ...known.accounts, [venueId]: { ...report, equityUsd } }, withdrawals };
}

export function withWithdrawal(
  known: KnownAccounts,
  transfer: Transfer,
  heardAtMs: Ms,
): Partial<KnownAccounts> {
  const { venueId, transferId, amountUsd } = transfer;
  const isKnown = known.withdrawals.some(
    (each) => each.venueId === venueId && each.transferId === transferId,
  );
  if (isKnown) return {};
  const withdrawals = [...known.withdrawals, { ...transfer, heardAtMs }];
  const account = known.accounts[venueId];
  if (account === undefined) return { withdrawals };
  const equityUsd = plus(account.equityUsd, amountUsd);
  return { accounts: { ...known.accounts, [venueId]: { ...account, equityUsd } }, withdrawals };
}
