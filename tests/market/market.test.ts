// The market merges what venues send apart and keeps the time of data on our clock.
import { describe, expect, test } from 'vitest';
import type { MarketEvent } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import { anyInstrument } from '../venues/recordings.ts';

const BTC = anyInstrument('bybit', 'BTC/USDT:USDT');
const { instrumentId, venueId } = BTC;

const listed = () => {
  const market = new Market();
  market.apply({ type: 'instrument.listed', instrument: BTC }, toMs(0));
  return market;
};
const snapshot = (eventAtMs: number): MarketEvent => ({
  type: 'book.snapshot',
  instrumentId,
  sequence: 1,
  bids: [100, 1],
  asks: [101, 1],
  eventAtMs: toMs(eventAtMs),
});
const bookAtMs = (market: Market) => market.get(instrumentId)?.bookAtMs;

describe('the time of a book', () => {
  test('is the venue’s event time less its measured offset', () => {
    const market = listed();
    market.notice({ type: 'feed.clock', venueId, offsetMs: toMs(200), doubtMs: toMs(5) });
    market.apply(snapshot(10_250), toMs(10_080));
    expect(bookAtMs(market)).toBe(10_050);
  });

  test('is never after its arrival, though the venue’s clock is ahead', () => {
    const market = listed();
    market.apply(snapshot(11_270), toMs(10_000));
    expect(bookAtMs(market)).toBe(10_000);
  });

  test('is that of the oldest possible data once the book is thrown away', () => {
    const market = listed();
    market.apply(snapshot(10_000), toMs(10_000));
    market.notice({ type: 'feed.disconnected', venueId, cause: 'closed' });
    expect(bookAtMs(market)).toBe(0);
    expect(market.get(instrumentId)?.book.isSynced).toBe(false);
  });
});

describe('funding', () => {
  const eventAtMs = toMs(10_000);
  const part = { type: 'funding.updated' as const, instrumentId, eventAtMs };

  test('is absent until rate, settlement and interval are known, in any order', () => {
    const market = listed();
    const funding = () => market.get(instrumentId)?.funding;
    market.apply({ ...part, fundingIntervalMs: toMs(28_800_000) }, eventAtMs);
    market.apply({ ...part, fundingRate: -0.0003 }, eventAtMs);
    expect(funding()).toBeUndefined();
    market.apply({ ...part, fundingAtMs: toMs(28_800_000) }, eventAtMs);
    expect(funding()).toEqual({
      fundingRate: -0.0003,
      fundingAtMs: 28_800_000,
      fundingIntervalMs: 28_800_000,
    });
    market.apply({ ...part, fundingRate: 0.0001 }, eventAtMs);
    expect(funding()).toMatchObject({ fundingRate: 0.0001, fundingAtMs: 28_800_000 });
  });
});

describe('a market', () => {
  test('hands out one live view per instrument, in order of listing', () => {
    const market = listed();
    const other = anyInstrument('okx', 'BTC/USDT:USDT');
    market.apply({ type: 'instrument.listed', instrument: other }, toMs(0));
    const view = market.get(instrumentId);
    expect(market.withBase('BTC')).toEqual([view, market.get(other.instrumentId)]);
    expect(market.all()).toHaveLength(2);
    expect(market.withBase('NIL')).toEqual([]);
    market.apply(snapshot(10_000), toMs(10_000));
    expect(view?.book.bids.priceAt(0)).toBe(100);
  });

  test('keeps the book of an instrument that is listed again', () => {
    const market = listed();
    market.apply(snapshot(10_000), toMs(10_000));
    market.apply(
      { type: 'instrument.listed', instrument: { ...BTC, isTrading: false } },
      toMs(10_001),
    );
    const view = market.get(instrumentId);
    expect([view?.instrument.isTrading, view?.book.sequence]).toEqual([false, 1]);
  });

  test('says when an instrument was never listed, and refuses a venue without a rule', () => {
    const market = new Market();
    expect(market.apply(snapshot(1), toMs(1))).toEqual({ type: 'unlisted' });
    const instrument = anyInstrument('nowhere', 'BTC/USDT:USDT');
    expect(() => market.apply({ type: 'instrument.listed', instrument }, toMs(0))).toThrow(
      'no continuity rule for the books of venue nowhere',
    );
  });

  test('forgets the health of a book that it throws away', () => {
    const market = listed();
    market.setHealthy(instrumentId, true);
    expect(market.get(instrumentId)?.isHealthy).toBe(true);
    market.resetBook(instrumentId);
    expect(market.get(instrumentId)?.isHealthy).toBe(false);
  });
});
