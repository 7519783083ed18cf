// A running engine shown at a real Redis, and one that hangs, is stopped or is gone: the engine
// only ever writes into a list of bounded length.
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LiveEvent, LiveState } from '../../src/ports/index.ts';
import { LiveBoard } from '../../src/runtime/live-board.ts';
import { RedisLive } from '../../src/storage/index.ts';
import { hasRedis, newDeployment, openClient, OwnRedis, REDIS_URL } from './redis-server.ts';

const STATE: LiveState = {
  ...{ runId: 'r1', mode: 'paper', feed: 'sandbox', engineState: 'running', atMs: 5 },
  ...{ headSeq: 7, headHash: 'abc', openTrades: [], alerts: [] },
};

const eventOf = (seq: number): LiveEvent => ({
  ...{ type: 'transition', seq, atMs: seq, actor: 't1', from: 'IDLE', event: 'x', to: 'OPENING' },
});

const lives: RedisLive[] = [];
const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  await Promise.all(lives.splice(0).map((live) => live.close()));
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

function liveAt(deployment: string, redisUrl = REDIS_URL): RedisLive {
  const live = new RedisLive({ redisUrl, deployment });
  lives.push(live);
  return live;
}

/** Everything that is said on the channel from now on. */
async function hear(deployment: string, url = REDIS_URL): Promise<unknown[]> {
  const heard: unknown[] = [];
  const client = openClient(url);
  client.on('message', (_channel, text: string) => heard.push(JSON.parse(text)));
  await client.subscribe(`trinity:{${deployment}}:events`);
  return heard;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endAtMs = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > endAtMs) throw new Error('it has not become so within 10 s');
    await pause(10);
  }
}

const seqsOf = (heard: readonly unknown[]): readonly unknown[] =>
  heard.map((event) =>
    typeof event === 'object' && event !== null ? Reflect.get(event, 'seq') : 0,
  );

describe.runIf(hasRedis)('at a Redis that answers', () => {
  test('the state can be read by anybody, and is gone a few seconds after the last', async () => {
    const deployment = newDeployment();
    const client = openClient();
    liveAt(deployment).state(STATE);
    const key = `trinity:{${deployment}}:state`;
    await until(async () => (await client.exists(key)) === 1);
    expect(JSON.parse((await client.get(key)) ?? '')).toEqual(STATE);
    const leftMs = await client.pttl(key);
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(3_000);
  });

  test('each event comes once and in order to whoever listens', async () => {
    const deployment = newDeployment();
    const heard = await hear(deployment);
    const live = liveAt(deployment);
    const count = 900;
    for (let seq = 1; seq <= count; seq += 1) live.event(eventOf(seq));
    await until(() => heard.length === count);
    expect(seqsOf(heard)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(live.droppedCount).toBe(0);
  });

  test('the last words of a run still arrive', async () => {
    const deployment = newDeployment();
    const heard = await hear(deployment);
    const live = liveAt(deployment);
    live.event(eventOf(1));
    await until(() => heard.length === 1);
    live.event(eventOf(2));
    live.state({ ...STATE, engineState: 'stopped' });
    await live.close();
    await until(() => heard.length === 2);
    const text = await openClient().get(`trinity:{${deployment}}:state`);
    expect(JSON.parse(text ?? '')).toMatchObject({ engineState: 'stopped' });
  });
});

/** Takes every connection and never says a word. */
async function deafServer(): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe('a Redis that hangs', () => {
  test('takes nothing and costs the engine a list of a thousand events', async () => {
    const live = liveAt('deaf', await deafServer());
    const board = new LiveBoard();
    board.watch(live);
    board.show(STATE);
    await until(() => sockets.length === 1);
    await pause(50);
    const count = 100_000;
    // One turn of the loop: nothing here can have waited for anybody.
    for (let seq = 1; seq <= count; seq += 1) board.tell(eventOf(seq));
    expect(live.droppedCount).toBe(count - 1_000);
    await pause(100);
    for (let seq = 1; seq <= count; seq += 1) board.tell(eventOf(seq));
    // A batch may be under way.
    expect(live.droppedCount).toBeGreaterThanOrEqual(2 * count - 1_000 - 200);
  });

  test.runIf(hasRedis)(
    'and goes on gets what is newest, and hears how much it missed',
    async () => {
      const own = await OwnRedis.start();
      const deployment = newDeployment();
      const heard = await hear(deployment, own.url);
      const live = liveAt(deployment, own.url);
      live.event(eventOf(1));
      await until(() => heard.length === 1);
      own.signal('SIGSTOP');
      for (let seq = 2; seq <= 3; seq += 1) live.event(eventOf(seq));
      await pause(50);
      for (let seq = 4; seq <= 2_003; seq += 1) live.event(eventOf(seq));
      expect(live.droppedCount).toBe(1_000);
      own.signal('SIGCONT');
      await until(() => heard.length === 1 + 2 + 1 + 1_000);
      expect(heard[3]).toEqual({ type: 'events.dropped', count: 1_000 });
      expect(seqsOf(heard.slice(4))).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1_004));
    },
  );

  test.runIf(hasRedis)('or is gone for a while is found again', async () => {
    const first = await OwnRedis.start();
    await first.kill();
    const deployment = newDeployment();
    const live = liveAt(deployment, first.url);
    live.event(eventOf(1));
    await until(() => live.droppedCount === 1);
    const second = await OwnRedis.start({ again: first });
    const heard = await hear(deployment, second.url);
    await until(() => {
      live.event(eventOf(2));
      return heard.length > 0;
    });
    expect(heard[0]).toMatchObject({ type: 'events.dropped' });
  });
});

test('a watcher in the process gets the newest state at once, and events until it leaves', () => {
  const board = new LiveBoard();
  board.show(STATE);
  const heard: unknown[] = [];
  const leave = board.watch({
    state: (s) => heard.push(s.headSeq),
    event: (e) => heard.push(e.type),
  });
  board.tell(eventOf(1));
  board.show({ ...STATE, headSeq: 8 });
  leave();
  board.tell(eventOf(2));
  expect(heard).toEqual([7, 'transition', 8]);
  expect(board.isWatched).toBe(false);
});
