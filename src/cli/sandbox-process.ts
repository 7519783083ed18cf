// The sandbox as a process of its own, reached over its sockets like any venue: when it dies, the engine
// lives and says so. It ends with its parent, not with a Ctrl-C that is meant for the engine.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

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
const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

export async function startSandboxProcess(seed: number): Promise<SandboxProcess> {
  const args = [MAIN, 'sandbox', '--seed', String(seed), '--start-at', 'settlement', '--json'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  });
  let lost: ((how: string) => void) | undefined;
  let isStopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      const how = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
      resolve(how);
      if (!isStopping) lost?.(how);
    });
  });
  if (child.stdout === null) throw new Error('the sandbox must have an output to announce itself');
  const venues = await firstLine(child.stdout, ended);
  return {
    pid: child.pid ?? 0,
    venues,
    onLost: (then) => (lost = then),
    stop: async () => {
      isStopping = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function firstLine(
  stdout: NodeJS.ReadableStream,
  ended: Promise<string>,
): Promise<Readonly<Record<string, VenueAddress>>> {
  const lines = createInterface({ input: stdout });
  const line = new Promise<string>((resolve) => lines.once('line', resolve));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Failure('venue', `the sandbox did not start within ${START_TIMEOUT_MS} ms`));
    }, START_TIMEOUT_MS);
  });
  const died = ended.then((how): never => {
    throw new Failure('venue', `the sandbox ended ${how} before it was ready`);
  });
  // Whoever loses the race may still reject later, when nobody listens any more.
  died.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return parseVenues(await Promise.race([line, died, late]));
  } finally {
    clearTimeout(timer);
  }
}

function parseVenues(line: string): Readonly<Record<string, VenueAddress>> {
  const announced: unknown = JSON.parse(line);
  if (typeof announced === 'object' && announced !== null && 'venues' in announced) {
    return announced.venues as Readonly<Record<string, VenueAddress>>;
  }
  throw new Failure('venue', `the sandbox announced no venues but ${line}`);
}
