// A real process is killed in the middle of writing: what it called durable is there.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { lockData } from '../../src/journal/index.ts';
import { lockPath } from '../../src/journal/data-lock.ts';
import { newRun, readAll, temporaryFolder } from './step-records.ts';

const childPath = fileURLToPath(new URL('./journaling-child.ts', import.meta.url));
const projectDir = fileURLToPath(new URL('../../', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Child {
  readonly process: ChildProcess;
  readonly lines: () => readonly string[];
}

/** `fileBlocksMax` limits the size of every file that the child writes, in units of 1,024 bytes. */
function start(task: string, path: string, fileBlocksMax?: number): Child {
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `;
  const command = `${limit}exec "$0" --import tsx "$@"`;
  const saidPath = join(temporaryFolder(), 'said');
  const child = spawn('bash', ['-c', command, process.execPath, childPath, task, path], {
    cwd: projectDir,
    stdio: ['ignore', openSync(saidPath, 'a'), 'inherit'],
  });
  children.push(child);
  return { process: child, lines: () => readFileSync(saidPath, 'utf8').split('\n').slice(0, -1) };
}

async function killed(child: Child): Promise<readonly string[]> {
  child.process.kill('SIGKILL');
  await once(child.process, 'close');
  return child.lines();
}

const saysMoreThan = (child: Child, count: number): Promise<void> =>
  expect.poll(() => child.lines().length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(count);

describe('a process that is killed while it writes', () => {
  test.each(['file', 'sync'])(
    '(%s journal) has on disk all that it called durable',
    async (kind) => {
      const run = newRun();
      const child = start(kind, run.path);
      await saysMoreThan(child, 500);
      const lines = await killed(child);
      expect(lines).toEqual(lines.map((_, index) => `durable ${index + 1}`));
      const { end, error } = readAll(run);
      expect(error).toBeUndefined();
      expect(end?.lastSeq).toBeGreaterThanOrEqual(lines.length);
    },
  );
});

describe('a process whose disk is full', () => {
  test.each(['file', 'sync'])(
    '(%s journal) stops, says so, and lost nothing durable',
    async (kind) => {
      const run = newRun();
      const child = start(kind, run.path, 40);
      await once(child.process, 'close');
      const lines = child.lines();
      expect(lines.at(-1)).toMatch(/^failed .*segment-000001\.journal: EFBIG/);
      const { end, error } = readAll(run);
      expect(error).toBeUndefined();
      // How many were called durable before the disk was full depends on how writes were grouped.
      expect(lines.length - 1).toBeGreaterThan(0);
      expect(end?.lastSeq).toBeGreaterThanOrEqual(lines.length - 1);
      expect(readFileSync(`${run.path}/segment-000001.journal`).length).toBe(40 * 1024);
    },
  );
});

describe('two engines on one data folder', () => {
  test('the second is told who holds it, and gets in when that one is dead', async () => {
    const data = temporaryFolder();
    const child = start('lock', data);
    await saysMoreThan(child, 0);
    const pid = child.process.pid ?? expect.fail('the child has a number');
    expect(() => lockData(data)).toThrow(
      expect.objectContaining({ code: 'data.locked', holderPid: pid }),
    );
    await killed(child);
    const lock = lockData(data);
    expect(lock.takenOverFrom?.pid).toBe(pid);
    expect(() => lockData(data)).toThrow(expect.objectContaining({ holderPid: process.pid }));
    lock.release();
    lockData(data).release();
  });

  test.skipIf(process.platform !== 'linux')(
    'a number that now belongs to another process does not hold the lock',
    () => {
      const data = temporaryFolder();
      lockData(data);
      const identity: unknown = JSON.parse(readFileSync(lockPath(data), 'utf8'));
      writeFileSync(
        lockPath(data),
        JSON.stringify(Object.assign({}, identity, { startTicks: '1' })),
      );
      expect(lockData(data).takenOverFrom).toMatchObject({ pid: process.pid, startTicks: '1' });
    },
  );

  test('a holder on another host is never declared dead', () => {
    const data = temporaryFolder();
    writeFileSync(lockPath(data), '{"pid":1,"host":"elsewhere.invalid"}');
    expect(() => lockData(data)).toThrow(/process 1 on elsewhere.invalid .* remove the file/);
  });

  test('releasing leaves the lock of a later holder alone', () => {
    const data = temporaryFolder();
    const lock = lockData(data);
    writeFileSync(lockPath(data), '{"pid":1,"host":"elsewhere.invalid"}');
    lock.release();
    expect(readFileSync(lockPath(data), 'utf8')).toContain('elsewhere');
  });

  test('a lock that names nobody is left to a person', () => {
    const data = temporaryFolder();
    writeFileSync(lockPath(data), '');
    expect(() => lockData(data)).toThrow('does not name its holder');
  });
});
