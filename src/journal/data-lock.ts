// One engine per data folder: a lock file that names its holder. The lock of a dead process is
// taken over and said so; the lock of a live one, or of a process on another host, is refused with
// its number. It guards against a second start, not against a folder shared by machines that cannot
// see each other.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError, systemCode } from './journal-error.ts';
import { mayBeAlive, ownIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface DataLock {
  /** The dead holder whose lock was taken over. */
  readonly takenOverFrom: ProcessIdentity | undefined;
  /** Safe to call twice; leaves the lock of anybody else alone. */
  release(): void;
}

/** Others may start and die while we look; more than this is a race that a person should see. */
const ATTEMPTS_MAX = 5;

export const lockPath = (dataPath: string): string => join(dataPath, 'engine.lock');

/** Another name is for work that an engine need not stop for, and that may not be done twice. */
export function lockData(dataPath: string, name?: string): DataLock {
  const path = name === undefined ? lockPath(dataPath) : join(dataPath, name);
  const text = `${JSON.stringify(ownIdentity())}\n`;
  let takenOverFrom: ProcessIdentity | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (claim(path, text)) return { takenOverFrom, release: () => release(path, text) };
    const held = readHolder(path);
    if (held === undefined) continue;
    if (held.holder === undefined) throw unreadable(path);
    if (mayBeAlive(held.holder)) throw refused(path, held.holder);
    if (evict(path, held.text)) takenOverFrom = held.holder;
  }
  throw new JournalError('data.locked', 'other engines are taking this lock too', { file: path });
}

/** A link appears whole and only where there is none: nobody ever reads half a lock. */
function claim(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Held {
  readonly text: string;
  readonly holder: ProcessIdentity | undefined;
}

function readHolder(path: string): Held | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : { text, holder: parseHolder(text) };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): ProcessIdentity | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('pid' in value) || typeof value.pid !== 'number') return undefined;
  if (!('host' in value) || typeof value.host !== 'string') return undefined;
  const startTicks = 'startTicks' in value ? value.startTicks : undefined;
  const bootId = 'bootId' in value ? value.bootId : undefined;
  return {
    pid: value.pid,
    host: value.host,
    ...(typeof startTicks === 'string' ? { startTicks } : {}),
    ...(typeof bootId === 'string' ? { bootId } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Moves the judged lock aside; if a fresh lock was moved instead, it is put back. */
function evict(path: string, judged: string): boolean {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  const isJudged = readFileSync(aside, 'utf8') === judged;
  if (!isJudged) claimBack(aside, path);
  rmSync(aside, { force: true });
  return isJudged;
}

function claimBack(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

function release(path: string, text: string): void {
  if (readIfThere(path) === text) rmSync(path, { force: true });
}

function refused(path: string, holder: ProcessIdentity): JournalError {
  const text = `process ${holder.pid} on ${holder.host} uses this data folder; stop it first`;
  const elsewhere = `; if that host is gone for good, remove the file`;
  const isHere = holder.host === ownIdentity().host;
  return new JournalError('data.locked', isHere ? text : `${text}${elsewhere}`, {
    file: path,
    holderPid: holder.pid,
  });
}

const unreadable = (path: string): JournalError =>
  new JournalError('data.locked', 'does not name its holder; remove it if no engine runs here', {
    file: path,
  });
