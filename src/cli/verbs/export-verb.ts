// `node main export <what> [run]`: rows of a journal for other programs, as JSON lines, CSV or
// Parquet. It only reads the journal, takes no lock, and replaces no file. Of a run that goes on it
// tells everything up to now: its engine writes down first what it has accepted.
import { closeSync, createWriteStream, openSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { closest } from '../../config/near-key.ts';
import { standingSchema } from '../../control/index.ts';
import type { Ms, StepRecord } from '../../domain/index.ts';
import type { RunFolder, TornTail } from '../../journal/index.ts';
import { readJournal } from '../../journal/index.ts';
import { csvLines } from '../../operator/csv-lines.ts';
import { jsonLines } from '../../operator/export-table.ts';
import type { Columns, ExportRow } from '../../operator/export-table.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import { EXPORT_TABLES } from './export-tables.ts';
import { tornText } from '../journal-state.ts';
import type { ReadFlags } from '../read-flags.ts';
import { dataFolderOf, runToRead } from '../read-flags.ts';
import { askIfRunning } from '../running-engine.ts';
import { sinceInstant } from './since-instant.ts';

export interface ExportFlags extends Omit<ReadFlags, 'json'> {
  readonly format: string;
  readonly since?: string;
  readonly out?: string;
}

const TEXTS = { jsonl: jsonLines, csv: csvLines } as const;
const FORMATS = { ...TEXTS, parquet: undefined } as const;

export async function exportRun(
  what: string,
  wanted: string | undefined,
  flags: ExportFlags,
): Promise<ExitName> {
  const table = known(EXPORT_TABLES, what, 'nothing to export named');
  const toLines = known(FORMATS, flags.format, 'no format');
  const { out } = flags;
  if (toLines === undefined && out === undefined) {
    throw new Failure('usage', 'a parquet file cannot go to the terminal; name it with --out');
  }
  const run = runToRead(flags, wanted);
  const untilSeq = await writtenUpTo(dataFolderOf(flags), run);
  const sinceMs = flags.since === undefined ? undefined : sinceInstant(flags.since, run);
  const seen: Seen = { torn: undefined, rows: 0 };
  const all = table.rows(recordsOf(run, seen, untilSeq), run.runId);
  const rows = counted(all, seen, (row) => sinceMs === undefined || isSince(row, table, sinceMs));
  if (out === undefined) {
    if (toLines !== undefined) await print(toLines(table.columns, rows));
  } else {
    await intoNewFile(out, () => fill(out, toLines, table.columns, rows));
    process.stdout.write(`${out}: ${seen.rows} rows of ${what}\n`);
  }
  if (seen.torn !== undefined) process.stderr.write(`${run.runId}:${tornText(seen.torn)}\n`);
  return 'success';
}

/** What is known when the last row is out. */
interface Seen {
  torn: TornTail | undefined;
  rows: number;
}

type ToLines = (columns: Columns, rows: Iterable<ExportRow>) => Iterable<string>;

function known<Value>(
  all: Readonly<Record<string, Value>>,
  word: string,
  complaint: string,
): Value {
  const words = Object.keys(all);
  for (const [name, value] of Object.entries(all)) if (name === word) return value;
  const near = closest(word, words);
  const hint = near === undefined ? `there are ${words.join(', ')}` : `did you mean "${near}"?`;
  throw new Failure('usage', `there is ${complaint} "${word}"; ${hint}`);
}

/** The last record so far of a run that goes on; nothing for one that has ended. */
async function writtenUpTo(dataPath: string, { runId }: RunFolder): Promise<number | undefined> {
  const consequence = 'what it has not written yet is missing';
  const result = await askIfRunning(dataPath, { type: 'journal.flush' }, consequence);
  const standing = result === undefined ? undefined : standingSchema.parse(result);
  return standing?.runId === runId ? standing.seq : undefined;
}

function* recordsOf(
  run: RunFolder,
  seen: Seen,
  untilSeq: number | undefined,
): Generator<StepRecord> {
  const entries = readJournal(run);
  let step = entries.next();
  while (step.done !== true) {
    yield step.value.record;
    // What is written meanwhile is of another moment.
    if (step.value.record.seq === untilSeq) return;
    step = entries.next();
  }
  seen.torn = step.value.torn;
}

const isSince = (row: ExportRow, { instant }: { readonly instant: string }, sinceMs: Ms): boolean =>
  Number(row[instant]) >= sinceMs;

function* counted(
  rows: Iterable<ExportRow>,
  seen: Seen,
  isWanted: (row: ExportRow) => boolean,
): Generator<ExportRow> {
  for (const row of rows) {
    if (!isWanted(row)) continue;
    seen.rows += 1;
    yield row;
  }
}

/** As fast as the reader reads; one that has read enough and goes ends it in order. */
async function print(lines: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks(lines)), process.stdout, { end: false });
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw error;
  }
}

const CHUNK_CHARS = 65_536;

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

async function fill(
  file: string,
  toLines: ToLines | undefined,
  columns: Columns,
  rows: Iterable<ExportRow>,
): Promise<void> {
  if (toLines === undefined) {
    const { writeParquet } = await import('../../operator/parquet-file.ts');
    await writeParquet(file, columns, rows);
  } else {
    // Never made anew: it opens later than it is asked to, perhaps when the file is gone again.
    const output = createWriteStream(file, { flags: 'r+' });
    await pipeline(Readable.from(chunks(toLines(columns, rows))), output);
  }
}

/** A file that could not be filled to its end does not stay. */
async function intoNewFile(file: string, work: () => Promise<void>): Promise<void> {
  claim(file);
  try {
    await work();
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

function claim(file: string): void {
  try {
    closeSync(openSync(file, 'wx'));
  } catch (error) {
    const text =
      codeOf(error) === 'EEXIST'
        ? `${file} exists; remove it or name another file`
        : `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new Failure('usage', text, { cause: error });
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
