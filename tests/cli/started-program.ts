// Starts the real program as child processes, each in a folder of its own with data and log inside
// it, and lets a test read, signal and await them. It shares nothing with the program but its door,
// and ends in the end every process that it started, and no other.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Waits until stdout or stderr holds the pattern; fails when the process ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
}

export interface StartOptions {
  /** Working folder, with `data/` and `logs/` in it. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another copy of the program. */
  readonly main?: string;
  /** No file that it writes may become larger, in KiB. */
  readonly fileKibMax?: number;
  readonly nodeFlags?: readonly string[];
}

/** Far above what a loaded machine needs: the first trade opens after five seconds. */
const SAYS_WITHIN_MS = 30_000;

const children: ChildProcess[] = [];
const folders: string[] = [];
afterAll(() => {
  for (const child of children) if (isRunning(child)) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trinity-cli-')));
  folders.push(folder);
  return folder;
}

/** What surrounds the tests must not reach the program: colours, loaders, its own keys. */
function ownEnvironment(folder: string): NodeJS.ProcessEnv {
  const foreign = /^(TRINITY_|DATABASE_URL$|REDIS_URL$|VITEST|NO_COLOR$|FORCE_COLOR$|NODE_|CI$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    TRINITY_RUN__DATA_FOLDER: join(folder, 'data'),
    TRINITY_LOG__FOLDER: join(folder, 'logs'),
    // Seconds of work and hundreds of megabytes for each run; its own tests switch it on.
    TRINITY_STORAGE__IS_ENABLED: 'false',
  };
}

export function start(words: readonly string[], options: StartOptions): Started {
  const { folder, env = {}, main = MAIN, fileKibMax, nodeFlags = [] } = options;
  const limit = fileKibMax === undefined ? '' : `ulimit -f ${fileKibMax}; `;
  const args = [...nodeFlags, main, ...words];
  const child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...args], {
    cwd: folder,
    env: { ...ownEnvironment(folder), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...text }));
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text.stdout) ?? pattern.exec(text.stderr);
        if (match !== null) resolve(match);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      const miss = (how: string): void =>
        reject(new Error(`${how} it has not said ${String(pattern)} but: ${text.stderr}`));
      const late = setTimeout(() => miss(`within ${SAYS_WITHIN_MS} ms`), SAYS_WITHIN_MS);
      void ended.then(({ code }) => {
        clearTimeout(late);
        miss(`until its end with ${String(code)}`);
      });
      look();
    });
  return { pid: child.pid ?? 0, ended, says, signal: (name) => void child.kill(name) };
}

/** Starts it and waits for its end. */
export const run = (words: readonly string[], options: StartOptions): Promise<Ended> =>
  start(words, options).ended;

/** The result: the last line of stdout. */
export const lastJson = ({ stdout }: Ended) =>
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

export const runsIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(join(folder, 'data', 'runs')).map((id) => join(folder, 'data', 'runs', id));
  } catch {
    return [];
  }
};

/** What has ended and waits to be collected by its parent is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

export async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  const endAtMs = performance.now() + ms;
  while (isAlive(pid) && performance.now() < endAtMs) await pause(20);
  return !isAlive(pid);
}
