// The servers themselves: sockets, bounds, and leaving nothing behind.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { toMs } from '../../src/domain/index.ts';
import { SANDBOX_VENUES, startSandbox, World } from '../../src/sandbox/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { startVenueServer } from '../../src/sandbox/venue-server.ts';
import type { VenueProtocol } from '../../src/sandbox/wire.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7 });
});
afterAll(async () => {
  await sandbox.stop();
});

async function opened(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

const ended = (socket: WebSocket): Promise<number | string> =>
  new Promise((resolve) => {
    socket.on('close', resolve);
    socket.on('error', (error) => {
      resolve(error.message);
    });
  });

describe('the sandbox', () => {
  test('listens on loopback only, one port per venue', () => {
    const addresses = SANDBOX_VENUES.map((venue) => sandbox.venues[venue]);
    for (const { rest, ws } of addresses) {
      expect(rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(ws).toBe(rest.replace('http', 'ws'));
    }
    expect(new Set(addresses.map(({ rest }) => rest)).size).toBe(3);
  });

  test('goes on pushing a subscribed book by itself', async () => {
    const socket = await opened(`${sandbox.venues.okx.ws}/ws/v5/public`);
    const args = [{ channel: 'books', instId: 'BTC-USDT-SWAP' }];
    const arrived = new Promise<number>((resolve) => {
      let frameCount = 0;
      socket.on('message', () => {
        frameCount += 1;
        if (frameCount === 12) resolve(frameCount);
      });
    });
    socket.send(JSON.stringify({ op: 'subscribe', args }));
    expect(await arrived).toBe(12);
    socket.terminate();
  });

  test('refuses one client too many, and takes new ones when old ones leave', async () => {
    const address = `${sandbox.venues.binanceusdm.ws}/ws`;
    const clients = await Promise.all(Array.from({ length: 64 }, () => opened(address)));
    expect(await ended(new WebSocket(address))).toBe('Unexpected server response: 503');
    const left = clients.map(ended);
    for (const client of clients) client.close();
    await Promise.all(left);
    (await opened(address)).terminate();
  });

  test('does not open streams at paths that the venue does not have', async () => {
    const socket = new WebSocket(`${sandbox.venues.bybit.ws}/v5/private`);
    expect(await ended(socket)).toBe('Unexpected server response: 404');
  });

  test('cuts off a client whose frame is larger than a megabyte', async () => {
    const socket = await opened(`${sandbox.venues.bybit.ws}/v5/public/linear`);
    socket.send('x'.repeat(1024 * 1024 + 1));
    expect(await ended(socket)).toBe(1009);
  });

  test('starts at a given instant', async () => {
    const startAtMs = toMs(Date.UTC(2026, 2, 1));
    const other = await startSandbox({ seed: 1, startAtMs });
    expect(other.world.atMs).toBeGreaterThanOrEqual(startAtMs - other.world.stepMs);
    const reply = await fetch(`${other.venues.binanceusdm.rest}/fapi/v1/time`);
    const { serverTime } = JSON.parse(await reply.text());
    expect(serverTime - startAtMs).toBeGreaterThanOrEqual(0);
    expect(serverTime - startAtMs).toBeLessThan(5000);
    await other.stop();
    await expect(fetch(`${other.venues.binanceusdm.rest}/fapi/v1/time`)).rejects.toThrow();
  });

  test('is the same market again when it starts where another has come to', async () => {
    const startAtMs = toMs(Date.UTC(2026, 2, 1) - 45_000);
    const world = new World({ seed: 1, startAtMs });
    world.advanceTo(toMs(startAtMs + 60_000));
    const later = await startSandbox({ seed: 1, startAtMs: toMs(startAtMs + 60_000) });
    const [first] = world.instruments;
    if (first === undefined) expect.fail('a world has instruments');
    expect(later.world.startAtMs).toBe(startAtMs);
    expect(later.world.rateAt(first, toMs(startAtMs + 30_000))).toBe(
      world.rateAt(first, toMs(world.atMs - 30_000)),
    );
    expect(later.world.anchorPrice(first)).toBe(world.anchorPrice(first));
    await later.stop();
  });

  test('starts at the time of the machine when asked for now', async () => {
    const other = await startSandbox({ seed: 1, startAt: 'now' });
    expect(Math.abs(other.nowMs() - Date.now())).toBeLessThan(1000);
    await other.stop();
  });

  test('leaves nothing open behind: a process that stops it ends by itself', async () => {
    const index = new URL('../../src/sandbox/index.ts', import.meta.url).href;
    const program = `
      const { startSandbox } = await import(${JSON.stringify(index)});
      const sandbox = await startSandbox({ seed: 1 });
      const socket = new WebSocket(sandbox.venues.okx.ws + '/ws/v5/public');
      await new Promise((resolve) => { socket.onopen = resolve; });
      await sandbox.stop();
      console.log('stopped');`.replace('new WebSocket', 'new (await import("ws")).WebSocket');
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    expect(stdout.trim()).toBe('stopped');
  });
});

test('a client that does not read is cut off once 8 MB wait for it', async () => {
  let left: () => void = () => undefined;
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const megabyte = 'x'.repeat(1024 * 1024);
  const talkative: VenueProtocol = {
    venue: 'okx',
    answer: () => ({ status: 404, body: {} }),
    opensAt: () => true,
    opened: () => undefined,
    received: (client) => {
      for (let frame = 0; frame < 64; frame += 1) client.send(megabyte);
    },
    closed: () => {
      left();
    },
    publish: () => undefined,
  };
  const server = await startVenueServer(talkative);
  const socket = await opened(server.ws);
  socket.pause();
  socket.send('speak');
  await hasLeft;
  socket.terminate();
  await server.stop();
});
