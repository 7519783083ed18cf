// How long a run with a million records behind its newest snapshot takes to be taken up, against
// one that has only the tail: what lies before the snapshot must cost next to nothing. The records
// of the tail are as many as two snapshots are apart. Run it with
// `node --import tsx bench/resume.ts`, with more records as `… bench/resume.ts --records 10000000`:
// these take 17 GB in the folder for temporary files, which are removed in the end, also on Ctrl-C.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resumableRun } from '../src/cli/resumable-run.ts';
import { KERNEL_SCHEMA_VERSION } from '../src/cli/run-snapshot.ts';
import type { StepRecord } from '../src/domain/index.ts';
import { toMs, toSeq } from '../src/domain/index.ts';
import type { RunFolder } from '../src/journal/index.ts';
import { createRun, readJournal, writeSnapshot } from '../src/journal/index.ts';
import { toCheckedLine } from '../src/journal/checked-line.ts';
import { SEGMENT_BYTES_MAX, segmentPath, toHeaderLine } from '../src/journal/segment.ts';
import { Kernel } from '../src/kernel/index.ts';

const TAIL = 2_000;
/** Written at once; so much is in memory, however long the run is. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const GOLDEN = fileURLToPath(new URL('../tests/golden/0.1.0', import.meta.url));
/** The golden run as far as trades are open: its engine has not stopped. */
const OPEN_UNTIL = 250;

const records = [...readJournal({ runId: '20261009T235915Z-seed7', path: GOLDEN })]
  .map(({ record }) => record)
  .slice(0, OPEN_UNTIL);

/** Named by the first argument that is none of ours when every bench is run. */
const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' } },
  allowPositionals: true,
});
const behindMost = Number(values.records);
if (!Number.isSafeInteger(behindMost) || behindMost < 1) {
  throw new RangeError(`--records must be a count from 1 on, found ${values.records}`);
}

const folders = new Set<string>();
function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}
process.once('SIGINT', () => {
  removeFolders();
  process.exit(130);
});

async function unfinishedRun(behind: number): Promise<string> {
  const dataPath = mkdtempSync(join(tmpdir(), 'trinity-bench-'));
  folders.add(dataPath);
  const kernel = new Kernel();
  for (const { input, atMs } of records) kernel.step(input, atMs);
  const { atMs } = kernel.head;
  const about = { engineVersion: 'bench', mode: 'paper', clock: 'real', feed: 'sandbox', seed: 7 };
  const run = createRun(dataPath, { ...about, startedAtMs: atMs, configHash: '', config: {} });
  const state = { ...kernel.snapshot(), seq: toSeq(behind) };
  const { hash } = state;
  await writeSnapshot(run, { seq: state.seq, atMs, hash, state }, KERNEL_SCHEMA_VERSION);
  const resumed = Kernel.restore(JSON.parse(JSON.stringify(state)));
  const tail = Array.from({ length: TAIL }, (_, index) => {
    const { input } = records[100 + (index % 100)] ?? { input: undefined };
    if (input?.type !== 'account.reported') {
      return resumed.step({ type: 'operator.resume' }, toMs(atMs + index));
    }
    return resumed.step(input, toMs(atMs + index));
  });
  await writeSegments(run, behind, { hash, tail });
  return dataPath;
}

/** Lines that nobody reads stand for those before the snapshot; the last one is the snapshot's. */
async function writeSegments(
  run: RunFolder,
  behind: number,
  end: { readonly hash: string; readonly tail: readonly StepRecord[] },
): Promise<void> {
  const text = readFileSync(join(GOLDEN, 'segment-000001.journal'), 'utf8');
  const filler = text.split('\n').slice(1, 1 + OPEN_UNTIL);
  const lines = filler.map((line) => Buffer.from(`${line}\n`));
  const writer = new SegmentWriter(run);
  for (let seq = 1; seq < behind; seq += 1) {
    writer.add(lines[seq % lines.length] ?? Buffer.alloc(0));
    // Else nobody hears Ctrl-C.
    if (seq % 100_000 === 0) await setImmediate();
  }
  const snapshots = { ...records[0], seq: behind, hash: end.hash };
  for (const record of [snapshots, ...end.tail]) {
    writer.add(Buffer.from(toCheckedLine(JSON.stringify(record))));
  }
  writer.close();
}

class SegmentWriter {
  readonly #run: RunFolder;
  #file: number | undefined;
  #number = 0;
  #seq = 0;
  #segmentBytes = 0;
  #chunk: Buffer[] = [];
  #chunkBytes = 0;

  constructor(run: RunFolder) {
    this.#run = run;
  }

  add(line: Buffer): void {
    if (this.#file === undefined || this.#segmentBytes > SEGMENT_BYTES_MAX) this.#rotate();
    this.#seq += 1;
    this.#take(line);
    if (this.#chunkBytes > CHUNK_BYTES) this.#flush();
  }

  close(): void {
    this.#flush();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #rotate(): void {
    this.close();
    this.#number += 1;
    this.#segmentBytes = 0;
    this.#file = openSync(segmentPath(this.#run.path, this.#number), 'ax');
    const firstSeq = toSeq(this.#seq + 1);
    const { runId } = this.#run;
    this.#take(Buffer.from(toHeaderLine({ number: this.#number, firstSeq, runId })));
  }

  #take(bytes: Buffer): void {
    this.#chunk.push(bytes);
    this.#chunkBytes += bytes.length;
    this.#segmentBytes += bytes.length;
  }

  #flush(): void {
    if (this.#file !== undefined) writeSync(this.#file, Buffer.concat(this.#chunk));
    this.#chunk = [];
    this.#chunkBytes = 0;
  }
}

async function resumeMs(behind: number): Promise<number> {
  const dataPath = await unfinishedRun(behind);
  try {
    const times = Array.from({ length: 5 }, () => {
      const startedMs = performance.now();
      const run = resumableRun(dataPath, { feed: 'sandbox', seed: 7 });
      if (run?.lastSeq !== behind + TAIL) throw new Error('the run must be found whole');
      return performance.now() - startedMs;
    });
    return times.sort((left, right) => left - right)[2] ?? NaN;
  } finally {
    removeFolders();
  }
}

const short = await resumeMs(1);
const long = await resumeMs(behindMost);
process.stdout.write(
  `resume with ${behindMost} records behind the snapshot: ${long.toFixed(0)} ms, ` +
    `with one: ${short.toFixed(0)} ms, ratio ${(long / short).toFixed(2)}; ` +
    `at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of memory\n`,
);
