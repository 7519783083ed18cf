// An account log whose disk is a list of texts: what is appended is safe when the test says so, and
// another exchange can be opened on whatever is there.
import { toVenueId } from '../../src/domain/index.ts';
import { parseAccountEntry } from '../../src/exchange/index.ts';
import type { AccountEntry, AccountLog, AccountState } from '../../src/exchange/index.ts';

export class MemoryAccountLog implements AccountLog {
  readonly venueId = toVenueId('okx');
  readonly kept: readonly AccountEntry[];
  readonly lines: string[];
  readonly #restartAfter: number;
  readonly #waiting: { readonly place: number; readonly then: () => void }[] = [];
  #place = 0;
  #safePlace = Infinity;

  /** `restartAfter`: so many lines make it worth a fresh start. */
  constructor(lines: readonly string[] = [], restartAfter = Infinity) {
    this.lines = [...lines];
    this.#restartAfter = restartAfter;
    this.kept = lines.map((line) => {
      const entry = parseAccountEntry(line);
      if (typeof entry === 'string') throw new Error(`${entry}: ${line.slice(0, 200)}`);
      return entry;
    });
  }

  get isOvergrown(): boolean {
    return this.lines.length > this.#restartAfter;
  }

  append(entry: AccountEntry): number {
    this.lines.push(JSON.stringify(entry));
    this.#place += 1;
    return this.#place;
  }

  restart(state: AccountState): void {
    this.lines.splice(0, this.lines.length, JSON.stringify({ state }));
  }

  whenSafe(place: number, then: () => void): void {
    if (place <= this.#safePlace && this.#waiting.length === 0) then();
    else this.#waiting.push({ place, then });
  }

  /** From here on nothing is safe until `sync`. */
  stall(): void {
    this.#safePlace = this.#place;
  }

  sync(): void {
    this.#safePlace = this.#place;
    for (const { then } of this.#waiting.splice(0)) then();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
