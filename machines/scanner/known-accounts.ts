// What the scanner knows of accounts between two reports: it reckons with the worst.
import type { AccountReport, Transfer, VenueId } from '../../src/domain/index.ts';
import { plus } from '../../src/domain/index.ts';

type KnownAccounts = Readonly<Record<VenueId, AccountReport>>;

/** Where the last report has it already it counts twice: only careful, until the next one. */
export function withWithdrawal(
  accounts: KnownAccounts,
  { venueId, amountUsd }: Transfer,
): KnownAccounts {
  const known = accounts[venueId];
  if (known === undefined) return accounts;
  return { ...accounts, [venueId]: { ...known, equityUsd: plus(known.equityUsd, amountUsd) } };
}
