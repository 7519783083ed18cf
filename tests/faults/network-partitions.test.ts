// Three venues of the sandbox behind lines that can be cut, in real time: they are lost one by one
// and come back in another order, and a feed that breaks by its own fault leaves the others alone.
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Feed } from '../../src/ports/index.ts';
import { realClock } from '../../src/runtime/real-clock.ts';
import type { Sandbox, SandboxVenue } from '../../src/sandbox/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { binanceusdmFeed } from '../../src/venues/binanceusdm/binanceusdm-feed.ts';
import { bybitFeed } from '../../src/venues/bybit/bybit-feed.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import { Books } from './loopback-books.ts';

/** Passes bytes on, until it is cut: then it lets go of everybody and listens to nobody. */
class CuttableLine {
  isCut = false;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(target: string) {
    const port = Number(new URL(target).port);
    this.#server = createServer((near) => {
      if (this.isCut) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const FEEDS = { binanceusdm: binanceusdmFeed, bybit: bybitFeed, okx: okxFeed } as const;
const VENUES = ['binanceusdm', 'bybit', 'okx'] as const;

interface Line {
  readonly line: CuttableLine;
  readonly feed: Feed;
  readonly books: Books;
}

let sandbox: Sandbox | undefined;
let lines: readonly Line[] = [];
afterEach(async () => {
  await Promise.all(lines.map(({ feed }) => feed.stop()));
  await Promise.all(lines.map(({ line }) => line.close()));
  await sandbox?.stop();
});

async function lineTo(venue: SandboxVenue, from: Sandbox): Promise<Line> {
  const line = new CuttableLine(from.venues[venue].rest);
  const address = await line.open();
  const clock = realClock(from.nowMs());
  const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
  const addresses = { restUrl: `http://${address}`, wsUrl: `ws://${address}` };
  const feed = FEEDS[venue]({ ...addresses, symbols, clock });
  const books = new Books();
  books.hear(feed);
  return { line, feed, books };
}

const areWhole = ({ books }: Line): boolean =>
  books.market.all().length === 2 && books.market.all().every(({ book }) => book.isSynced);
const areEmpty = ({ books }: Line): boolean =>
  books.market.all().every(({ book }) => !book.isSynced);

test('venues lost one by one come back in another order, each with whole books', async () => {
  const opened = (sandbox = await startSandbox({ seed: 7 }));
  lines = await Promise.all(VENUES.map((venue) => lineTo(venue, opened)));
  for (const each of lines) await each.books.until(() => areWhole(each));
  for (const each of lines) {
    each.line.cut();
    await each.books.until(() => areEmpty(each));
  }
  for (const each of [...lines].reverse()) {
    each.line.isCut = false;
    await each.books.until(() => areWhole(each));
    for (const { book } of each.books.market.all()) expect(book.isCrossed).toBe(false);
  }
  expect(lines.every(areWhole)).toBe(true);
});
