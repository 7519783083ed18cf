// The lease of a process that is alone with its accounts: always held, nobody to ask.
import type { Lease } from '../ports/index.ts';

export const soleLease: Lease = {
  standing: () => ({ kind: 'held' }),
  ask: (then) => then(),
  onReport: () => undefined,
  confirm: () => undefined,
  release: () => Promise.resolve(),
};
