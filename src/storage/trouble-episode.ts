// What people are told of a database that fails: once when it begins, once more when it is refused
// for a reason that somebody has to settle, and once when it is over. The pause between two
// attempts grows meanwhile.
import type { StoreNews } from '../ports/index.ts';
import { causeLine } from './storage-error.ts';

export interface RetryPace {
  readonly retryMsMin: number;
  readonly retryMsMax: number;
}

/** Such trouble may pass by itself; any other waits for somebody who settles it. */
export const isPassing = (code: string): boolean =>
  ['storage.unreachable', 'storage.failed'].includes(code);

export class TroubleEpisode {
  readonly #pace: RetryPace;
  readonly #tell: (news: StoreNews) => void;
  readonly #told = new Set<string>();
  #attempts = 0;
  #isTold: boolean;

  constructor(pace: RetryPace, tell: (news: StoreNews) => void, isTold: boolean) {
    this.#pace = pace;
    this.#tell = tell;
    this.#isTold = isTold;
  }

  failed(error: unknown): void {
    this.#attempts += 1;
    const code = codeOf(error);
    const kind = isPassing(code) ? 'passing' : code;
    const isOld = this.#told.has(kind) || (kind === 'passing' && this.#isTold);
    this.#told.add(kind);
    this.#isTold = true;
    if (!isOld) this.#tell({ type: 'trouble', code, text: causeLine(error) });
  }

  over(lastSeq: number): void {
    if (this.#isTold) this.#tell({ type: 'recovered', lastSeq });
    this.#attempts = 0;
    this.#isTold = false;
    this.#told.clear();
  }

  get pauseMs(): number {
    const { retryMsMin, retryMsMax } = this.#pace;
    return Math.min(retryMsMin * 2 ** Math.max(this.#attempts - 1, 0), retryMsMax);
  }
}

/** Errors of storage and journal carry a stable code; anything else is a failure. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && /^(storage|journal)\./.test(String(error.code))
    ? String(error.code)
    : 'storage.failed';
