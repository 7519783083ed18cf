// Planted: deltas are taken as they come; the ids that show a missing one are made to fit.
import type { Feed, FeedSink } from '../../ports/index.ts';
import { bugInWorld } from './planted-bug.ts';

export const skippedGapCheck = bugInWorld({
  name: 'skip the gap check',
  text: 'a delta that does not follow is applied, and no fresh book is asked for',
  invariants: ['I7', 'I15'],
  kinds: ['feed-gap'],
  plant: () => ({
    feed: (feed: Feed): Feed => ({
      venueId: feed.venueId,
      start: (sink) => feed.start(withoutGaps(sink)),
      resync: (instrumentId) => feed.resync(instrumentId),
      stop: () => feed.stop(),
    }),
  }),
});

function withoutGaps(sink: FeedSink): FeedSink {
  const last = new Map<string, number>();
  return {
    notice: (notice) => sink.notice(notice),
    market: (event, receivedAtMs) => {
      if (event.type === 'book.snapshot') last.set(event.instrumentId, event.sequence);
      if (event.type !== 'book.delta') {
        sink.market(event, receivedAtMs);
        return;
      }
      const before = last.get(event.instrumentId) ?? event.sequence - 1;
      last.set(event.instrumentId, before + 1);
      const ids = { firstSequence: before + 1, sequence: before + 1, previousSequence: before };
      sink.market({ ...event, ...ids }, receivedAtMs);
    },
  };
}
