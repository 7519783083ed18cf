// A real Redis for tests: TEST_REDIS_URL, else what listens on 127.0.0.1:6379, else one of our own
// from installed binaries, else none, said in one line; with CI=true having none is a failure. Each
// test gets a deployment of its own. Whoever stops or kills a Redis starts its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';

const USUAL_URL = 'redis://127.0.0.1:6379';
const STARTS = 5;
const READY_LOOKS = 200;

export class OwnRedis {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  /** `again`: with address and saved data of one that is gone. */
  static async start({ again }: { readonly again?: OwnRedis } = {}): Promise<OwnRedis> {
    const folder = again?.folder ?? mkdtempSync(join(tmpdir(), 'trinity-redis-'));
    for (let attempt = 1; ; attempt += 1) {
      const port = again === undefined ? await freePort() : Number(new URL(again.url).port);
      const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
      const child = spawn('redis-server', words, { stdio: 'ignore' });
      const own = new OwnRedis(`redis://127.0.0.1:${port}`, child, folder);
      own.#child.on('error', () => undefined);
      started.push(own);
      if (await own.#isReady()) return own;
      own.signal('SIGKILL');
      if (attempt === STARTS) throw new Error(`redis-server does not start in ${folder}`);
    }
  }

  get folder(): string {
    return this.#folder;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Gone, as after a power failure. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.signal('SIGKILL');
    await gone;
  }

  async #isReady(): Promise<boolean> {
    for (let look = 0; look < READY_LOOKS; look += 1) {
      if (this.#child.exitCode !== null || this.#child.pid === undefined) return false;
      if ((await whyAbsent(this.url)) === undefined) return true;
      await pause(25);
    }
    return false;
  }
}

const started: OwnRedis[] = [];
const opened: Redis[] = [];
const deployments: string[] = [];

export const redisUrl = await findRedis();
export const hasRedis = redisUrl !== undefined;
/** Where nothing is tested without one. */
export const REDIS_URL = redisUrl ?? USUAL_URL;

afterAll(async () => {
  if (redisUrl !== undefined && deployments.length > 0) {
    const client = openClient();
    const keys = deployments.flatMap((name) => [
      `trinity:{${name}}:lease`,
      `trinity:{${name}}:state`,
    ]);
    for (const key of keys) await client.del(key);
  }
  for (const client of opened.splice(0)) client.disconnect();
  for (const own of started.splice(0)) {
    own.signal('SIGKILL');
    rmSync(own.folder, { recursive: true, force: true });
  }
});

/** A name that no other test uses, also not at the same time. */
export function newDeployment(): string {
  const name = `test-${process.pid}-${Date.now().toString(36)}-${deployments.length}`;
  deployments.push(name);
  return name;
}

/** For looking and for breaking things. */
export function openClient(url = REDIS_URL): Redis {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on('error', () => undefined);
  opened.push(client);
  return client;
}

async function findRedis(): Promise<string | undefined> {
  const url = process.env['TEST_REDIS_URL'] ?? USUAL_URL;
  const absence = await whyAbsent(url);
  if (absence === undefined) return url;
  const own = await OwnRedis.start().catch(() => undefined);
  if (own !== undefined) return own.url;
  const text = `no Redis at ${new URL(url).host} (${absence}) and no redis-server is installed`;
  if (process.env['CI'] === 'true') throw new Error(`${text}: CI needs one`);
  process.stderr.write(`${text}: tests on a real Redis are skipped\n`);
  return undefined;
}

async function whyAbsent(url: string): Promise<string | undefined> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  let cause = 'no answer';
  client.on('error', (error) => (cause = error.message));
  try {
    await client.connect();
    await client.ping();
    return undefined;
  } catch {
    return cause;
  } finally {
    client.disconnect();
  }
}
