// Planted: data counts as made when it arrived by the local clock, so that what was held up on the
// way looks fresh.
import type { Feed } from '../../ports/index.ts';
import { bugInWorld } from './planted-bug.ts';

export const localTimeStaleness = bugInWorld({
  name: 'use local time for staleness',
  text: 'the age of a book is counted from its arrival, not from its making',
  invariants: ['I7'],
  kinds: ['feed-late'],
  durationMs: 180_000,
  plant: () => ({
    feed: (feed: Feed): Feed => ({
      venueId: feed.venueId,
      start: (sink) =>
        feed.start({
          notice: (notice) => sink.notice(notice),
          market: (event, receivedAtMs) => {
            const isDated = event.type !== 'instrument.listed';
            sink.market(isDated ? { ...event, eventAtMs: receivedAtMs } : event, receivedAtMs);
          },
        }),
      resync: (instrumentId) => feed.resync(instrumentId),
      stop: () => feed.stop(),
    }),
  }),
});
