// Planted: a restored engine comes back without the timers that were pending.
import { bugInWorld } from './planted-bug.ts';

export const forgottenTimers = bugInWorld({
  name: 'forget timer on restore',
  text: 'timers that were pending when the engine died never fire',
  invariants: ['I4', 'I9', 'I15'],
  kinds: ['kill', 'partial', 'refusing'],
  plant: () => ({
    snapshot: (snapshot) => ({ ...snapshot, timers: { ...snapshot.timers, pending: [] } }),
  }),
});
