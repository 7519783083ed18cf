// Requests and snapshots: answers that are cut, empty or nonsense, snapshots that are older than
// what they should start, storms of reconnects, names and certificates that fail.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { toMs } from '../../src/domain/index.ts';
import type { Clock, Feed } from '../../src/ports/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import { ReconnectingSocket } from '../../src/venues/reconnecting-socket.ts';
import { LoopbackVenue, QuickClock } from '../venues/loopback-venue.ts';
import type { Response } from './loopback-books.ts';
import { Books, examples } from './loopback-books.ts';

let venue: LoopbackVenue;
let feed: Feed | undefined;
const options = (clock: Clock = new QuickClock(20)) => ({
  restUrl: venue.restUrl,
  wsUrl: venue.wsUrl,
  symbols: ['BTC/USDT:USDT'],
  clock,
});

beforeEach(async () => {
  venue = await new LoopbackVenue().open();
  feed = undefined;
});
afterEach(async () => {
  await feed?.stop();
  await venue.close();
});

describe('a list of instruments comes in the end, after', () => {
  test.each<[string, (response: Response) => void]>([
    ['JSON that is cut', (response) => response.end('{"code":"0","data":[{"instId":"BTC-US')],
    ['an empty answer', (response) => response.end('')],
    ['a page of HTML with status 502', (response) => reply(response, 502, '<html>Bad Gateway')],
    ['an empty list where an object belongs', (response) => response.end('[]')],
    ['a word where numbers belong', (response) => response.end('{"code":"0","data":"none"}')],
    ['a body that breaks off', (response) => breakOff(response)],
  ])('%s', async (_, answer) => {
    let asked = 0;
    venue.answers.set('/api/v5/public/instruments', (_request: unknown, response: Response) => {
      asked += 1;
      if (asked <= 2) answer(response);
      else response.end(JSON.stringify(examples.okx));
    });
    const heard = new Books();
    feed = okxFeed(options());
    heard.hear(feed);
    await heard.until(() => heard.sink.count('feed.connected') === 1);
    expect(asked).toBe(3);
    expect(heard.sink.causes('feed.disconnected')).toHaveLength(2);
    expect(heard.sink.count('instrument.listed')).toBe(1);
  });
});

describe('a venue that cannot be reached', () => {
  test.each([
    ['because its name does not resolve', 'http://no-such-venue.invalid', /ENOTFOUND|EAI_AGAIN/],
    ['because nobody listens there', 'http://127.0.0.1:1', /ECONNREFUSED|bad port/],
  ])('%s is told with its cause, again and again', async (_, restUrl, cause) => {
    const heard = new Books();
    feed = okxFeed({ ...options(), restUrl });
    heard.hear(feed);
    await heard.until(() => heard.sink.count('feed.disconnected') === 2);
    expect(heard.sink.causes('feed.refused')[0]).toMatch(cause);
  });

  test('because it speaks no TLS is told with its cause, and found when it does again', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    let url = `wss://127.0.0.1:${port}`;
    const said: string[] = [];
    const socket = new ReconnectingSocket({
      clock: new QuickClock(20),
      pingText: 'ping',
      lifeMs: undefined,
      lines: () => [{ url, greetings: [] }],
      onOpen: () => said.push('open'),
      onText: () => undefined,
      onLost: (cause) => said.push(cause),
    });
    socket.start();
    while (said.length < 2) await setImmediate();
    expect(said[0]).toMatch(/SSL|EPROTO|TLS/i);
    url = venue.wsUrl;
    while (!said.includes('open')) await setImmediate();
    await socket.stop();
    await new Promise((resolve) => plain.close(resolve));
  });
});

test('a connection is renewed by plan before the venue would cut it', async () => {
  const clock = new VirtualClock(toMs(0));
  const said: string[] = [];
  const socket = new ReconnectingSocket({
    clock,
    pingText: undefined,
    lifeMs: toMs(3_000),
    lines: () => [{ url: venue.wsUrl, greetings: [] }],
    onOpen: () => said.push('open'),
    onText: () => undefined,
    onLost: (cause) => said.push(cause),
  });
  socket.start();
  while (said.length < 1) await setImmediate();
  clock.advanceTo(toMs(2_999));
  expect(said).toEqual(['open']);
  clock.advanceTo(toMs(3_000));
  expect(said).toEqual(['open', 'planned end of the connection']);
  clock.advanceTo(toMs(3_500));
  while (said.length < 3) await setImmediate();
  expect(said[2]).toBe('open');
  await socket.stop();
});

describe('a frame that breaks the protocol resets the connection', () => {
  const invalid = [0xc3, 0x28];
  test.each<[string, (socket: WebSocket) => void, RegExp]>([
    ['text that is no UTF-8', (socket) => raw(socket, [0x81, 2, ...invalid]), /UTF-8/i],
    ['a compressed one, whatever it would become', (socket) => raw(socket, [0xc1, 1, 0]), /RSV1/],
    ['16 MB announced', (socket) => raw(socket, [0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0]), /payload/i],
  ])('%s', async (_, send, cause) => {
    venue.answers.set('/api/v5/public/instruments', examples.okx);
    venue.onConnection = (socket) => {
      if (venue.connectionCount === 1) send(socket);
    };
    const heard = new Books();
    feed = okxFeed(options());
    heard.hear(feed);
    await heard.until(() => heard.sink.count('feed.connected') === 2);
    expect(heard.sink.causes('feed.disconnected')[0]).toMatch(cause);
  });
});

function reply(response: Response, status: number, text: string): void {
  response.statusCode = status;
  response.end(text);
}

function breakOff(response: Response): void {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"code":');
  response.destroy();
}

/** Bytes on the wire that the library would not send. */
function raw(socket: WebSocket, bytes: readonly number[]): void {
  const { _socket: inner } = socket as unknown as { readonly _socket: NodeJS.WritableStream };
  inner.write(Buffer.from(bytes));
}
