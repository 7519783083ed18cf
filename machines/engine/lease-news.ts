// What the engine says when its lease changes hands or cannot be renewed. Orders are held back at
// the gate where they leave, not here; the one thing decided here is not to enter under other
// limits than those of the engine that died.
import { holderText, identityText } from '../../src/domain/index.ts';
import type { AlertSeverity, LeaseReport } from '../../src/domain/index.ts';
import { holdHalted } from './engine-fragments.ts';

type On<T extends LeaseReport['type']> = { event: Extract<LeaseReport, { type: T }> };

const alert = <T extends LeaseReport['type']>(
  severity: AlertSeverity,
  code: string,
  say: (event: On<T>['event']) => string,
) =>
  ({
    type: 'raiseAlert',
    params: ({ event }: On<T>) => ({ severity, code, key: 'lease', text: say(event) }),
  }) as const;

const sayInherited = alert<'lease.inherited'>(
  'warning',
  'LEASE_INHERITED',
  ({ from, ours }) =>
    `${holderText(from)} died with the lease; it was ${identityText(from)}, this is ` +
    `${identityText(ours)}: nothing is entered until \`node main resume\``,
);

/** In any state. A lost lease changes none: what is resumed goes on as after a crash. */
export const leaseNews = {
  'lease.unreachable': {
    actions: alert<'lease.unreachable'>(
      'warning',
      'LEASE_UNREACHABLE',
      ({ cause }) =>
        `the lease cannot be renewed (${cause}): nothing is entered, hedges and exits go on`,
    ),
  },
  'lease.recovered': {
    actions: alert<'lease.recovered'>(
      'info',
      'LEASE_RECOVERED',
      ({ awayMs }) => `the lease is renewed again after ${awayMs} ms`,
    ),
  },
  'lease.forgotten': {
    actions: alert<'lease.forgotten'>(
      'warning',
      'LEASE_FORGOTTEN',
      ({ fence }) => `redis knew nothing of our lease any more; taken again as fence ${fence}`,
    ),
  },
  'lease.inherited': {
    description: 'Nothing is entered here already.',
    actions: sayInherited,
  },
  'lease.superseded': {
    actions: alert<'lease.superseded'>(
      'critical',
      'LEASE_LOST',
      ({ holder }) => `${holderText(holder)} has the lease now`,
    ),
  },
} as const;

/** Where it would enter, now or soon: a person says first whether these limits are meant. */
export const inheriting = {
  'lease.inherited': {
    target: 'halted',
    actions: [
      { type: 'noteReason', params: { reason: 'lease inherited' } },
      holdHalted,
      sayInherited,
      { type: 'tellScanner', params: { type: 'scanner.halt', reason: 'lease inherited' } },
    ],
  },
} as const;

/** It ends already, and enters nothing; the next start is held. */
export const inheritingNext = {
  'lease.inherited': { actions: [holdHalted, sayInherited] },
} as const;
