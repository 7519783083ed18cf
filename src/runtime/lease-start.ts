// How a lease begins. A holder that renews is alive: the start is refused with its name. One that
// does not is waited out, and a tenure that was not handed back is rested on for as long as the
// holder before could still be certain of it.
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseAnswer, LeaseAuthority, LeaseHolder } from '../ports/index.ts';
import { certainMsOf, LeaseKeeper, renewEveryMsOf } from './lease-keeper.ts';
import type { LeaseKeeperParts } from './lease-keeper.ts';

export interface LeaseStartParts extends LeaseKeeperParts {
  /** A wait begins; said once for each cause. */
  readonly onWait: (cause: string) => void;
}

export type LeaseStart =
  | { readonly kind: 'held'; readonly lease: LeaseKeeper }
  | { readonly kind: 'refused'; readonly holder: LeaseHolder }
  | { readonly kind: 'unreachable'; readonly cause: string };

/** Nobody waits for a price here: an answer may take its time. */
const ANSWER_MS_MAX = 2_000;
/** A holder may be set to renew more rarely than we. */
const LOOK_EVERY_MS = 200;

export async function startLease(parts: LeaseStartParts): Promise<LeaseStart> {
  let first: Extract<LeaseAnswer, { kind: 'other' }> | undefined;
  for (;;) {
    const atMs = parts.clock.nowMs();
    const answer = await claim(parts.authority);
    switch (answer.kind) {
      case 'unreachable':
        return answer;
      case 'held':
        return await rested(parts, answer, atMs);
      case 'other':
        if (first === undefined) {
          const { host, pid } = answer.holder;
          parts.onWait(`looking whether process ${pid} on ${host}, which has the lease, lives`);
        } else if (answer.renewedAtMs !== first.renewedAtMs) {
          return { kind: 'refused', holder: answer.holder };
        }
        first ??= answer;
        await pause(LOOK_EVERY_MS);
    }
  }
}

const claim = (authority: LeaseAuthority): Promise<LeaseAnswer> =>
  new Promise((resolve) => authority.claim(0, ANSWER_MS_MAX, resolve));

async function rested(
  parts: LeaseStartParts,
  { fence, isHandedOver }: Extract<LeaseAnswer, { kind: 'held' }>,
  atMs: number,
): Promise<LeaseStart> {
  const lease = new LeaseKeeper(parts, { fence, atMs });
  if (!isHandedOver) {
    const restMs = certainMsOf(parts.leaseMs) + renewEveryMsOf(parts.leaseMs);
    parts.onWait(
      `nobody handed the lease over: waiting ${restMs} ms for who may still trust in it`,
    );
    await pause(restMs);
  }
  const standing = lease.standing();
  if (standing.kind !== 'superseded') return { kind: 'held', lease };
  return { kind: 'refused', holder: standing.holder };
}
