// Planted: the lease is asked for at the start and believed from then on, so that an engine which
// stood still goes on placing orders beside its successor.
import { soleLease } from '../../runtime/sole-lease.ts';
import type { RunEvidence } from '../evidence.ts';
import type { PlantedBug } from './planted-bug.ts';
import { twoEngines } from './two-engines.ts';

export const unfencedLease: PlantedBug = {
  name: 'lock without fencing',
  text: 'the lease is checked at the start and not where orders leave',
  invariants: ['I14'],
  kinds: ['stall'],
  evidence: (seed, isPlanted) => toEvidence(seed, isPlanted),
};

function toEvidence(seed: number, isPlanted: boolean): RunEvidence {
  const { requests, leases, endedAtMs } = twoEngines(seed, (lease) =>
    isPlanted ? soleLease : lease,
  );
  const life = { startedAtMs: 0, endedAtMs: null, cause: '' };
  return {
    ...{ seed, startedAtMs: 0, healedAtMs: endedAtMs, endedAtMs, leases },
    limits: {
      ...{ openTradesMax: 1, tradeNotionalUsdMax: '1', leverage: '1', marginUsageMax: '1' },
      ...{ orphanMsMax: 500, orphanUsdMin: '1', staleAfterMs: 500, propagationMs: 2_000 },
      watchEveryMs: 50,
    },
    lives: [
      { life: 1, engineId: 'a', ...life },
      { life: 2, engineId: 'b', ...life },
    ],
    ...{ journal: [], replay: null, instruments: [], sent: [], faults: [], badData: [] },
    ...{ commands: [], queues: [] },
    venues: [
      {
        ...{ venueId: 'x', requests, orders: [], executions: [], fundings: [], ledger: [] },
        ...{ transfers: [], positions: [], balanceUsd: '0', impaired: [] },
      },
    ],
  };
}
