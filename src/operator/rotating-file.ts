// A log file with a limit: written at once, so that a killed process has said what it knew, and
// moved aside when it is full. A disk that refuses costs lines, never the engine: the loss is
// counted and told in the next line that can be written.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotationLimits {
  readonly fileBytesMax: number;
  /** Full files kept beside the current one: `engine.log.1` is the newest. */
  readonly keptFiles: number;
}

export class RotatingFile {
  readonly #path: string;
  readonly #limits: RotationLimits;
  /** Told in place of lost lines. */
  readonly #lossLine: (lines: number) => string;
  #file: number | undefined;
  #bytes = 0;
  #lostLines = 0;
  /** The disk took a part of a line: the next one begins on a line of its own. */
  #isCut = false;

  /** Throws when the file cannot be opened: that is found at the start, not at the first trade. */
  constructor(path: string, limits: RotationLimits, lossLine: (lines: number) => string) {
    this.#path = path;
    this.#limits = limits;
    this.#lossLine = lossLine;
    mkdirSync(dirname(path), { recursive: true });
    this.#open();
  }

  write(line: string): void {
    const loss = this.#lostLines === 0 ? '' : this.#lossLine(this.#lostLines);
    try {
      this.#append(`${this.#isCut ? '\n' : ''}${loss}${line}`);
      this.#lostLines = 0;
      this.#isCut = false;
    } catch {
      this.#lostLines += 1;
      this.close();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(text: string): void {
    if (this.#bytes >= this.#limits.fileBytesMax) this.#rotate();
    const file = this.#file ?? this.#open();
    const bytes = Buffer.from(text);
    let offset = 0;
    while (offset < bytes.length) {
      offset += writeSync(file, bytes, offset);
      this.#isCut = offset < bytes.length;
    }
    this.#bytes += bytes.length;
  }

  #open(): number {
    const file = openSync(this.#path, 'a', 0o644);
    this.#file = file;
    this.#bytes = fstatSync(file).size;
    return file;
  }

  #rotate(): void {
    this.close();
    for (let number = this.#limits.keptFiles; number >= 1; number -= 1) {
      const older = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      moveIfThere(older, `${this.#path}.${number}`);
    }
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) throw error;
  }
}
