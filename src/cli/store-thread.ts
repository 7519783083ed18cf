// The thread in which a run's database is filled and asked about, so that neither rows nor queries
// take time of the engine. It reads the journal itself and ends when it is told to finish.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { LiveProjection, migrateWork, openDatabase } from '../storage/index.ts';
import { rebuildWork, statusWork } from '../storage/index.ts';
import type { Database } from '../storage/index.ts';
import type { DatabaseReport, StoreOrder, StoreRefusal } from './store-messages.ts';
import type { StoreWord } from './store-messages.ts';
import { threadDataSchema } from './store-messages.ts';
import { storedRuns } from './stored-runs.ts';

/** A query that takes longer means that the database hangs. */
const QUERY_WITHIN_MS = 10_000;
const NICENESS = 10;

const port = parentPort;
if (port === null) throw new Error('src/cli/store-thread.ts runs in a thread of the engine only');
const { databaseUrl, dataPath, runId, isTroubled } = threadDataSchema.parse(workerData);
const tell = (word: StoreWord): void => port.postMessage(word);

// On Linux a thread has a priority of its own, which its threads and children inherit; elsewhere
// this would be that of the engine.
if (process.platform === 'linux') setPriority(NICENESS);

const runs = storedRuns(dataPath);
const own = runs.find(({ identity }) => identity.runId === runId);
if (own === undefined) throw new Error(`run ${runId} is not in ${dataPath}`);
const projection = new LiveProjection({
  open: () => openDatabase({ databaseUrl, dataPath, queryWithinMs: QUERY_WITHIN_MS }),
  run: own,
  endedRuns: runs.filter((run) => run !== own),
  onNews: (news) => tell({ type: 'news', news }),
  isTroubled,
});

port.on('message', (order: StoreOrder) => {
  switch (order.type) {
    case 'follow':
      projection.follow(order.seq);
      return;
    case 'finish':
      projection.finish(order.graceMs);
      return;
    case 'ask':
      void answer(order);
      return;
  }
});

async function answer({ id, word }: Extract<StoreOrder, { type: 'ask' }>): Promise<void> {
  const say = (text: string): void => tell({ type: 'progress', id, text });
  const work = (database: Database): Promise<DatabaseReport> => {
    switch (word) {
      case 'migrate':
        return migrateWork(database, runs);
      case 'rebuild':
        return rebuildWork(database, runs, say);
      case 'status':
        return statusWork(database, runs);
    }
  };
  try {
    tell({ type: 'report', id, report: await projection.ask(work) });
  } catch (error) {
    tell({ type: 'refused', id, refusal: toRefusal(error) });
  }
}

const toRefusal = (error: unknown): StoreRefusal => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : 'storage.failed',
  text: error instanceof Error ? error.message : String(error),
});

await projection.work();
tell({ type: 'finished', lastSeq: projection.storedSeq });
port.close();
