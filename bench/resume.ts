// How long a run with a million records behind its newest snapshot takes to be taken up, against
// one that has only the tail: what lies before the snapshot must cost next to nothing. The records
// of the tail are as many as two snapshots are apart. Run it with
// `node --import tsx bench/resume.ts`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resumableRun } from '../src/cli/resumable-run.ts';
import { KERNEL_SCHEMA_VERSION } from '../src/cli/run-snapshot.ts';
import type { StepRecord } from '../src/domain/index.ts';
import { toMs, toSeq } from '../src/domain/index.ts';
import { createRun, readJournal, writeSnapshot } from '../src/journal/index.ts';
import { toCheckedLine } from '../src/journal/checked-line.ts';
import { SEGMENT_BYTES_MAX, segmentPath, toHeaderLine } from '../src/journal/segment.ts';
import { Kernel } from '../src/kernel/index.ts';

const BEHIND = 1_000_000;
const TAIL = 2_000;
const GOLDEN = fileURLToPath(new URL('../tests/golden/0.1.0', import.meta.url));
/** The golden run as far as trades are open: its engine has not stopped. */
const OPEN_UNTIL = 250;

const records = [...readJournal({ runId: '20261009T235915Z-seed7', path: GOLDEN })]
  .map(({ record }) => record)
  .slice(0, OPEN_UNTIL);

async function unfinishedRun(behind: number): Promise<string> {
  const dataPath = mkdtempSync(join(tmpdir(), 'trinity-bench-'));
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
  writeSegments(run.path, run.runId, behind, { hash, tail });
  return dataPath;
}

/** Lines that nobody reads stand for those before the snapshot; the last one is the snapshot's. */
function writeSegments(
  path: string,
  runId: string,
  behind: number,
  end: { readonly hash: string; readonly tail: readonly StepRecord[] },
): void {
  const filler = readFileSync(join(GOLDEN, 'segment-000001.journal'), 'utf8').split('\n').slice(1);
  let [number, seq, text, bytes] = [0, 0, '', 0];
  const flush = (): void => {
    if (text !== '') writeFileSync(segmentPath(path, number), text);
  };
  const add = (line: string): void => {
    if (text === '' || bytes > SEGMENT_BYTES_MAX) {
      flush();
      number += 1;
      text = toHeaderLine({ number, firstSeq: toSeq(seq + 1), runId });
      bytes = 0;
    }
    seq += 1;
    text += line;
    bytes += line.length;
  };
  while (seq < behind - 1) add(`${filler[seq % OPEN_UNTIL] ?? ''}\n`);
  const [sample] = records;
  add(toCheckedLine(JSON.stringify({ ...sample, seq: behind, hash: end.hash })));
  for (const record of end.tail) add(toCheckedLine(JSON.stringify(record)));
  flush();
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
    rmSync(dataPath, { recursive: true, force: true });
  }
}

const short = await resumeMs(1);
const long = await resumeMs(BEHIND);
process.stdout.write(
  `resume with ${BEHIND} records behind the snapshot: ${long.toFixed(0)} ms, ` +
    `with one: ${short.toFixed(0)} ms, ratio ${(long / short).toFixed(2)}\n`,
);
