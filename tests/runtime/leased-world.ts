// Whole engines in virtual time that share one lease, each of which can be stopped or cut off.
import { expect } from 'vitest';
import type { LeaseReport, OrderRequest } from '../../src/domain/index.ts';
import { toFillId, toMs, toUsd, toVenueOrderId } from '../../src/domain/index.ts';
import { LeaseKeeper } from '../../src/runtime/lease-keeper.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { START_AT_MS } from '../machines/carry-plan.ts';
import { LeaseRecord, StoppableClock } from './lease-record.ts';
import { Shell } from './shell.ts';

export const LEASE_MS = 3_000;

export class World {
  readonly time = new VirtualClock(START_AT_MS);
  readonly record = new LeaseRecord(this.time, LEASE_MS);

  /** An engine that takes the lease now. */
  engine(name: string) {
    const view = this.record.seenBy(name);
    const clock = new StoppableClock(this.time);
    const answer = this.record.claim(name, 0);
    if (answer.kind !== 'held') throw new Error(`${name} must get the lease`);
    const lease = new LeaseKeeper(
      { authority: view, clock, leaseMs: LEASE_MS },
      { fence: answer.fence, atMs: this.time.nowMs() },
    );
    const shell = Shell.running({ lease, time: this.time, clock });
    shell.journal.isInstant = true;
    return { name, view, clock, lease, shell };
  }

  wait(ms: number): void {
    this.time.advanceTo(toMs(this.time.nowMs() + ms));
  }
}

/** What the journal says of the lease. */
export const newsIn = ({ journal }: Shell): readonly LeaseReport[] =>
  journal.records.flatMap(({ input }) => {
    switch (input.type) {
      case 'lease.unreachable':
      case 'lease.recovered':
      case 'lease.forgotten':
      case 'lease.inherited':
      case 'lease.superseded':
        return [input];
      default:
        return [];
    }
  });

/** The venue takes it all, at the limit. */
export function fillWhole(shell: Shell, order: OrderRequest): void {
  const venue = order.venueId === shell.okx.venueId ? shell.okx : shell.bybit;
  const { clientOrderId, instrumentId, venueId, side, qty, limitPrice } = order;
  const venueOrderId = toVenueOrderId(clientOrderId);
  venue.say({ type: 'order.accepted', clientOrderId, venueOrderId });
  const fill = {
    ...{ clientOrderId, instrumentId, venueId, side, qty, price: limitPrice },
    ...{ fillId: toFillId(clientOrderId), feeUsd: toUsd('5') },
    ...{ liquidity: 'taker' as const, filledAtMs: shell.clock.nowMs() },
  };
  venue.say({ type: 'order.filled', fill });
}

export const placedAt = ({ okx, bybit }: Shell): number => okx.placed.length + bybit.placed.length;

/** One trade with both legs open. */
export function openTrade(shell: Shell): void {
  shell.propose();
  for (const { placed } of [shell.okx, shell.bybit]) {
    fillWhole(shell, placed[0] ?? expect.fail('it must be placed'));
  }
}
