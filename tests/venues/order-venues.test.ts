// What every venue of orders promises, whichever way leads to it.
import { afterEach, describe, expect, test } from 'vitest';
import { toMs, toVenueId } from '../../src/domain/index.ts';
import type { Fault } from '../../src/exchange/index.ts';
import { entriesOf } from '../../src/domain/index.ts';
import { orderOf } from '../exchange/exchange-world.ts';
import type { OrderChanges } from '../exchange/exchange-world.ts';
import { START_AT_MS, VENUE } from '../exchange/test-market.ts';
import type { Opened, RoomParts } from './exchange-room.ts';
import { WAYS } from './exchange-room.ts';

const opened: Opened[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const buy = { side: 'buy', qty: '2', limitPrice: '100' } as const;
const resting = { side: 'buy', qty: '3', limitPrice: '90', timeInForce: 'GTC' } as const;
const orderFor = (ordinal: number, changes: OrderChanges) => orderOf(VENUE, ordinal, changes);
const always = (fault: Fault): RoomParts => ({ faults: { faultsFor: () => [fault] } });

describe.each(entriesOf(WAYS))('an exchange %s', (_way, openWay) => {
  const open = async (parts: RoomParts = {}): Promise<Opened> => {
    const found = await openWay(parts);
    opened.push(found);
    return found;
  };

  test('answers a placement, tells its fills and its end, in order', async () => {
    const { venue, ear } = await open();
    venue.place(orderFor(1, buy));
    await ear.hears(/with/);
    expect(ear.lines).toEqual(['accepted', 'filled buy 2 at 100 taker fee 0.1', 'filled with 2']);
  });

  test('refuses what is wrong with a code', async () => {
    const { venue, ear } = await open();
    venue.place(orderFor(1, { ...buy, qty: '0.01' }));
    await ear.hears(/rejected venue\./);
    expect(ear.reports).toHaveLength(1);
  });

  test('takes an id once', async () => {
    const { venue, ear } = await open();
    const order = orderFor(1, buy);
    venue.place(order);
    venue.place(order);
    await ear.hears(/rejected venue.duplicate-order-id/);
    expect(ear.lines.filter((each) => each.startsWith('filled buy'))).toHaveLength(1);
  });

  test('ends a resting order when asked to', async () => {
    const { venue, ear } = await open();
    const order = orderFor(1, resting);
    venue.place(order);
    await ear.hears(/accepted/);
    venue.cancel(order);
    await ear.hears(/cancelled with 0/);
  });

  test('answers a query with evidence: open, ended, absent', async () => {
    const { venue, ear } = await open();
    const [filled, rests, none] = [orderFor(1, buy), orderFor(2, resting), orderFor(3, buy)];
    venue.place(filled);
    venue.place(rests);
    for (const order of [filled, rests, none]) venue.query(order);
    await ear.hears(/answered/, 3);
    expect(ear.lines.filter((each) => each.startsWith('answered'))).toEqual([
      'answered filled 1',
      'answered open 0',
      'answered absent',
    ]);
  });

  test('reports the account', async () => {
    const { room, venue, ear } = await open();
    const askedAtMs = room.clock.nowMs();
    venue.reportAccount();
    await ear.hears(/account 10000/);
    const [report] = ear.reports.flatMap((each) =>
      each.type === 'account.reported' ? [each.report] : [],
    );
    expect(report?.askedAtMs).toBeGreaterThanOrEqual(askedAtMs);
    expect(report?.askedAtMs).toBeLessThan(room.clock.nowMs());
  });

  test('repeats its activity, then says that it has', async () => {
    const { venue, ear } = await open(always({ kind: 'ack-lost' }));
    venue.place(orderFor(1, buy));
    venue.reportActivity(START_AT_MS);
    await ear.hears(/activity reported/);
    expect(ear.lines).toEqual(['filled buy 2 at 100 taker fee 0.1', 'activity reported']);
    venue.reportActivity(toMs(START_AT_MS + 3_600_000));
    await ear.hears(/activity reported/, 2);
    expect(ear.reports).toHaveLength(3);
  });

  test('refuses to carry an order for another venue', async () => {
    const { venue } = await open();
    const order = { ...orderFor(1, buy), venueId: toVenueId('bybit') };
    expect(() => venue.place(order)).toThrow('is for bybit, not okx');
    expect(() => venue.query(order)).toThrow('is for bybit, not okx');
  });

  test('says nothing once it is stopped', async () => {
    const { venue, ear } = await open();
    venue.place(orderFor(1, buy));
    await venue.stop();
    const heard = ear.reports.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ear.reports).toHaveLength(heard);
    expect(() => venue.place(orderFor(2, buy))).toThrow('exchange okx is not started');
  });
});
