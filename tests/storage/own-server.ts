// A PostgreSQL that a test may stop, kill and start again: from installed binaries, in a folder and
// on a port of its own. Where there are none it says so in one line; with CI=true that is a failure.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';
import { admin } from './test-server.ts';

const DEBIAN = '/usr/lib/postgresql';
const binaries = newestBinaries();
if (binaries === undefined) {
  const text = `no PostgreSQL binaries below ${DEBIAN}`;
  if (process.env['CI'] === 'true') throw new Error(`${text}: CI needs them`);
  process.stderr.write(`${text}: tests that stop a server are skipped\n`);
}

export const hasBinaries = binaries !== undefined;

function newestBinaries(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left));
  return versions.map((version) => join(DEBIAN, version, 'bin')).find((path) => existsSync(path));
}

export interface OwnServer {
  /** Of an empty database. */
  readonly url: string;
  /** The whole server hangs, as on a disk that does not answer. */
  freeze(): void;
  thaw(): void;
  /** As a power failure ends it. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const servers: RunningServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.remove();
});

export async function ownServer(): Promise<OwnServer> {
  const server = new RunningServer(await freePort());
  servers.push(server);
  await server.start();
  return server;
}

class RunningServer implements OwnServer {
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'trinity-own-postgres-'));
  readonly #port: number;
  readonly #user: { uid?: number; gid?: number };
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.#user = serverUser();
    const { uid, gid } = this.#user;
    if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
    const words = ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8'];
    const made = spawnSync(join(binaries ?? '', 'initdb'), words, { ...this.#user, cwd: '/' });
    if (made.status !== 0) throw new Error(String(made.stderr));
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async start(): Promise<void> {
    const words = ['-D', this.#data, '-p', String(this.#port), '-k', this.#folder];
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
    this.#process = spawn(join(binaries ?? '', 'postgres'), [...words, ...settings], {
      ...this.#user,
      cwd: '/',
      stdio: 'ignore',
    });
    while (!(await answers(this.url))) await pause(50);
  }

  freeze(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGCONT');
  }

  async kill(): Promise<void> {
    const server = this.#process;
    if (server === undefined) return;
    const ended = once(server, 'exit');
    for (const pid of this.#pids()) killIfThere(pid);
    await ended;
    this.#process = undefined;
    rmSync(join(this.#data, 'postmaster.pid'), { force: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The server and the processes of its connections. */
  #pids(): readonly number[] {
    const pid = this.#process?.pid;
    if (pid === undefined) return [];
    const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return [...stdout.split('\n').filter(Boolean).map(Number), pid];
  }
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function answers(url: string): Promise<boolean> {
  try {
    await admin('select 1', url);
    return true;
  } catch {
    return false;
  }
}

/** Processes of connections end with their server, some before their turn comes. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
