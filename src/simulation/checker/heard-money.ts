// What a venue's equity is at most, as far as was heard: what the answer to the newest question
// says, less all that was heard to be withdrawn since that question left.
import { exact, sum } from './exact.ts';
import { numberAt, textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';

interface Told {
  readonly equity: bigint;
  readonly askedAtMs: number;
}

export class HeardMoney {
  readonly #told = new Map<string, Told>();
  readonly #gone: { readonly key: string; readonly amount: bigint; readonly atMs: number }[] = [];
  readonly #seen = new Set<string>();

  follow({ inputType, input, engineAtMs: atMs }: ReadRecord): void {
    if (inputType === 'transfer.made') {
      const venueId = textAt(input, 'transfer', 'venueId');
      const name = `${venueId} ${textAt(input, 'transfer', 'transferId')}`;
      const amount = exact(textAt(input, 'transfer', 'amountUsd'));
      // What is gone cannot be counted on; what came is there when the venue says so.
      if (amount < 0n && !this.#seen.has(name)) this.#gone.push({ key: venueId, amount, atMs });
      this.#seen.add(name);
    }
    if (inputType === 'account.reported') {
      const venueId = textAt(input, 'report', 'venueId');
      const equity = exact(textAt(input, 'report', 'equityUsd') || '0');
      const askedAtMs = numberAt(input, 'report', 'askedAtMs');
      const known = this.#told.get(venueId);
      if (known !== undefined && askedAtMs < known.askedAtMs) return;
      this.#told.set(venueId, { equity, askedAtMs });
    }
  }

  equityAt(venueId: string): bigint | undefined {
    const told = this.#told.get(venueId);
    if (told === undefined) return undefined;
    const gone = this.#gone.filter(({ key, atMs }) => key === venueId && atMs >= told.askedAtMs);
    return told.equity + sum(gone.map(({ amount }) => amount));
  }
}
