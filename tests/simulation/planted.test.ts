// Bugs planted in a simulated engine, of which the quickest to catch run here. All fifteen run in
// the slow test of the swarm and with every `node main simulate`.
import { describe, expect, it } from 'vitest';

import { catchPlanted, isCaught, PLANTED } from '../../src/simulation/planted/planted.ts';

const QUICK: readonly string[] = [
  'lock without fencing',
  'journal after send',
  'treat unknown as rejected',
  'round a fee down',
];

describe('a planted bug', () => {
  it('is one of fifteen, each with a name of its own', () => {
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(15);
  });
  it.each(PLANTED.filter(({ name }) => QUICK.includes(name)))(
    'is caught within three seeds: $name',
    (bug) => {
      const caught = catchPlanted(bug, [1, 2, 3]);
      expect(caught.violation?.invariant).toBeDefined();
      expect(caught.without).toEqual([]);
      expect(isCaught(caught)).toBe(true);
    },
  );
});
