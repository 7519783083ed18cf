// What an exchange process makes of its clients: half requests, garbage, too much, too fast, gone
// before the answer.
import { afterEach, describe, expect, test } from 'vitest';
import { LineSplitter } from '../../src/venues/local-exchange/local-exchange-schema.ts';
import { orderOf } from '../exchange/exchange-world.ts';
import { START_AT_MS, VENUE } from '../exchange/test-market.ts';
import { connected, ExchangeRoom, RawClient } from './exchange-room.ts';
import { serve } from './exchange-room.ts';
import type { Served } from './exchange-room.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const buy = { side: 'buy', qty: '2', limitPrice: '100' } as const;
const placement = (ordinal: number) => ({ type: 'place', order: orderOf(VENUE, ordinal, buy) });

async function served(): Promise<Served & { readonly room: ExchangeRoom }> {
  const room = new ExchangeRoom();
  const found = await serve(room);
  endings.push(() => found.server.stop());
  return { ...found, room };
}

describe('a stream cut into lines', () => {
  test('gives the same lines wherever it is cut', () => {
    const bytes = Buffer.from('{"a":"ä€"}\n\n{"b":2}\nrest');
    for (let at = 0; at <= bytes.length; at += 1) {
      const lines: string[] = [];
      const splitter = new LineSplitter(20, (text) => lines.push(text));
      expect(splitter.take(bytes.subarray(0, at)) && splitter.take(bytes.subarray(at))).toBe(true);
      expect(lines).toEqual(['{"a":"ä€"}', '', '{"b":2}']);
    }
  });

  test('says when a line is longer than it may be, also before its end', () => {
    expect(new LineSplitter(4, () => undefined).take(Buffer.from('12345'))).toBe(false);
    expect(new LineSplitter(4, () => undefined).take(Buffer.from('12345\n'))).toBe(false);
    expect(new LineSplitter(4, () => undefined).take(Buffer.from('1234\n1234\n'))).toBe(true);
  });
});

describe('an exchange server', () => {
  test.each([
    ['garbage', 'GET / HTTP/1.1\r\n\r\n', /refused.*message/],
    ['JSON that is no request', '{"type":"steal"}\n', /refused.*type/],
    ['a request before its greeting', '{"type":"account"}\n', /refused.*say hello first/],
    ['another protocol', '{"type":"hello","protocol":9,"venueId":"okx"}\n', /protocol 1, found 9/],
    ['a venue that is not there', '{"type":"hello","protocol":1,"venueId":"x"}\n', /has okx/],
  ])('tells a client with %s why, and closes', async (_name, text, expected) => {
    const { server, requests } = await served();
    const client = new RawClient(server.port);
    client.socket.write(text);
    await client.line(expected);
    await client.closed;
    expect(requests.at(-1)?.refused).toBeDefined();
  });

  test.each([
    ['a quantity that is a number', { qty: 2 }],
    ['an exponent', { qty: '2e3' }],
    ['a side that is none', { side: 'long' }],
    ['no id', { clientOrderId: undefined }],
    ['another venue', { venueId: 'bybit' }],
  ])('takes no order with %s', async (_name, change) => {
    const { server, room } = await served();
    const client = new RawClient(server.port);
    client.hello();
    const { type, order } = placement(1);
    client.send({ type, order: { ...order, ...change } });
    await client.line(/refused/);
    await client.closed;
    expect(room.exchange.state().orderCount).toBe(0);
  });

  test('cuts off a client whose line has no end, and serves the others', async () => {
    const { server, room } = await served();
    const client = new RawClient(server.port);
    client.hello();
    client.socket.write('x'.repeat(70_000));
    await client.line(/a line has at most 65536 bytes/);
    await client.closed;
    const { venue, ear } = await connected(room, server.port);
    endings.push(() => venue.stop());
    venue.place(orderOf(VENUE, 1, buy));
    await ear.hears(/filled with 2/);
  });

  test('does nothing with half a request, whatever of it arrived', async () => {
    const { server, room, requests } = await served();
    const text = JSON.stringify(placement(1));
    for (const size of [1, 20, text.length - 1, text.length]) {
      const client = new RawClient(server.port);
      client.hello();
      await client.line(/welcome/);
      client.socket.write(text.slice(0, size));
      await new Promise((resolve) => client.socket.end(() => resolve(undefined)));
      await client.closed;
    }
    expect(requests.every(({ request }) => request?.type === 'hello')).toBe(true);
    expect(room.exchange.state().orderCount).toBe(0);
  });

  test('does the whole request of a client that is gone before the answer', async () => {
    const { server, room, requests } = await served();
    const client = new RawClient(server.port);
    client.hello();
    await client.line(/welcome/);
    client.send(placement(1));
    client.socket.end();
    await client.closed;
    const asking = await connected(room, server.port);
    endings.push(() => asking.venue.stop());
    asking.venue.query(orderOf(VENUE, 1, buy));
    await asking.ear.hears(/answered filled 1/);
    expect(requests.filter(({ request }) => request?.type === 'place')).toHaveLength(1);
  });

  test('cuts off a client that asks too fast', async () => {
    const { server } = await served();
    const client = new RawClient(server.port);
    client.hello();
    for (let count = 0; count < 2_500; count += 1) client.send({ type: 'ping', count });
    await client.line(/at most 1000 requests per second/);
    await client.closed;
  });

  test('tells every connection what happens, and only the asker what was asked', async () => {
    const { server, room } = await served();
    const [first, second] = [
      await connected(room, server.port),
      await connected(room, server.port),
    ];
    endings.push(
      () => first.venue.stop(),
      () => second.venue.stop(),
    );
    first.venue.place(orderOf(VENUE, 1, buy));
    await second.ear.hears(/filled with 2/);
    second.venue.query(orderOf(VENUE, 1, buy));
    await second.ear.hears(/answered filled 1/);
    first.venue.reportActivity(START_AT_MS);
    await first.ear.hears(/activity reported/);
    expect(first.ear.lines).not.toContain('answered filled 1');
    expect(second.ear.lines).not.toContain('activity reported');
  });

  test('deposits and withdraws for whoever asks, and tells every connection', async () => {
    const { server, room } = await served();
    const { venue, ear } = await connected(room, server.port);
    endings.push(() => venue.stop());
    const client = new RawClient(server.port);
    client.hello();
    client.send({ type: 'transfer', amountUsd: '250.5' });
    client.send({ type: 'transfer', amountUsd: '-100' });
    await ear.hears(/withdrawal -100/);
    expect(ear.lines).toEqual(['deposit 250.5', 'withdrawal -100']);
    expect(room.exchange.ledger.balanceUsd).toBe('10150.5');
  });

  test('declines what it will not transfer, and goes on with who asked', async () => {
    const { server, room, requests } = await served();
    const client = new RawClient(server.port);
    client.hello();
    client.send({ type: 'transfer', amountUsd: '-10000.1' });
    await client.line(/"declined".*10000\.1 USD are wanted, 10000 USD are free/);
    client.send({ type: 'transfer', amountUsd: '0' });
    await client.line(/"declined".*nothing to transfer/);
    expect(requests.at(-1)).toMatchObject({ venueId: VENUE, refused: 'nothing to transfer' });
    client.send({ type: 'transfer', amountUsd: '-10000' });
    await client.line(/"withdrawal".*"-10000"/);
    expect(client.lines.join()).not.toContain('"refused"');
    expect(room.exchange.ledger.balanceUsd).toBe('0');
    client.socket.destroy();
  });

  test('shows its ledger to whoever asks', async () => {
    const { server, room } = await served();
    const { venue, ear } = await connected(room, server.port);
    endings.push(() => venue.stop());
    venue.place(orderOf(VENUE, 1, buy));
    await ear.hears(/filled with 2/);
    const client = new RawClient(server.port);
    client.hello();
    client.send({ type: 'ledger' });
    const { account } = JSON.parse(await client.line(/"type":"ledger"/));
    expect(account.state).toEqual(JSON.parse(JSON.stringify(room.exchange.state())));
    expect(JSON.stringify(account.state.entries)).toMatch(/"deposit".*"fee"/);
    client.socket.destroy();
  });
});
