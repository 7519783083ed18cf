// One growing file of checked lines that is written before anybody is told, for what is not a run's
// journal. Lines collect while a sync is in flight and go to the disk together. The whole file may
// be replaced by one line that says the same, so that it does not grow for ever. A failed write or
// sync ends it for good.
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { toCheckedLine } from './checked-line.ts';
import type { CheckedLogHead, KeptLine } from './checked-log-reader.ts';
import { openCheckedLog, toHeadLine } from './checked-log-reader.ts';
import { syncFolder } from './durable-file.ts';
import { causeText, JournalError } from './journal-error.ts';

/** What may follow the last restart, whatever that was: it is read again at each start. */
const RESTART_BYTES_MIN = 1024 * 1024;

export interface CheckedLogOptions {
  readonly head: CheckedLogHead;
  readonly restartBytesMin?: number;
  /** Called at most once: nothing appended from here on will ever be safe. */
  readonly onFailure: (error: Error) => void;
}

export class CheckedLog {
  /** What the file held when it was opened, oldest first. */
  readonly kept: readonly KeptLine[];
  /** Bytes of a last line that was cut short, and is cut off now. */
  readonly tornBytes: number;
  readonly #path: string;
  readonly #options: CheckedLogOptions;
  readonly #waiters: { readonly place: number; readonly then: () => void }[] = [];
  #file: FileHandle | undefined;
  #lines: string[] = [];
  #restartLine: string | undefined;
  #bytes: number;
  #bytesAtRestart: number;
  #place = 0;
  #safePlace = 0;
  #pumping: Promise<void> | undefined;
  #failure: JournalError | undefined;

  constructor(path: string, options: CheckedLogOptions) {
    const { lines, bytes, tornBytes } = openCheckedLog(path, options.head);
    rmSync(draftPath(path), { force: true });
    this.kept = lines;
    this.tornBytes = tornBytes;
    this.#path = path;
    this.#options = options;
    this.#bytes = bytes;
    // The first line is the state, where there is one; a line of any other kind is short.
    this.#bytesAtRestart = lines[0]?.json.length ?? 0;
  }

  /** A good part of the file says what later lines have changed. */
  get isOvergrown(): boolean {
    const restartBytesMin = this.#options.restartBytesMin ?? RESTART_BYTES_MIN;
    const sinceBytes = this.#bytes - this.#bytesAtRestart;
    return sinceBytes > Math.max(restartBytesMin, this.#bytesAtRestart / 4);
  }

  /** Gives the place of the line in the order of all. */
  append(json: string): number {
    const line = toCheckedLine(json);
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#place += 1;
    this.#pump();
    return this.#place;
  }

  /** One line in place of everything before it. */
  restart(json: string): void {
    this.#restartLine = `${toHeadLine(this.#options.head)}${toCheckedLine(json)}`;
    this.#lines = [];
    this.#bytes = this.#restartLine.length;
    this.#bytesAtRestart = this.#bytes;
    this.#pump();
  }

  whenSafe(place: number, then: () => void): void {
    if (place <= this.#safePlace && this.#waiters.length === 0) then();
    else this.#waiters.push({ place, then });
  }

  /** Everything appended is safe when this resolves; rejects when it could not be made so. */
  async close(): Promise<void> {
    await this.#pumping;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #pump(): void {
    if (this.#failure === undefined) {
      this.#pumping ??= Promise.resolve().then(() => this.#drain());
    }
  }

  async #drain(): Promise<void> {
    while (this.#lines.length > 0 || this.#restartLine !== undefined) {
      const place = this.#place;
      const restartLine = this.#restartLine;
      const text = this.#lines.join('');
      this.#restartLine = undefined;
      this.#lines = [];
      try {
        if (restartLine !== undefined) await this.#replace(restartLine);
        if (text !== '') await this.#write(text);
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#safePlace = place;
      this.#release();
    }
    this.#pumping = undefined;
  }

  async #write(text: string): Promise<void> {
    this.#file ??= await open(this.#path, 'a');
    await this.#file.writeFile(text);
    await this.#file.datasync();
  }

  /** Beside, synced, renamed: after a crash it is the old file or the new one. */
  async #replace(text: string): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    const draft = await open(draftPath(this.#path), 'w', 0o644);
    try {
      await draft.writeFile(text);
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(draftPath(this.#path), this.#path);
    syncFolder(dirname(this.#path));
  }

  #release(): void {
    let waiter = this.#waiters[0];
    while (waiter !== undefined && waiter.place <= this.#safePlace) {
      this.#waiters.shift();
      waiter.then();
      waiter = this.#waiters[0];
    }
  }

  #fail(error: unknown): void {
    const place = { file: this.#path, cause: error };
    this.#failure = new JournalError('journal.failed', causeText(error), place);
    this.#options.onFailure(this.#failure);
  }
}

const draftPath = (path: string): string => `${path}.draft`;
