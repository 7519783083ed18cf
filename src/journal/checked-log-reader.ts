// Opens a file of checked lines: makes it where there is none, cuts off a last line that was cut
// short, and refuses everything else that is not exactly what was written.
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync } from 'node:fs';
import { openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkLine, NEWLINE, toCheckedLine } from './checked-line.ts';
import { writeDurably } from './durable-file.ts';
import { JournalError } from './journal-error.ts';

/** The first line of the file: what it is, and whose. */
export interface CheckedLogHead {
  readonly format: string;
  readonly version: number;
  readonly of: string;
}

export interface KeptLine {
  readonly json: string;
  /** Of the line's first byte. */
  readonly offset: number;
}

export interface OpenedLog {
  readonly lines: readonly KeptLine[];
  readonly bytes: number;
  readonly tornBytes: number;
}

export const toHeadLine = ({ format, version, of }: CheckedLogHead): string =>
  toCheckedLine(JSON.stringify({ format, version, of }));

export function openCheckedLog(path: string, head: CheckedLogHead): OpenedLog {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    const line = toHeadLine(head);
    writeDurably(path, line);
    return { lines: [], bytes: line.length, tornBytes: 0 };
  }
  const bytes = readFileSync(path);
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const [first, ...lines] = [...linesOf(bytes.subarray(0, wholeBytes), path)];
  checkHead(first, head, path);
  const tornBytes = bytes.length - wholeBytes;
  if (tornBytes > 0) cut(path, wholeBytes);
  return { lines, bytes: wholeBytes, tornBytes };
}

function* linesOf(bytes: Buffer, file: string): Generator<KeptLine> {
  let offset = 0;
  while (offset < bytes.length) {
    const end = bytes.indexOf(NEWLINE, offset);
    const checked = checkLine(bytes.subarray(offset, end));
    if (!checked.isGood) throw new JournalError('journal.damaged', checked.cause, { file, offset });
    yield { json: checked.json, offset };
    offset = end + 1;
  }
}

function checkHead(first: KeptLine | undefined, head: CheckedLogHead, file: string): void {
  const wanted = `a file of format ${head.format}`;
  if (first === undefined) throw new JournalError('journal.damaged', `is not ${wanted}`, { file });
  const found: unknown = JSON.parse(first.json);
  const has = (key: 'format' | 'of' | 'version', value: unknown): boolean =>
    Object.entries(found ?? {}).some(([name, each]) => name === key && each === value);
  if (!has('format', head.format)) {
    throw new JournalError('journal.damaged', `is not ${wanted}`, { file });
  }
  if (!has('version', head.version)) {
    const text = `is not of version ${head.version}, which this program reads: ${first.json}`;
    throw new JournalError('journal.newer-version', text, { file });
  }
  if (has('of', head.of)) return;
  throw new JournalError('journal.damaged', `is not of ${head.of}: ${first.json}`, { file });
}

function cut(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
