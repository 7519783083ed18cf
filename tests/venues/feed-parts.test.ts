// The parts of a feed that decide by time: the venue's clock, when lists are read again, and how
// often a snapshot may be asked for.
import { describe, expect, test } from 'vitest';
import type { BookSnapshot, InstrumentId, Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { measureClockOffset } from '../../src/venues/clock-offset.ts';
import { Relisting } from '../../src/venues/relisting.ts';
import { restClient, RestFailure } from '../../src/venues/rest-client.ts';
import { ResyncPace } from '../../src/venues/resync-pace.ts';
import { SnapshotRequests } from '../../src/venues/snapshot-requests.ts';
import { LoopbackVenue, QuickClock } from './loopback-venue.ts';
import { anyInstrument } from './recordings.ts';

const { instrumentId } = anyInstrument('okx', 'BTC/USDT:USDT');
const never = new AbortController().signal;

describe('the clock of a venue', () => {
  /** Each question takes so long; the venue's clock is 1,000 ms ahead and read half way. */
  const measure = (roundTrips: readonly number[], fails = false) => {
    let nowMs = 50_000;
    let asked = 0;
    return measureClockOffset({
      path: '/time',
      readTime: (reply) => toMs(Number(reply)),
      nowMs: () => toMs(nowMs),
      get: () => {
        const roundTripMs = roundTrips[asked % roundTrips.length] ?? 0;
        asked += 1;
        if (fails) return Promise.reject(new RestFailure('the venue is away'));
        // What goes out slowly and comes back quickly shifts the answer by half the difference.
        const venueAtMs = nowMs + roundTripMs * 0.9 + 1_000;
        nowMs += roundTripMs;
        return Promise.resolve(venueAtMs);
      },
    });
  };

  test('is taken from the quickest of five answers, with half its round trip as doubt', async () => {
    const measured = await measure([80, 20, 200, 40, 90]);
    expect(measured).toEqual({ offsetMs: 1_008, doubtMs: 10 });
  });

  test('is unknown while the venue answers nothing', async () => {
    expect(await measure([10], true)).toBeUndefined();
  });
});

describe('the list of instruments', () => {
  const HOUR_MS = 3_600_000;
  test('is read again hourly, and 20 s after an announced settlement', () => {
    const relisting = new Relisting();
    expect(relisting.isDue(toMs(0))).toBe(true);
    relisting.listed(toMs(1_000));
    expect(relisting.isDue(toMs(HOUR_MS))).toBe(false);
    expect(relisting.isDue(toMs(HOUR_MS + 1_000))).toBe(true);
    relisting.announce(toMs(900));
    relisting.announce(toMs(60_000));
    relisting.announce(toMs(90_000));
    expect(relisting.isDue(toMs(79_999))).toBe(false);
    expect(relisting.isDue(toMs(80_000))).toBe(true);
    relisting.listed(toMs(80_000));
    expect(relisting.isDue(toMs(85_000))).toBe(false);
  });
});

test('a book that keeps asking waits longer, until it has been calm', () => {
  const pace = new ResyncPace();
  const waits: number[] = [];
  let nowMs = 0;
  for (let asked = 0; asked < 10; asked += 1) {
    const waitMs = pace.next(instrumentId, toMs(nowMs));
    waits.push(waitMs);
    nowMs += waitMs + 10;
  }
  expect(waits).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(pace.next(instrumentId, toMs(nowMs + 60_000))).toBe(0);
});

describe('snapshots by request', () => {
  const ids = (count: number): readonly InstrumentId[] =>
    Array.from({ length: count }, (_, at) => anyInstrument('okx', `A${at}/USDT`).instrumentId);
  const snapshotOf = (id: InstrumentId): BookSnapshot => {
    const eventAtMs = toMs(0);
    return { type: 'book.snapshot', instrumentId: id, sequence: 1, bids: [], asks: [], eventAtMs };
  };

  test('are at most 90 a minute', async () => {
    const clock = new QuickClock(200);
    const askedAtMs: Ms[] = [];
    const requests = new SnapshotRequests({
      clock,
      signal: never,
      bring: (id) => {
        askedAtMs.push(clock.nowMs());
        return Promise.resolve(snapshotOf(id));
      },
      onSnapshot: () => undefined,
      onFailure: () => undefined,
    });
    for (const id of ids(95)) requests.ask(id);
    await requests.settled();
    expect(askedAtMs).toHaveLength(95);
    // The minute counts from the decision to ask; a pause of the machine before the first request,
    // two hundred times as long on this clock, shortens what is seen of it.
    expect((askedAtMs[90] ?? 0) - (askedAtMs[0] ?? 0)).toBeGreaterThanOrEqual(50_000);
  });

  test('that fail are asked again, and what the old connection asked for is thrown away', async () => {
    const outcomes: string[] = [];
    let attempts = 0;
    const requests: SnapshotRequests = new SnapshotRequests({
      clock: new QuickClock(100),
      signal: never,
      bring: (id) => {
        attempts += 1;
        if (attempts === 1) return Promise.reject(new RestFailure('answered 502'));
        if (attempts === 3) requests.forget();
        return Promise.resolve(snapshotOf(id));
      },
      onSnapshot: () => void outcomes.push('snapshot'),
      onFailure: (cause) => void outcomes.push(cause),
    });
    requests.ask(instrumentId);
    await requests.settled();
    requests.ask(instrumentId);
    await requests.settled();
    expect(attempts).toBe(3);
    expect(outcomes).toEqual(['answered 502', 'snapshot']);
  });
});

describe('a request', () => {
  const withVenue = async (act: (venue: LoopbackVenue) => Promise<void>) => {
    const venue = await new LoopbackVenue().open();
    await act(venue).finally(() => venue.close());
  };
  const client = (venue: LoopbackVenue, timeoutMs = toMs(10_000)) =>
    restClient({ restUrl: venue.restUrl, timeoutMs, signal: never });

  test('ends at its deadline though the headers came in time', () =>
    withVenue(async (venue) => {
      venue.answers.set('/slow', (_request: unknown, response: { write(text: string): void }) => {
        response.write('{"half":');
      });
      await expect(client(venue, toMs(100))('/slow')).rejects.toThrow(
        'no whole answer within 100 ms',
      );
    }));

  test('says how long a venue wants to be left alone', () =>
    withVenue(async (venue) => {
      venue.answers.set('/busy', (_request: unknown, response: Busy) => {
        response.writeHead(429, { 'retry-after': '7' });
        response.end();
      });
      await expect(client(venue)('/busy')).rejects.toMatchObject({ retryAfterMs: 7_000 });
    }));

  test('refuses what is not JSON and does not follow elsewhere', () =>
    withVenue(async (venue) => {
      venue.answers.set('/html', (_request: unknown, response: Busy) => response.end('<html>'));
      venue.answers.set('/away', (_request: unknown, response: Busy) => {
        response.writeHead(302, { location: `${venue.restUrl}/html` });
        response.end();
      });
      await expect(client(venue)('/html')).rejects.toBeInstanceOf(RestFailure);
      await expect(client(venue)('/away')).rejects.toThrow('redirect');
      expect(venue.requests).toEqual(['/html', '/away']);
    }));
});

interface Busy {
  writeHead(status: number, headers: Readonly<Record<string, string>>): void;
  end(text?: string): void;
}
