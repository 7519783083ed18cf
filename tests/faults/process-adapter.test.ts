// One venue's adapter is broken: its code throws where it should refuse. The process lives, the
// cause is told, and the other venues go on.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toMs, toVenueId } from '../../src/domain/index.ts';
import { IGNORED } from '../../src/venues/frame-reading.ts';
import { VenueFeed } from '../../src/venues/venue-feed.ts';
import type { VenueProtocol } from '../../src/venues/venue-protocol.ts';
import { LoopbackVenue, QuickClock } from '../venues/loopback-venue.ts';
import { anyInstrument } from '../venues/recordings.ts';
import { Books } from './loopback-books.ts';

const fault = (): never => {
  throw new TypeError('x is not a function');
};
const healthy: VenueProtocol = {
  venueId: toVenueId('okx'),
  timePath: '/time',
  readTime: () => toMs(Date.now()),
  list: () =>
    Promise.resolve({
      instruments: [anyInstrument('okx', 'BTC/USDT:USDT')],
      fundingIntervals: [],
      refusals: [],
    }),
  lines: (wsUrl) => [{ url: wsUrl, greetings: [] }],
  pingText: 'ping',
  lifeMs: undefined,
  read: () => IGNORED,
  snapshots: { type: 'stream', again: () => [] },
  checksum: undefined,
};

const delta = {
  ...{ type: 'book.delta' as const, firstSequence: 1, sequence: 1, previousSequence: 0 },
  ...{ bids: [], asks: [], eventAtMs: toMs(0) },
};

let venue: LoopbackVenue;
let feed: VenueFeed;
beforeEach(async () => {
  venue = await new LoopbackVenue().open();
  venue.answers.set('/time', {});
});
afterEach(async () => {
  await feed.stop();
  await venue.close();
});

const started = (broken: Partial<VenueProtocol>): Books => {
  const { restUrl, wsUrl } = venue;
  const options = { restUrl, wsUrl, symbols: ['BTC/USDT:USDT'], clock: new QuickClock(20) };
  const books = new Books();
  feed = new VenueFeed({ ...healthy, ...broken }, options);
  books.hear(feed);
  return books;
};

test('that throws over a frame loses its connection, says why, and tries again', async () => {
  venue.onConnection = (socket) => socket.send('{}');
  const books = started({ read: fault });
  await books.until(() => books.sink.count('feed.connected') === 2);
  expect(books.sink.causes('feed.disconnected')[0]).toBe(
    'a frame could not be read: okx: x is not a function',
  );
});

test('that throws over its list is told, and asked again', async () => {
  const books = started({ list: fault });
  await books.until(() => books.sink.count('feed.disconnected') === 2);
  expect(new Set(books.sink.causes('feed.refused'))).toEqual(new Set(['x is not a function']));
});

test('that throws over the clock or a snapshot is told, and listens on', async () => {
  const update = { instrumentId: anyInstrument('okx', 'BTC/USDT:USDT').instrumentId };
  venue.onConnection = (socket) => socket.send('{}');
  const books = started({
    readTime: fault,
    snapshots: { type: 'request', path: () => '/time', read: fault },
    read: () => ({ type: 'events', events: [{ ...delta, ...update }] }),
  });
  await books.until(() => books.sink.count('feed.refused') >= 3);
  expect(new Set(books.sink.causes('feed.refused'))).toEqual(new Set(['x is not a function']));
  expect(books.sink.count('feed.disconnected')).toBe(0);
});
