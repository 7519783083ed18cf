// The exchange on the market plane's own books, as paper trading runs it.
import { expect, test } from 'vitest';
import { seededRandom, toMs, toRate, toUsd } from '../../src/domain/index.ts';
import type { MarketEvent, VenueReport } from '../../src/domain/index.ts';
import { Exchange, noFaults } from '../../src/exchange/index.ts';
import { Market } from '../../src/market/market.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { orderOf } from './exchange-world.ts';
import { line } from './report-line.ts';
import { BTC, instrumentOf, START_AT_MS, VENUE } from './test-market.ts';

test('orders fill from snapshots and deltas of the market plane; a reset book takes none', () => {
  const market = new Market();
  const clock = new VirtualClock(START_AT_MS);
  const exchange = new Exchange({
    settings: {
      venueId: VENUE,
      depositUsd: toUsd('10000'),
      leverage: toRate('5'),
      maintenanceMarginRate: toRate('0.005'),
      latencyMs: { min: 5, max: 5 },
      bookAgeMsMax: toMs(2_000),
      forgetsClosedOrders: false,
    },
    market,
    clock,
    random: seededRandom('live market'),
    faults: noFaults(),
  });
  const heard: VenueReport[] = [];
  exchange.start((report) => heard.push(report));
  const apply = (event: MarketEvent): void => {
    market.apply(event, clock.nowMs());
    exchange.marketChanged(BTC);
  };
  const book = { instrumentId: BTC, eventAtMs: START_AT_MS, bids: [99, 10] } as const;
  apply({ type: 'instrument.listed', instrument: instrumentOf(BTC) });
  apply({ ...book, type: 'book.snapshot', sequence: 7, asks: [100, 10, 101, 10] });
  const buy = (ordinal: number): void => {
    const terms = { side: 'buy', qty: '2', limitPrice: '101' } as const;
    exchange.place(orderOf(VENUE, ordinal, terms));
  };
  buy(1);
  clock.advanceTo(toMs(START_AT_MS + 10));
  apply({
    ...book,
    type: 'book.delta',
    firstSequence: 8,
    sequence: 8,
    previousSequence: 7,
    asks: [100, 5],
  });
  buy(2);
  clock.advanceTo(toMs(START_AT_MS + 20));
  market.notice({ type: 'feed.disconnected', venueId: VENUE, cause: 'test' });
  exchange.marketChanged(BTC);
  buy(3);
  clock.advanceTo(toMs(START_AT_MS + 30));
  expect(heard.map(line)).toEqual([
    'accepted',
    'filled buy 1 at 100 taker fee 0.05',
    'filled buy 1 at 101 taker fee 0.0505',
    'filled with 2',
    'accepted',
    'filled buy 0.5 at 100 taker fee 0.025',
    'expired with 0.5',
    'rejected venue.market-unavailable',
  ]);
});
