// Two real processes on one lease, a real Redis and a venue with a log of its own: whoever has lost
// the lease places nothing, whether it was stopped, cut off, or started by mistake.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, newDeployment, OwnRedis, REDIS_URL } from './redis-server.ts';

const LEASE_MS = 1_000;
const ENGINE = fileURLToPath(new URL('./leased-engine.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WAIT_MS = 20_000;

interface Request {
  readonly engine: string;
  readonly clientOrderId: string;
  readonly reduceOnly: boolean;
}

/** What reached the venue, in order. It fills the first entry of an engine, and refuses others. */
const log: Request[] = [];
const sockets: Socket[] = [];
const server = createServer((socket) => {
  sockets.push(socket);
  socket.on('error', () => undefined);
  // The reader repeats the errors of what it reads.
  const lines = createInterface(socket).on('error', () => undefined);
  lines.on('line', (line) => {
    const request: Request = JSON.parse(line);
    log.push(request);
    const isFirst = log.filter(({ engine }) => engine === request.engine).length <= 2;
    const word = request.reduceOnly || isFirst ? 'fill' : 'reject';
    socket.write(`${word} ${request.clientOrderId}\n`);
  });
});
let venuePort = 0;
const children: ChildProcess[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  venuePort = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const socket of sockets) socket.destroy();
  server.close();
});

const placedBy = (name: string, since = 0): readonly Request[] =>
  log.slice(since).filter(({ engine }) => engine === name);

function start(name: string, deployment: string, url = REDIS_URL) {
  const words = [name, url, deployment, `${LEASE_MS}`, `${venuePort}`];
  const child = spawn(process.execPath, ['--import', 'tsx', ENGINE, ...words], { cwd: ROOT });
  children.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const says = (pattern: RegExp) =>
    until(
      () => pattern.test(text),
      () => `${name}: ${text}`,
    );
  return { ended, says, said: () => text, signal: (word: NodeJS.Signals) => void child.kill(word) };
}

async function until(isSo: () => boolean, instead: () => string): Promise<void> {
  const endAtMs = performance.now() + WAIT_MS;
  while (!isSo()) {
    if (performance.now() > endAtMs) throw new Error(`not within ${WAIT_MS} ms; ${instead()}`);
    await pause(10);
  }
}

const places = (name: string, since: number, count = 1): Promise<void> =>
  until(
    () => placedBy(name, since).length >= count,
    () => `${name} placed ${log.length - since}`,
  );

describe.runIf(hasRedis)('the venue hears from one engine at a time', { timeout: 60_000 }, () => {
  test('when the first is stopped for longer than its lease and goes on (P05, P17)', async () => {
    const deployment = newDeployment();
    const first = start('first', deployment);
    await first.says(/held with fence 1\n/);
    await places('first', 0, 10);
    // Started by mistake beside it (P16).
    const mistake = start('mistake', deployment);
    expect(await mistake.ended).toBe(3);
    expect(mistake.said()).toMatch(
      /^refused: process \d+ on first \(data folder .*, fence 1, version 1\.0\.0\)$/m,
    );
    first.signal('SIGSTOP');
    const second = start('second', deployment);
    await second.says(/held with fence 2\n/);
    const takenOver = log.length;
    await places('second', takenOver, 10);
    first.signal('SIGCONT');
    expect(await first.ended).toBe(11);
    expect(first.said()).toMatch(
      /^stopped: process \d+ on second \(data folder .*, fence 2, version 1\.0\.0\)/m,
    );
    await places('second', log.length, 10);
    expect(placedBy('first', takenOver)).toEqual([]);
    expect(placedBy('mistake')).toEqual([]);
    second.signal('SIGKILL');
    await second.ended;
  });

  test('when Redis dies: no entry goes, what is held goes home, and it goes on (S12)', async () => {
    const redis = await OwnRedis.start();
    const lone = start('lone', newDeployment(), redis.url);
    await lone.says(/held with fence 1\n/);
    await places('lone', 0, 10);
    await redis.kill();
    await lone.says(/lease\.unreachable/);
    await pause(100);
    const away = log.length;
    await pause(500);
    expect(placedBy('lone', away)).toEqual([]);
    lone.signal('SIGUSR2');
    await places('lone', away, 2);
    expect(placedBy('lone', away).map(({ reduceOnly }) => reduceOnly)).toEqual([true, true]);
    await OwnRedis.start({ again: redis });
    await lone.says(/lease\.recovered/);
    lone.signal('SIGKILL');
    await lone.ended;
  });
});
