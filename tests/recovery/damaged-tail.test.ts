// What a start makes of an unfinished run whose last records were cut or changed, byte by byte: a cut
// one goes and is told of, a changed one stops the start, and neither touches a file.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { resumableRun, resumedText } from '../../src/cli/resumable-run.ts';
import { KERNEL_SCHEMA_VERSION } from '../../src/cli/run-snapshot.ts';
import { FileJournal, writeSnapshot } from '../../src/journal/index.ts';
import { newFolder, runsIn, start } from '../cli/started-program.ts';

const IDENTITY = { feed: 'sandbox', seed: 7 };
const data = join(newFolder(), 'data');
let file = '';
let whole: Buffer;
/** Where the last two lines begin, and the end. */
let starts: readonly number[];

const seqAt = (offset: number): number => {
  const line = whole.toString('utf8', offset, whole.indexOf(10, offset));
  return JSON.parse(line.slice(18)).seq;
};

beforeAll(async () => {
  const folder = newFolder();
  const engine = start('--feed sandbox --seed 7 --json'.split(' '), { folder });
  await engine.says(/IDLE → OPENING/);
  engine.signal('SIGKILL');
  await engine.ended;
  const [killed = ''] = runsIn(folder);
  const path = join(data, 'runs', basename(killed));
  cpSync(killed, path, { recursive: true });
  const name = readdirSync(path).find((each) => each.endsWith('.journal')) ?? '';
  file = join(path, name);
  const written = readFileSync(file);
  whole = written.subarray(0, written.lastIndexOf(10) + 1);
  const last = whole.lastIndexOf(10, -2) + 1;
  starts = [whole.lastIndexOf(10, last - 2) + 1, last, whole.length];
  await keepSnapshot(path);
}, 120_000);

/** Of the state before the last two records: a start reads no more than them. */
async function keepSnapshot(path: string): Promise<void> {
  writeFileSync(file, whole.subarray(0, starts[0]));
  const found = resumableRun(data, IDENTITY);
  if (found === undefined) throw new Error('the run must be resumable');
  const state = found.kernel.snapshot();
  await writeSnapshot({ runId: basename(path), path }, { ...state, state }, KERNEL_SCHEMA_VERSION);
}

test('cut at any byte of the last two records, it goes on before the cut and says so', () => {
  const [first = 0, last = 0, end = 0] = starts;
  const wrong: string[] = [];
  for (let length = first; length < end; length += 1) {
    writeFileSync(file, whole.subarray(0, length));
    const lineStart = length < last ? first : last;
    const found = resumableRun(data, IDENTITY);
    const bytes = length - lineStart;
    const torn = bytes === 0 ? undefined : { file, offset: lineStart, bytes };
    const told = `\n  the last write was cut short at byte ${lineStart} of ${file}: ${bytes} bytes`;
    const isRight =
      found?.lastSeq === seqAt(lineStart) - 1 &&
      JSON.stringify(found.torn) === JSON.stringify(torn) &&
      resumedText(found).includes(told) === bytes > 0 &&
      readFileSync(file).length === length;
    if (!isRight) wrong.push(`cut at byte ${length}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('the rest of a cut record goes when the journal is opened', async () => {
  const [, last = 0, end = 0] = starts;
  writeFileSync(file, whole.subarray(0, end - 5));
  const found = resumableRun(data, IDENTITY);
  if (found === undefined) throw new Error('the run must be resumable');
  const journal = new FileJournal(found.folder, { lastSeq: found.lastSeq });
  expect(journal.found).toMatchObject({ torn: { offset: last, bytes: end - 5 - last } });
  await journal.close();
  expect(readFileSync(file)).toEqual(whole.subarray(0, last));
});

test('with a bit of any byte of the last two records flipped, it stops with place and way out', () => {
  const [first = 0, last = 0, end = 0] = starts;
  const wrong: string[] = [];
  for (let position = first; position < end; position += 1) {
    const changed = Buffer.from(whole);
    changed[position] = whole.readUInt8(position) ^ (1 << (position % 8));
    writeFileSync(file, changed);
    const place = `${file} at byte ${position < last ? first : last}: `;
    const said = refusal();
    const isRight =
      said.includes('was not finished and cannot be resumed') &&
      said.includes(place) &&
      said.includes('`--new-run` leaves it as it is') &&
      readFileSync(file).equals(changed);
    if (!isRight) wrong.push(`byte ${position}: ${said}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);

function refusal(): string {
  try {
    return `resumed after ${String(resumableRun(data, IDENTITY)?.lastSeq)} records`;
  } catch (error) {
    return String(error);
  }
}
