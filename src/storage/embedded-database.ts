// PostgreSQL without a server: PGlite in a worker thread behind a socket in a folder that only this
// user may enter, so that everything else speaks to it as to any PostgreSQL. PGlite does not lock
// its folder, and two processes would lose each other's rows: whoever opens it holds the lock of
// the data folder.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Database } from './database.ts';
import { within } from './patience.ts';
import { causeLine, StorageError } from './storage-error.ts';

/** Part of the name that the driver gives a socket; nothing listens on a port. */
const SOCKET_PORT = 5432;

export const embeddedPath = (dataPath: string): string => join(dataPath, 'postgres');

const OWNER_ONLY = 0o700;

/** What is asked to close and does not is ended; the write-ahead log makes that good. */
const CLOSE_WITHIN_MS = 10_000;

export async function openEmbedded(dataPath: string, queryWithinMs?: number): Promise<Database> {
  const folder = embeddedPath(dataPath);
  if (!existsSync(folder)) await createFolder(folder);
  // PGlite makes every file writable for everybody; nobody else gets as far as them.
  chmodSync(folder, OWNER_ONLY);
  const socketFolder = mkdtempSync(join(tmpdir(), 'trinity-postgres-'));
  const worker = new Worker(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { folder, socketPath: join(socketFolder, `.s.PGSQL.${SOCKET_PORT}`) },
    // Loaders and flags of the main thread have no place there.
    execArgv: [],
  });
  const ended = new Promise<number>((resolve) => worker.once('exit', resolve));
  const stop = async (): Promise<void> => {
    const complaint = await stopped(worker, ended);
    rmSync(socketFolder, { recursive: true, force: true });
    if (complaint === undefined) return;
    const text = `the embedded database ${folder} did not close in order: ${complaint}`;
    throw new StorageError('storage.failed', `${text}; ${WAY_OUT}`);
  };
  const failure = await whenReady(worker);
  if (failure !== undefined) {
    // One that never opened has nothing to save: why it did not open is the error to tell, and the
    // way out is the same.
    await stop().catch(() => undefined);
    throw doesNotOpen(folder, failure);
  }
  const address = { host: socketFolder, port: SOCKET_PORT, user: 'postgres', database: 'postgres' };
  return Database.connect(address, folder, { isPrivate: true, afterClose: stop, queryWithinMs });
}

/** Asks the worker to close and waits for its end; returns what it complains of. */
async function stopped(worker: Worker, ended: Promise<number>): Promise<string | undefined> {
  let complaint: string | undefined;
  worker.on('message', (told) => (complaint = String(told)));
  worker.on('error', (error) => (complaint = causeLine(error)));
  worker.postMessage('stop');
  const code = await within(ended, CLOSE_WITHIN_MS);
  if (code === 'late') {
    await worker.terminate();
    return `it took longer than ${CLOSE_WITHIN_MS / 1_000} s`;
  }
  return complaint ?? (code === 0 ? undefined : `its thread ended with ${code}`);
}

/** Why the worker cannot serve, or nothing once it does. */
function whenReady(worker: Worker): Promise<string | undefined> {
  return new Promise((resolve) => {
    worker.once('message', (told) => resolve(told === 'ready' ? undefined : String(told)));
    worker.once('error', (error) => resolve(causeLine(error)));
    worker.once('exit', (code) => resolve(`its thread ended with ${code}`));
  });
}

/**
 * Made in a process of its own, which takes 800 MB with it when it ends, and under another name, so
 * that a folder that carries the name is whole.
 */
async function createFolder(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}.draft`;
  removeDrafts(folder);
  const program = fileURLToPath(new URL('./embedded-initdb.js', import.meta.url));
  const child = fork(program, [draft], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const code: unknown = (await once(child, 'close'))[0];
  if (code !== 0)
    throw doesNotOpen(folder, complaint.trim() || `initdb ended with ${String(code)}`);
  renameSync(draft, folder);
}

/** Of starts that died. */
function removeDrafts(folder: string): void {
  const drafts = readdirSync(dirname(folder)).filter((name) => /^postgres\.\d+\.draft$/.test(name));
  for (const name of drafts) rmSync(join(dirname(folder), name), { recursive: true, force: true });
}

const doesNotOpen = (folder: string, cause: string): StorageError =>
  new StorageError(
    'storage.failed',
    `the embedded database ${folder} does not open: ${cause}; ${WAY_OUT}`,
  );

const WAY_OUT =
  'it holds nothing that the journal does not: remove that folder and run `node main db rebuild`';
