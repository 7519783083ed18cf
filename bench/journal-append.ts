// What grouped syncs save: a hundred records made durable together against a hundred made durable
// one by one, and against the journal of virtual time, which syncs nothing. Run it with
// `node --import tsx bench/journal-append.ts`; it prints ratios, because times belong to disks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from 'tinybench';
import { toMs, toSeq, toVenueId } from '../src/domain/index.ts';
import type { StepRecord } from '../src/domain/index.ts';
import type { Journal } from '../src/ports/index.ts';
import { createRun, FileJournal, SyncJournal } from '../src/journal/index.ts';
import type { RunFolder } from '../src/journal/index.ts';

const RECORDS = 100;
const dataPath = mkdtempSync(join(tmpdir(), 'trinity-bench-'));

const newRun = (): RunFolder =>
  createRun(dataPath, {
    engineVersion: 'bench',
    mode: 'bench',
    clock: 'real',
    feed: 'none',
    seed: 1,
    startedAtMs: toMs(0),
    configHash: '',
    config: {},
  });

const record = (seq: number): StepRecord => ({
  seq: toSeq(seq),
  atMs: toMs(seq),
  input: { type: 'account.unavailable', venueId: toVenueId('okx'), cause: 'x'.repeat(80) },
  transitions: [],
  effects: [{ type: 'account.ask', venueId: toVenueId('okx') }],
  hash: 'ab'.repeat(32),
});

const durable = (journal: Journal, seq: number): Promise<void> =>
  new Promise((resolve) => {
    journal.whenDurable(toSeq(seq), resolve);
  });

/** Appends a hundred records; waits for each, or for the last. */
function appends(journal: Journal, waitsForEach: boolean): () => Promise<void> {
  let seq = 0;
  return async () => {
    for (let count = 0; count < RECORDS; count += 1) {
      seq += 1;
      journal.append(record(seq));
      if (waitsForEach) await durable(journal, seq);
    }
    await durable(journal, seq);
  };
}

const single = new FileJournal(newRun());
const grouped = new FileJournal(newRun());
const virtual = new SyncJournal(newRun());
const bench = new Bench({ time: 1_000 })
  .add('one by one', appends(single, true))
  .add('grouped', appends(grouped, false))
  .add('virtual time', appends(virtual, false));
await bench.run();

const medianMs = (name: string): number => {
  const result = bench.getTask(name)?.result;
  if (result?.state !== 'completed') throw new Error(`no result for ${name}`);
  return result.latency.p50;
};
const slowest = medianMs('one by one');
for (const name of ['grouped', 'virtual time']) {
  process.stdout.write(
    `${name}: ${(slowest / medianMs(name)).toFixed(1)} times as fast as one by one\n`,
  );
}
await Promise.all([single, grouped, virtual].map((journal) => journal.close()));
rmSync(dataPath, { recursive: true });
