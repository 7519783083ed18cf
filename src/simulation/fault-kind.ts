// The faults that a swarm may switch on, by name. The letter is the family of the failure
// catalogue: N network and feeds, V venues, P process, S storage, O operator. What each one does is
// in docs/SIMULATION.md; how often and how long is drawn from the seed.

export interface FaultDescription {
  readonly family: 'N' | 'V' | 'P' | 'S' | 'O';
  /** Chance that a seed has this kind at all, where it is not one half. */
  readonly chance?: number;
}

export const FAULT_KINDS = {
  'feed-loss': { family: 'N' },
  'feed-gap': { family: 'N' },
  'feed-duplicate': { family: 'N' },
  'feed-late': { family: 'N' },
  'feed-disconnect': { family: 'N' },
  'feed-freeze': { family: 'N' },
  'feed-freeze-symbol': { family: 'N' },
  'feed-crossed': { family: 'N' },
  'all-venues-down': { family: 'N' },
  'request-lost': { family: 'N' },
  'request-late': { family: 'N' },
  'request-reset': { family: 'N' },
  'answer-lost': { family: 'N' },
  'answer-late': { family: 'N' },
  'line-down': { family: 'N' },
  'ack-lost': { family: 'V' },
  'report-duplicated': { family: 'V' },
  'fill-before-ack': { family: 'V' },
  'fill-late': { family: 'V' },
  partial: { family: 'V' },
  refusing: { family: 'V' },
  'denies-young': { family: 'V' },
  'forgets-closed': { family: 'V' },
  maintenance: { family: 'V' },
  ban: { family: 'V' },
  'account-unavailable': { family: 'V' },
  'thin-margin': { family: 'V', chance: 0.1 },
  liquidation: { family: 'V' },
  'loss-untold': { family: 'V', chance: 0.25 },
  'stranger-order': { family: 'V' },
  transfer: { family: 'V' },
  'clock-offset': { family: 'P' },
  stall: { family: 'P' },
  kill: { family: 'P' },
  'kill-in-recovery': { family: 'P' },
  'clock-jump': { family: 'P' },
  'disk-slow': { family: 'S' },
  'power-loss': { family: 'S' },
  'disk-full': { family: 'S' },
  'sync-error': { family: 'S' },
  'snapshot-damaged': { family: 'S' },
  'operator-halt': { family: 'O' },
  'operator-kill': { family: 'O' },
  'operator-leave': { family: 'O', chance: 0.3 },
  'operator-stop': { family: 'O', chance: 0.2 },
  'command-duplicated': { family: 'O' },
  'tight-loss-limit': { family: 'O', chance: 0.08 },
} as const satisfies Readonly<Record<string, FaultDescription>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export const isFaultKind = (name: string): name is FaultKind => name in FAULT_KINDS;

const FAMILIES = ['N', 'V', 'P', 'S', 'O'] as const;

/** In the order of the table. */
export const ALL_FAULT_KINDS: readonly FaultKind[] = Object.keys(FAULT_KINDS).filter(isFaultKind);

/**
 * What `all`, families by letter and kinds by name select, in the order of the table; or the word
 * that selects nothing.
 */
export function selectFaults(
  words: readonly string[],
): { readonly kinds: readonly FaultKind[] } | { readonly unknown: string } {
  const chosen = new Set<FaultKind>();
  for (const word of words) {
    const found = ALL_FAULT_KINDS.filter(
      (kind) => word === 'all' || word === kind || word === FAULT_KINDS[kind].family,
    );
    if (found.length === 0 && word !== 'none') return { unknown: word };
    for (const kind of found) chosen.add(kind);
  }
  return { kinds: ALL_FAULT_KINDS.filter((kind) => chosen.has(kind)) };
}

export const faultWords: readonly string[] = ['all', 'none', ...FAMILIES, ...ALL_FAULT_KINDS];
