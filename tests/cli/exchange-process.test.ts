// The exchange as a process of its own: killed at any moment and started again on its files, it is
// the same exchange at the same address, and nothing that it ever said is lost.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RawClient } from '../venues/exchange-room.ts';
import { newFolder, run, start } from './started-program.ts';

const order = (attempt: number) => ({
  clientOrderId: `testsx000010a0000${attempt}`,
  tradeId: 't1',
  legId: 'a',
  venueId: 'okx',
  instrumentId: 'okx:BTC/USDT:USDT',
  side: 'buy',
  qty: '0.01',
  limitPrice: '200000',
  referencePrice: '100000',
  timeInForce: 'IOC',
  reduceOnly: false,
});

interface Account {
  readonly state: {
    readonly balanceUsd: string;
    readonly orderCount: number;
    readonly openedAtMs: number;
    readonly activity: readonly {
      readonly report: { readonly fill: { readonly fillId: string } };
    }[];
  };
}

async function openExchange(folder: string) {
  const words = ['sandbox', '--exchange', '--ledger', 'exchange', '--seed', '7'];
  const started = start([...words, '--start-at', 'settlement', '--json'], { folder });
  const [text] = await started.says(/^\{.*\}$/m);
  const { exchange, venues } = JSON.parse(text);
  const client = new RawClient(Number(String(exchange).split(':')[1]));
  client.send({ type: 'hello', protocol: 1, venueId: 'okx' });
  const welcome: { readonly nowMs: number } = JSON.parse(await client.line(/"welcome"/));
  return { started, client, exchange: String(exchange), venues, nowMs: welcome.nowMs };
}

async function ledgerOf(client: RawClient): Promise<Account> {
  client.send({ type: 'ledger' });
  return JSON.parse(await client.line(/"type":"ledger"/)).account;
}

test('an exchange that is killed goes on where it was', async () => {
  const folder = newFolder();
  const first = await openExchange(folder);
  first.client.send({ type: 'place', order: order(1) });
  const filled = await first.client.line(/"order\.filled"/);
  const { state: before } = await ledgerOf(first.client);
  expect(before.orderCount).toBe(1);
  // Killed with a request under way: it happened wholly or not at all.
  first.client.send({ type: 'place', order: order(2) });
  first.started.signal('SIGKILL');
  await first.started.ended;

  const second = await openExchange(folder);
  expect([second.exchange, second.venues]).toEqual([first.exchange, first.venues]);
  expect(second.nowMs).toBeGreaterThanOrEqual(first.nowMs);
  const { state: after } = await ledgerOf(second.client);
  expect(after.openedAtMs).toBe(before.openedAtMs);
  const fillIds = after.activity.map(({ report }) => report.fill.fillId);
  expect(filled).toContain(`"${fillIds[0] ?? ''}"`);
  expect(after.orderCount === 1 ? after.balanceUsd : '').toBe(
    after.orderCount === 1 ? before.balanceUsd : '',
  );
  second.client.send({ type: 'place', order: order(1) });
  await second.client.line(/venue\.duplicate-order-id/);
  const placed = readFileSync(join(folder, 'exchange', 'requests.jsonl'), 'utf8');
  expect(placed).toMatch(/"connection":1,"venueId":"okx","request":\{"type":"place"/);

  const other = await run(['sandbox', '--exchange', '--ledger', 'exchange'], { folder });
  expect(other).toMatchObject({ code: 3 });
  second.started.signal('SIGTERM');
  expect(await second.started.ended).toMatchObject({ code: 0 });
  const foreign = ['sandbox', '--exchange', '--ledger', 'exchange', '--seed', '8'];
  const refused = await run(foreign, { folder });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is of seed 7, not 8'),
  });
});

test('an engine says that its exchange is lost, and that it is back', async () => {
  const folder = newFolder();
  const first = await openExchange(folder);
  const words = ['--exchange', first.exchange, '--seed', '7', '--exit-after', '1h', '--json'];
  const engine = start(words, { folder });
  await engine.says(/engine running/);
  first.started.signal('SIGKILL');
  for (const venue of ['binanceusdm', 'bybit', 'okx']) {
    await engine.says(new RegExp(`\\] ${venue}: the line for orders is lost \\(.+\\): no order`));
  }
  const second = await openExchange(folder);
  await engine.says(/\] okx: the line for orders is back after \d\d:\d\d; it is asked what/);
  engine.signal('SIGTERM');
  const { code, stderr } = await engine.ended;
  expect(code).toBe(0);
  expect(stderr.match(/okx: the line for orders is lost/g)).toHaveLength(1);
  const logged = readFileSync(join(folder, 'logs', 'engine.log'), 'utf8');
  expect(logged.match(/"venueId":"okx".*"event":"line\.(lost|back)"/g)).toHaveLength(2);
  second.client.socket.destroy();
  second.started.signal('SIGTERM');
  await second.started.ended;
}, 60_000);

test('an engine that finds no exchange says so and ends', async () => {
  const { code, stderr } = await run(['--exchange', '127.0.0.1:9'], { folder: newFolder() });
  expect({ code, stderr }).toEqual({
    code: 9,
    stderr: expect.stringContaining('the exchange at 127.0.0.1:9 does not answer'),
  });
});

test('an exchange whose port is taken says so and ends', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const words = ['sandbox', '--exchange', '--ledger', 'exchange', '--port', port];
  const { code, stdout, stderr } = await run(words, { folder: newFolder() });
  other.close();
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: `port ${port} is in use; name another with --port\n`,
  });
});
