// An account of the exchange of our own as a file: each entry a checked line, safe before anything
// of it is told. Files of paper runs lie in `paper/` of the data folder, those of an exchange
// process in a folder of its own.
import type { VenueId } from '../domain/index.ts';
import type { AccountEntry, AccountLog, AccountState } from '../exchange/index.ts';
import { parseAccountEntry } from '../exchange/index.ts';
import { CheckedLog, JournalError } from '../journal/index.ts';

const FORMAT = 'trinity-account';
const VERSION = 1;

export interface AccountFileParts {
  readonly path: string;
  readonly venueId: VenueId;
  readonly onFailure: (error: Error) => void;
  readonly restartBytesMin?: number;
}

export class AccountFile implements AccountLog {
  readonly venueId: VenueId;
  readonly path: string;
  readonly kept: readonly AccountEntry[];
  readonly #log: CheckedLog;

  constructor({ path, venueId, ...options }: AccountFileParts) {
    const head = { format: FORMAT, version: VERSION, of: venueId };
    this.#log = new CheckedLog(path, { head, ...options });
    this.venueId = venueId;
    this.path = path;
    this.kept = this.#log.kept.map(({ json, offset }) => {
      const entry = parseAccountEntry(json);
      if (typeof entry !== 'string') return entry;
      throw new JournalError('journal.damaged', `no entry of an account: ${entry}`, {
        ...{ file: path, offset },
      });
    });
  }

  get isOvergrown(): boolean {
    return this.#log.isOvergrown;
  }

  append(entry: AccountEntry): number {
    return this.#log.append(JSON.stringify(entry));
  }

  restart(state: AccountState): void {
    this.#log.restart(JSON.stringify({ state }));
  }

  whenSafe(place: number, then: () => void): void {
    this.#log.whenSafe(place, then);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
