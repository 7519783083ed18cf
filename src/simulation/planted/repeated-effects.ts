// Planted: a restored engine carries out once more what its journal says was asked for, as a
// machine that calls its venue from within itself does.
import { bugInWorld } from './planted-bug.ts';

/** What may still have been under way. */
const NEWEST = 40;

export const repeatedEffects = bugInWorld({
  name: 're-run invoke on restore',
  text: 'effects in the newest records are carried out again after a restart',
  invariants: ['I2'],
  kinds: ['kill'],
  plant: () => ({
    restored: (tail, venues) => {
      for (const { effects } of tail.slice(-NEWEST)) {
        for (const effect of effects) {
          if (effect.type !== 'order.place') continue;
          venues.find(({ venueId }) => venueId === effect.order.venueId)?.place(effect.order);
        }
      }
    },
  }),
});
