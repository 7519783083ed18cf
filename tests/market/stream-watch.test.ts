// The watch reports what changed and nothing else, symbol by symbol, by the age of book data.
import { describe, expect, test } from 'vitest';
import type { BookSnapshot, FeedNotice, Instrument, MarketEvent } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import { StreamWatch } from '../../src/market/stream-watch.ts';
import { anyInstrument } from '../venues/recordings.ts';

const BTC = anyInstrument('okx', 'BTC/USDT:USDT');
const ETH = anyInstrument('okx', 'ETH/USDT:USDT');
const { venueId } = BTC;

function watched(...instruments: readonly Instrument[]) {
  const market = new Market();
  const reports: string[] = [];
  const watch = new StreamWatch({
    market,
    staleAfterMs: toMs(500),
    report: (report) => {
      const detail =
        'cause' in report ? ` ${report.cause}` : 'ageMs' in report ? ` ${report.ageMs}` : '';
      const clock = 'offsetMs' in report ? ` ${report.offsetMs} ±${report.doubtMs}` : '';
      reports.push(`${report.instrumentId.slice(4, 7)} ${report.type.slice(7)}${detail}${clock}`);
    },
  });
  const apply = (event: MarketEvent, atMs: number) => {
    const verdict = market.apply(event, toMs(atMs));
    if ('instrumentId' in event) watch.observe(event.instrumentId, verdict, toMs(atMs));
  };
  const notice = (event: FeedNotice, atMs: number) => {
    market.notice(event);
    watch.notice(event, toMs(atMs));
  };
  for (const instrument of instruments) apply({ type: 'instrument.listed', instrument }, 0);
  const taken = () => reports.splice(0);
  return { market, watch, apply, notice, taken };
}

const book = (
  { instrumentId }: Instrument,
  eventAtMs: number,
  ask = 101,
  sequence = eventAtMs,
): BookSnapshot => ({
  type: 'book.snapshot',
  instrumentId,
  sequence,
  bids: [100, 1],
  asks: [ask, 1],
  eventAtMs: toMs(eventAtMs),
});

const connected: FeedNotice = { type: 'feed.connected', venueId };

describe('a stream', () => {
  test('is connected, synced, stale, fresh, gapped and disconnected, each told once', () => {
    const { watch, apply, notice, taken } = watched(BTC);
    watch.poll(toMs(10));
    expect(taken()).toEqual([]);
    notice(connected, 1_000);
    notice(connected, 1_000);
    apply(book(BTC, 1_000), 1_010);
    apply(book(BTC, 1_020), 1_030);
    expect(taken()).toEqual(['BTC connected', 'BTC synced']);
    watch.poll(toMs(1_520));
    expect(taken()).toEqual([]);
    watch.poll(toMs(1_521));
    watch.poll(toMs(1_600));
    expect(taken()).toEqual(['BTC stale 501']);
    apply(book(BTC, 1_650), 1_660);
    expect(taken()).toEqual(['BTC fresh']);
    const { instrumentId } = BTC;
    const lost = { bids: [], asks: [], eventAtMs: toMs(1_700) };
    const ids = { firstSequence: 9_000, sequence: 9_000, previousSequence: 8_999 };
    apply({ type: 'book.delta', instrumentId, ...ids, ...lost }, 1_700);
    expect(taken()).toEqual([
      'BTC gapped sequence gap: delta 9000 to 9000 after 8999 does not follow 1650',
    ]);
    notice({ type: 'feed.disconnected', venueId, cause: 'closed' }, 1_710);
    notice({ type: 'feed.disconnected', venueId, cause: 'again' }, 1_720);
    expect(taken()).toEqual(['BTC disconnected closed']);
  });

  test('that freezes alone goes stale alone', () => {
    const { watch, apply, notice, taken } = watched(BTC, ETH);
    notice(connected, 1_000);
    apply(book(BTC, 1_000), 1_000);
    apply(book(ETH, 1_000), 1_000);
    for (let atMs = 1_100; atMs <= 1_700; atMs += 100) {
      apply(book(BTC, atMs), atMs);
      watch.poll(toMs(atMs));
    }
    expect(taken().slice(4)).toEqual(['ETH stale 600']);
  });

  test('is not kept fresh by mark prices, funding, heartbeats or repetitions', () => {
    const { watch, apply, notice, taken } = watched(BTC);
    const { instrumentId } = BTC;
    notice(connected, 1_000);
    apply(book(BTC, 1_000), 1_000);
    taken();
    const eventAtMs = toMs(1_600);
    apply({ type: 'mark.updated', instrumentId, markPrice: 100, eventAtMs }, 1_600);
    apply({ type: 'funding.updated', instrumentId, fundingRate: 0.0001, eventAtMs }, 1_600);
    const same = { firstSequence: 1_000, sequence: 1_000, previousSequence: 1_000 };
    apply({ type: 'book.delta', instrumentId, ...same, bids: [], asks: [], eventAtMs }, 1_600);
    watch.poll(toMs(1_601));
    expect(taken()).toEqual(['BTC stale 600']);
  });

  test('is crossed and uncrossed', () => {
    const { apply, notice, taken } = watched(BTC);
    notice(connected, 1_000);
    apply(book(BTC, 1_000, 100), 1_000);
    apply(book(BTC, 1_010, 99), 1_010);
    apply(book(BTC, 1_020), 1_020);
    expect(taken()).toEqual(['BTC connected', 'BTC synced', 'BTC crossed', 'BTC uncrossed']);
  });

  test('tells the clock again only when it moved', () => {
    const { notice, taken } = watched(BTC);
    const clock = (offset: number): FeedNotice => ({
      type: 'feed.clock',
      venueId,
      offsetMs: toMs(offset),
      doubtMs: toMs(3),
    });
    for (const offset of [40, 45, 33, 60]) notice(clock(offset), 1_000);
    expect(taken()).toEqual(['BTC clock 40 ±3', 'BTC clock 60 ±3']);
  });

  test('whose frame could not be read has no book until the next snapshot', () => {
    const { apply, notice, taken } = watched(BTC, ETH);
    notice(connected, 1_000);
    apply(book(BTC, 1_000), 1_000);
    apply(book(ETH, 1_000), 1_000);
    taken();
    const { instrumentId } = BTC;
    notice({ type: 'feed.refused', venueId, instrumentId, cause: 'bids must be plain' }, 1_010);
    notice({ type: 'feed.refused', venueId, cause: 'nobody knows which' }, 1_010);
    expect(taken()).toEqual(['BTC gapped bids must be plain']);
    apply(book(BTC, 1_020), 1_020);
    expect(taken()).toEqual(['BTC synced']);
  });

  test('of an instrument listed late is connected as soon as it is seen', () => {
    const { apply, notice, taken } = watched();
    notice(connected, 1_000);
    apply({ type: 'instrument.listed', instrument: BTC }, 1_000);
    apply(book(BTC, 1_000), 1_010);
    expect(taken()).toEqual(['BTC connected', 'BTC synced']);
  });
});
