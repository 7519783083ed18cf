// What a database costs the engine's thread: steps of a kernel journaled to disk, alone and with a
// store that follows them into PostgreSQL. Run it with `npm run bench store-follow`; it prints a
// ratio. DATABASE_URL names a database that may be overwritten, else the embedded one is used.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ThreadedStore } from '../src/cli/threaded-store.ts';
import { configSchema } from '../src/config/config-schema.ts';
import { toMs, toSeq, toVenueId } from '../src/domain/index.ts';
import type { Input, StepRecord } from '../src/domain/index.ts';
import { createRun, FileJournal, openDataFolder } from '../src/journal/index.ts';
import type { RunFolder } from '../src/journal/index.ts';

const RECORDS = 20_000;
const ROUNDS = 3;
/** Far more than any run: hundreds of records between two looks of the store. */
const RECORDS_AT_ONCE = 20;
const FOLLOW_EVERY = 1_000;

const begin: Input = {
  ...{ type: 'run.started', mode: 'paper', feed: 'sandbox', seed: 1, runTag: 'benchx' },
  ...{ configHash: '', strategies: [], venues: [], limits: configSchema.parse({}).engine },
};

const record = (seq: number): StepRecord => ({
  seq: toSeq(seq),
  atMs: toMs(seq),
  input:
    seq === 1
      ? begin
      : { type: 'account.unavailable', venueId: toVenueId('okx'), cause: 'x'.repeat(80) },
  transitions: [
    { actor: 'engine', from: 'running', event: 'x', to: 'running', changed: { misses: seq } },
  ],
  effects: [{ type: 'account.ask', venueId: toVenueId('okx') }],
  hash: 'ab'.repeat(32),
});

/** The thread of a store keeps no process alive. */
const awake = setInterval(() => undefined, 1_000);
const dataPath = mkdtempSync(join(tmpdir(), 'trinity-bench-'));
openDataFolder(dataPath);

const newRun = (): RunFolder =>
  createRun(dataPath, {
    ...{ engineVersion: 'bench', mode: 'bench', clock: 'real', feed: 'none', seed: 1 },
    ...{ startedAtMs: toMs(0), configHash: '', config: {} },
  });

/** Microseconds of the engine's thread per record; what other threads take is not in it. */
async function costUs(isFollowed: boolean): Promise<number> {
  const run = newRun();
  const journal = new FileJournal(run);
  const databaseUrl = process.env['DATABASE_URL'];
  const store = isFollowed
    ? new ThreadedStore({ databaseUrl, dataPath, runId: run.runId })
    : undefined;
  const opened = new Promise<void>((resolve) => store?.onNews(() => resolve()));
  if (store !== undefined) await opened;
  let busyMs = 0;
  for (let seq = 1; seq <= RECORDS; seq += 1) {
    const startedAtMs = performance.now();
    journal.append(record(seq));
    if (seq % FOLLOW_EVERY === 0) {
      journal.whenDurable(toSeq(seq), () => store?.follow(toSeq(seq)));
    }
    busyMs += performance.now() - startedAtMs;
    if (seq % RECORDS_AT_ONCE === 0) await setImmediate();
  }
  await journal.close();
  const storedSeq = await store?.close(60_000);
  if (store !== undefined && storedSeq !== RECORDS) throw new Error(`${storedSeq} are stored`);
  return (busyMs * 1_000) / RECORDS;
}

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

const alone: number[] = [];
const followed: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  alone.push(await costUs(false));
  followed.push(await costUs(true));
}
const [aloneUs, followedUs] = [median(alone), median(followed)];
process.stdout.write(
  `with a database beside it a record takes ${(followedUs / aloneUs).toFixed(2)} times as long ` +
    `as without (${followedUs.toFixed(1)} and ${aloneUs.toFixed(1)} us on this machine)\n`,
);
rmSync(dataPath, { recursive: true, force: true });
clearInterval(awake);
