// The line to a venue's prices breaks, freezes or garbles, with a whole engine behind it: prices of
// such a line open nothing, and they count again only after a fresh snapshot.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { BTC, ETH, OkxLine } from './okx-line.ts';

let line: OkxLine;
afterEach(() => line.close());

const staleAgeMs = (): number | undefined => {
  const stale = line.stage.inputs.findLast(({ type }) => type === 'stream.stale');
  return stale?.type === 'stream.stale' ? stale.ageMs : undefined;
};

test('while nothing is wrong, it trades', async () => {
  line = await OkxLine.open();
  expect(line.reports()).toEqual(['stream.connected', 'stream.clock', 'stream.synced']);
  expect(line.isEntering()).toBe(true);
});

test('a reset connection: nothing is opened until the book came whole again', async () => {
  line = await OkxLine.open();
  line.publishing = [];
  line.isAnsweringSubscriptions = false;
  const { socket } = line;
  reset(socket);
  await line.until(() => line.reports().includes('stream.disconnected'));
  expect(line.isEntering()).toBe(false);
  line.stage.rest(500);
  await line.until(() => line.venue.connectionCount === 2);
  await line.until(() => line.reports().filter((type) => type === 'stream.connected').length === 2);
  line.update();
  await line.settle();
  expect(line.btc?.book.isSynced).toBe(false);
  expect(line.isEntering()).toBe(false);
  line.snapshot();
  await line.until(() => line.btc?.book.isSynced === true);
  expect(line.isEntering()).toBe(true);
});

test('a line that swallows everything: stale within 550 ms, given up and made anew', async () => {
  line = await OkxLine.open();
  line.publishing = [];
  line.isAnsweringText = false;
  const since = line.stage.clock.nowMs();
  await line.pass(600);
  expect(line.reports().at(-1)).toBe('stream.stale');
  expect(staleAgeMs()).toBeLessThanOrEqual(550);
  expect(line.isEntering()).toBe(false);
  await line.pass(6_500);
  expect(line.reports()).toContain('stream.disconnected');
  await line.until(() => line.venue.connectionCount === 2);
  expect(line.stage.clock.nowMs() - since).toBeLessThan(8_000);
});

test('a line that answers pings and has mark prices, but no books: stale all the same', async () => {
  line = await OkxLine.open();
  line.publishing = [];
  for (let ms = 0; ms < 3_000; ms += 100) {
    const arg = { channel: 'mark-price', instId: 'BTC-USDT-SWAP' };
    const data = [{ markPx: '10000', ts: String(line.venueNowMs()) }];
    line.send(JSON.stringify({ arg, data }));
    await line.pass(100);
  }
  expect(line.reports().slice(3)).toEqual(['stream.stale']);
  expect(line.btc?.markPrice).toBe(10_000);
  expect(line.isEntering()).toBe(false);
});

test('one frozen symbol of two: only that one opens nothing', async () => {
  line = await OkxLine.open();
  line.publishing = [ETH];
  await line.pass(1_000);
  const stale = line.stage.inputs.filter(({ type }) => type === 'stream.stale');
  expect(stale).toMatchObject([{ instrumentId: 'okx:BTC/USDT:USDT' }]);
  expect(line.isEntering()).toBe(false);
});

describe('updates', () => {
  test('that are lost show at the next one: nothing is opened until the snapshot', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    line.isAnsweringSubscriptions = false;
    line.next();
    line.update();
    await line.until(() => line.reports().includes('stream.gapped'));
    expect(line.isEntering()).toBe(false);
    line.stage.rest(50);
    await line.until(() => line.venue.heard.some((text) => text.includes('"unsubscribe"')));
    line.snapshot();
    await line.until(() => line.btc?.book.isSynced === true);
    expect(line.isEntering()).toBe(true);
  });

  test('that come twice change nothing', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    const frame = line.update({ bids: [['9999.8', '3']] });
    line.send(frame);
    await line.settle();
    expect(line.btc?.book.bids.count).toBe(2);
    expect(line.reports()).not.toContain('stream.gapped');
    expect(line.isEntering()).toBe(true);
  });

  test('that overtake each other are a gap, never a wrong book', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    const frames = ['1', '2', '3'].map((size) => line.following({ bids: [['9999.8', size]] }));
    for (const at of [0, 2, 1]) line.send(frames[at] ?? '');
    await line.until(() => line.reports().includes('stream.gapped'));
    expect(line.btc?.book.isSynced).toBe(false);
    expect(line.isEntering()).toBe(false);
    line.stage.rest(50);
    await line.until(() => line.btc?.book.isSynced === true);
    expect(line.btc?.book.bids.count).toBe(1);
  });

  test('whose ids start lower, as after maintenance, wait for a snapshot', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    line.isAnsweringSubscriptions = false;
    line.send(line.book('update', 20, 1));
    await line.until(() => line.reports().includes('stream.gapped'));
    line.stage.rest(50);
    await line.settle();
    expect(line.isEntering()).toBe(false);
    line.snapshot({}, 1);
    await line.until(() => line.btc?.book.isSynced === true);
    line.send(line.book('update', 1, 2));
    await line.settle();
    expect(line.btc?.book.sequence).toBe(2);
    expect(line.isEntering()).toBe(true);
  });

  test('whose ids start lower while the line is cut again and again end in a whole book', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    for (let cut = 1; cut <= 4; cut += 1) {
      line.send(line.book('update', 20, cut));
      line.socket.terminate();
      for (let ms = 0; ms < 5_000 && line.venue.connectionCount <= cut; ms += 250) {
        await line.pass(250);
      }
      expect(line.venue.connectionCount).toBe(cut + 1);
    }
    await line.until(() => line.btc?.book.isSynced === true);
    expect(line.isEntering()).toBe(false);
    line.publishing = [BTC, ETH];
    await line.pass(6_000);
    expect(line.reports().at(-1)).toBe('stream.synced');
    expect(line.isEntering()).toBe(true);
  });

  test('by the twenty thousand at once are all applied, in order, and reach no machine', async () => {
    line = await OkxLine.open();
    line.publishing = [];
    const recordCount = line.stage.records.length;
    for (let count = 1; count <= 20_000; count += 1) {
      line.update({ bids: [['9999.9', String(count)]] });
    }
    line.stage.propose();
    await line.until(() => line.btc?.book.bids.sizeAt(0) === 20_000);
    line.stage.rest(100);
    expect(line.stage.tradeState).toBe('OPEN');
    expect(line.reports()).not.toContain('stream.gapped');
    expect(line.stage.records.length - recordCount).toBeLessThan(20);
  });
});

/** As a router does that has forgotten the connection: not closed, but reset. */
function reset(socket: WebSocket): void {
  const { _socket: inner } = socket as unknown as { readonly _socket: Socket };
  inner.resetAndDestroy();
}
