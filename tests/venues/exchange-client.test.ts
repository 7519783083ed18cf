// The engine's client of an exchange process when that is away, silent, speaks nonsense, or dies
// between a request and its answer: an order is sent once, and unknown whenever it may have arrived.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LineNews } from '../../src/venues/local-exchange/exchange-line.ts';
import { LineSplitter } from '../../src/venues/local-exchange/local-exchange-schema.ts';
import { orderOf } from '../exchange/exchange-world.ts';
import { START_AT_MS, VENUE } from '../exchange/test-market.ts';
import { clientOf, connected, Ear, ExchangeRoom, reconnected, serve } from './exchange-room.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const buy = { side: 'buy', qty: '2', limitPrice: '100' } as const;

/** An exchange that does what a test wants with each line it hears. */
async function strange(
  hear: (text: string, socket: Socket) => void,
): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    endings.push(() => socket.destroy());
    const splitter = new LineSplitter(1e6, (text) => hear(text, socket));
    socket.on('data', (chunk: Buffer) => splitter.take(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server must have a port');
  return { port: address.port, server };
}

const WELCOME = { type: 'welcome', protocol: 1, venueId: VENUE, nowMs: 0, prices: {} };
const isHello = (text: string): boolean => text.includes('"hello"');
const say = (socket: Socket, message: object) => socket.write(`${JSON.stringify(message)}\n`);

describe("the engine's client", () => {
  test('refuses for certain what it cannot send', async () => {
    const room = new ExchangeRoom();
    const ear = new Ear();
    const venue = clientOf(room, 1);
    endings.push(() => venue.stop());
    venue.start(ear.hear);
    venue.place(orderOf(VENUE, 1, buy));
    expect(ear.reports).toEqual([]);
    await ear.hears(/rejected venue.unreachable/);
    venue.query(orderOf(VENUE, 1, buy));
    venue.reportAccount();
    await ear.hears(/account unavailable/);
    expect(ear.lines).toContain('unknown');
  });

  test('asks for the account, when it was asked to before it was connected, once it is', async () => {
    const room = new ExchangeRoom();
    const { server } = await serve(room);
    endings.push(() => server.stop());
    const ear = new Ear();
    const venue = clientOf(room, server.port);
    endings.push(() => venue.stop());
    venue.start(ear.hear);
    venue.reportAccount();
    await ear.hears(/^account/);
    expect(ear.lines).toEqual([expect.stringMatching(/^account \d/)]);
  });

  test.each([
    ['closes the connection', (socket: Socket) => socket.end()],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['answers with half a line and dies', (socket: Socket) => socket.end('{"type":"repo')],
    ['answers with garbage', (socket: Socket) => socket.write('<html>502</html>\n')],
    ['answers without end', (socket: Socket) => socket.write('x'.repeat(9_000_000))],
  ])('calls an order unknown, once, when the exchange %s', async (_name, react) => {
    let placed = 0;
    const { port } = await strange((text, socket) => {
      if (isHello(text)) say(socket, WELCOME);
      if (text.includes('"account"')) {
        const report = { venueId: VENUE, equityUsd: '1', marginUsedUsd: '0', positions: [] };
        say(socket, { type: 'report', report: { type: 'account.reported', report } });
      }
      if (!text.includes('"place"')) return;
      placed += 1;
      react(socket);
    });
    const { venue, ear } = await connected(new ExchangeRoom(), port);
    endings.push(() => venue.stop());
    venue.place(orderOf(VENUE, 1, buy));
    await ear.hears(/unknown/);
    expect(ear.lines).toEqual(['unknown']);
    await reconnected(venue, ear);
    expect(placed).toBe(1);
  });

  test('calls an order unknown when no answer comes in its time', async () => {
    const { port } = await strange((text, socket) => {
      if (isHello(text)) say(socket, WELCOME);
      if (!text.includes('"account"')) return;
      const report = { venueId: VENUE, equityUsd: '1', marginUsedUsd: '0', positions: [] };
      say(socket, { type: 'report', report: { type: 'account.reported', report } });
    });
    const { venue, ear } = await connected(new ExchangeRoom(), port);
    endings.push(() => venue.stop());
    venue.place(orderOf(VENUE, 1, buy));
    venue.query(orderOf(VENUE, 2, buy));
    await ear.hears(/unknown/, 2);
  });

  test('says of each report when it had asked for it, by its own clock', async () => {
    const waiting: Socket[] = [];
    const { port } = await strange((text, socket) => {
      if (isHello(text)) say(socket, WELCOME);
      if (text.includes('"account"')) waiting.push(socket);
    });
    const room = new ExchangeRoom();
    const ear = new Ear();
    const venue = clientOf(room, port);
    endings.push(() => venue.stop());
    venue.start(ear.hear);
    const questions = async (count: number): Promise<void> => {
      while (waiting.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const answer = (equityUsd: string): void => {
      const report = { venueId: VENUE, askedAtMs: 1, equityUsd, marginUsedUsd: '0', positions: [] };
      const socket = waiting[0];
      if (socket !== undefined) {
        say(socket, { type: 'report', report: { type: 'account.reported', report } });
      }
    };
    venue.reportAccount();
    await questions(1);
    const fromAtMs = room.clock.nowMs();
    await new Promise((resolve) => setTimeout(resolve, 30));
    venue.reportAccount();
    await questions(2);
    for (const equityUsd of ['1', '2', '3']) answer(equityUsd);
    await ear.hears(/^account 2/);
    const askedAtMs = ear.reports.flatMap((each) =>
      each.type === 'account.reported' ? [each.report.askedAtMs] : [],
    );
    expect(askedAtMs).toHaveLength(2);
    expect(askedAtMs[0]).toBeGreaterThan(1);
    expect(askedAtMs[0]).toBeLessThanOrEqual(fromAtMs);
    expect(askedAtMs[1]).toBeGreaterThanOrEqual(fromAtMs + 30);
  });

  test('hears after a break what happened meanwhile, and ends the question of the engine', async () => {
    const room = new ExchangeRoom();
    const { server } = await serve(room);
    const { venue, ear } = await connected(room, server.port);
    endings.push(() => venue.stop());
    venue.place(orderOf(VENUE, 1, { ...buy, limitPrice: '90', timeInForce: 'GTC' }));
    await ear.hears(/accepted/);
    await server.stop();
    await ear.hears(/unknown/);
    venue.reportActivity(START_AT_MS);
    room.book({ bids: [[88, 500]], asks: [[89, 500]] } as never);
    const again = await serve(room, server.port);
    endings.push(() => again.server.stop());
    await ear.hears(/activity reported/);
    const fill = 'filled buy 2 at 90 maker fee 0.036';
    expect(ear.lines.filter((each) => each === fill).length).toBeGreaterThanOrEqual(1);
    expect(ear.lines.filter((each) => each === 'activity reported')).toHaveLength(1);
  });

  test('says once that its line is lost, however often it tries, and once that it is back', async () => {
    const room = new ExchangeRoom();
    const { server } = await serve(room);
    const ear = new Ear();
    const news: LineNews[] = [];
    const venue = clientOf(room, server.port, (each) => news.push(each));
    endings.push(() => venue.stop());
    venue.start(ear.hear);
    await reconnected(venue, ear);
    expect(news).toEqual([]);
    await server.stop();
    while (news.length === 0) await pause(5);
    await pause(400);
    const again = await serve(room, server.port);
    endings.push(() => again.server.stop());
    await reconnected(venue, ear);
    const awayMs = expect.any(Number);
    const cause = 'the exchange closed the connection';
    expect(news).toEqual([
      { type: 'lost', venueId: VENUE, cause },
      { type: 'back', venueId: VENUE, awayMs },
    ]);
    expect(news[1]?.type === 'back' && news[1].awayMs).toBeGreaterThanOrEqual(395);
  });
});
