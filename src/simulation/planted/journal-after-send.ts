// Planted: what is meant for a venue leaves at once, and its record reaches the disk afterwards.
import type { Journal } from '../../ports/index.ts';
import { bugInWorld } from './planted-bug.ts';

export const journalAfterSend = bugInWorld({
  name: 'journal after send',
  text: 'an order leaves before its record is safe on the disk',
  invariants: ['I1'],
  kinds: ['disk-slow'],
  plant: () => ({
    journal: (journal: Journal): Journal => ({
      append: (record) => journal.append(record),
      whenDurable: (seq, then) => {
        then();
        journal.whenDurable(seq, () => undefined);
      },
      onFailure: (then) => journal.onFailure(then),
      close: () => journal.close(),
    }),
  }),
});
