// Lets one process at a time install; others wait until it is done. The lock is a file with the
// holder's process id, so that a holder that died is recognised. Waiting has a limit.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS_MAX = 600_000;
const POLL_MS = 200;

/**
 * Runs the task while no other process does; rejects when another one holds the lock for too long.
 */
export async function withInstallLock({ root, say, waitMsMax = WAIT_MS_MAX }, task) {
  // Outside node_modules, which an install removes; logs/ is never committed.
  const path = join(root, 'logs', 'install.lock');
  mkdirSync(join(root, 'logs'), { recursive: true });
  await acquire({ path, say, waitMsMax });
  try {
    return await task();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire({ path, say, waitMsMax }) {
  const deadlineAtMs = Date.now() + waitMsMax;
  for (let isFirst = true; !create(path); isFirst = false) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) {
      removeDead(path, holder);
      continue;
    }
    if (isFirst) say(`trinity: process ${holder ?? '?'} is installing packages, waiting for it`);
    if (Date.now() > deadlineAtMs) {
      throw new Error(`waited ${waitMsMax / 1000} s for process ${holder ?? '?'}; delete ${path}`);
    }
    await sleep(POLL_MS);
  }
}

function create(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

// Between creation and writing the file is empty: no holder is known yet.
function holderOf(path) {
  try {
    const text = readFileSync(path, 'utf8');
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Two waiters may see the same dead holder. Moving the file aside is atomic; whoever moved the lock
// of a living process puts it back.
function removeDead(path, holder) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (holderOf(aside) !== holder) linkSync(aside, path);
  rmSync(aside, { force: true });
}
