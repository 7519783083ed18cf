// The sandbox as a process of its own, reached over its sockets like any venue: when it dies, the
// engine lives and says so. It ends with its parent, not with a Ctrl-C that is meant for the
// engine.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { Failure } from './exit-code.ts';

export interface VenueAddress {
  readonly rest: string;
  readonly ws: string;
}

export interface SandboxProcess {
  readonly pid: number;
  readonly venues: Readonly<Record<string, VenueAddress>>;
  /** Called when it ends before it was stopped. */
  onLost(then: (how: string) => void): void;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
/** What does not end when asked is ended; nobody loses anything by it. */
const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

/** `startAt` as `node main sandbox --start-at` takes it. */
export async function startSandboxProcess(seed: number, startAt: string): Promise<SandboxProcess> {
  const args = [MAIN, 'sandbox', '--seed', String(seed), '--start-at', startAt, '--json'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  });
  let lost: ((how: string) => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      lost?.(signal === null ? `with exit code ${String(code)}` : `by ${signal}`);
      resolve();
    });
  });
  const venues = await announced(child);
  return {
    pid: child.pid ?? 0,
    venues,
    onLost: (then) => (lost = then),
    stop: async () => {
      lost = undefined;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What the sandbox says first; it has a while to say it, and must not end before. */
function announced(child: ChildProcess): Promise<Readonly<Record<string, VenueAddress>>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Failure('venue', `the sandbox did not start within ${START_TIMEOUT_MS} ms`));
    }, START_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Failure('venue', 'the sandbox ended before it was ready'));
    });
    if (child.stdout === null) throw new Error('the sandbox must have an output to speak through');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(announcement.parse(JSON.parse(line)).venues);
    });
  });
}

const announcement = z.object({
  venues: z.record(z.string(), z.object({ rest: z.string(), ws: z.string() })),
});
