// Planted: fees are booked in whole cents, rounded down in our own favour.
import type { Fill } from '../../domain/index.ts';
import { toStep, toUsd } from '../../domain/index.ts';
import { bugInWorld } from './planted-bug.ts';
import { heardThrough } from './venue-wrapping.ts';

const inCents = (fill: Fill): Fill => ({
  ...fill,
  feeUsd: toStep(fill.feeUsd, toUsd('0.01'), 'down'),
});

export const roundedFee = bugInWorld({
  name: 'round a fee down',
  text: 'fees are booked rounded down to the cent',
  invariants: ['I18'],
  kinds: [],
  plant: () => ({
    venue: (venue) =>
      heardThrough(venue, (report) =>
        report.type === 'order.filled' ? { ...report, fill: inCents(report.fill) } : report,
      ),
  }),
});
