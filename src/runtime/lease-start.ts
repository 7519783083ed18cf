// How a lease begins. A holder that renews is alive: the start is refused with its name, and so it
// is by a tenure whose protocol we do not speak, dead or alive. One that does not renew is waited
// out, and a tenure that was not handed back is rested on for as long as the holder before could
// still be certain of it.
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineIdentity, LeaseHolder, LeaseReport } from '../domain/index.ts';
import { isSameEngine, LEASE_PROTOCOL } from '../domain/index.ts';
import type { LeaseAnswer, LeaseAuthority } from '../ports/index.ts';
import { certainMsOf, LeaseKeeper, renewEveryMsOf } from './lease-keeper.ts';
import type { LeaseKeeperParts } from './lease-keeper.ts';

export interface LeaseStartParts extends LeaseKeeperParts {
  readonly identity: EngineIdentity;
  /** A wait begins; said once for each cause. */
  readonly onWait: (cause: string) => void;
}

export type LeaseStart =
  | { readonly kind: 'held'; readonly lease: LeaseKeeper }
  | { readonly kind: 'refused'; readonly holder: LeaseHolder }
  /** Its protocol is another; nothing was changed at the authority. */
  | { readonly kind: 'foreign'; readonly holder: LeaseHolder }
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
        if (answer.holder.protocol !== LEASE_PROTOCOL) {
          return { kind: 'foreign', holder: answer.holder };
        }
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
  { fence, isHandedOver, from }: Extract<LeaseAnswer, { kind: 'held' }>,
  atMs: number,
): Promise<LeaseStart> {
  const report = inherited(from, parts.identity);
  const lease = new LeaseKeeper(parts, { fence, atMs, report });
  if (!isHandedOver) {
    const restMs = certainMsOf(parts.leaseMs) + renewEveryMsOf(parts.leaseMs);
    parts.onWait(
      `no engine gave the lease back: waiting ${restMs} ms, in case one still trades under it`,
    );
    await pause(restMs);
  }
  const standing = lease.standing();
  if (standing.kind !== 'superseded') return { kind: 'held', lease };
  return { kind: 'refused', holder: standing.holder };
}

/** An engine that died may have traded in another way than we would. */
const inherited = (from: LeaseHolder | undefined, ours: EngineIdentity): LeaseReport | undefined =>
  from === undefined || isSameEngine(from, ours)
    ? undefined
    : { type: 'lease.inherited', from, ours };
