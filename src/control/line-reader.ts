// Cuts a stream of bytes into lines and refuses one that is too long before it is held in memory.
import { LINE_BYTES_MAX } from './message-schema.ts';

const NEWLINE = 10;

export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #bytesMax: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onLine: (line: string) => void, bytesMax = LINE_BYTES_MAX) {
    this.#onLine = onLine;
    this.#bytesMax = bytesMax;
  }

  /** False when a line is too long: nothing after it can be read. */
  take(bytes: Buffer): boolean {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let end = rest.indexOf(NEWLINE);
    while (end >= 0 && end <= this.#bytesMax) {
      this.#onLine(rest.toString('utf8', 0, end));
      rest = rest.subarray(end + 1);
      end = rest.indexOf(NEWLINE);
    }
    this.#rest = rest;
    return end < 0 && rest.length <= this.#bytesMax;
  }
}
