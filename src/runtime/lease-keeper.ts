// Keeps a lease that other engines want too: renews it well within its time and answers for it from
// what was heard last. It is certain only for a part of the time that the authority grants, counted
// from before the question left, so that nobody else can begin before its certainty ends.
import type { Clock, Lease, LeaseAnswer, LeaseAuthority, LeaseHolder } from '../ports/index.ts';
import type { LeaseStanding, ScheduledTask } from '../ports/index.ts';
import { toMs } from '../domain/index.ts';

export type LeaseNews =
  | { readonly kind: 'unreachable'; readonly cause: string }
  | { readonly kind: 'recovered'; readonly awayMs: number }
  /** The authority knew nothing of our tenure any more and began another for us. */
  | { readonly kind: 'forgotten'; readonly fence: number }
  | { readonly kind: 'superseded'; readonly holder: LeaseHolder };

export interface LeaseKeeperParts {
  readonly authority: LeaseAuthority;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly onNews: (news: LeaseNews) => void;
}

/** Before an order that waits for the answer. */
const ASK_MS_MAX = 250;

/** Parts of a lease: renewed five times, certain for the first half. */
const RENEWALS = 5;
export const certainMsOf = (leaseMs: number): number => leaseMs / 2;
export const renewEveryMsOf = (leaseMs: number): number => Math.floor(leaseMs / RENEWALS);

export class LeaseKeeper implements Lease {
  readonly #parts: LeaseKeeperParts;
  #fence: number;
  /** When the newest question left that was answered with yes. */
  #heldSinceAtMs: number;
  /** The newest question that was not answered, if no later one was. */
  #silence: { readonly askedAtMs: number; readonly cause: string } | undefined;
  #silentSinceAtMs = 0;
  #holder: LeaseHolder | undefined;
  #whenSuperseded: ((holder: LeaseHolder) => void) | undefined;
  #renewal: ScheduledTask | undefined;

  /** Of a lease that was claimed at this instant and granted. */
  constructor(parts: LeaseKeeperParts, granted: { readonly fence: number; readonly atMs: number }) {
    this.#parts = parts;
    this.#fence = granted.fence;
    this.#heldSinceAtMs = granted.atMs;
    this.#renewLater();
  }

  get fence(): number {
    return this.#fence;
  }

  standing(): LeaseStanding {
    if (this.#holder !== undefined) return { kind: 'superseded', holder: this.#holder };
    const { clock, leaseMs } = this.#parts;
    const nowMs = clock.nowMs();
    if (this.#silence !== undefined) {
      const { askedAtMs, cause } = this.#silence;
      const isRecent = nowMs - askedAtMs <= 2 * renewEveryMsOf(leaseMs) + ASK_MS_MAX;
      return isRecent ? { kind: 'unreachable', cause } : { kind: 'doubtful' };
    }
    const isCertain = nowMs - this.#heldSinceAtMs < certainMsOf(leaseMs);
    return isCertain ? { kind: 'held' } : { kind: 'doubtful' };
  }

  ask(then: () => void): void {
    this.#claim(ASK_MS_MAX, then);
  }

  onSuperseded(then: (holder: LeaseHolder) => void): void {
    this.#whenSuperseded = then;
    if (this.#holder !== undefined) then(this.#holder);
  }

  async release(): Promise<void> {
    this.#renewal?.cancel();
    this.#renewal = undefined;
    await this.#parts.authority.release();
  }

  #renewLater(): void {
    const { clock, leaseMs } = this.#parts;
    const everyMs = renewEveryMsOf(leaseMs);
    this.#renewal = clock.schedule(toMs(clock.nowMs() + everyMs), () => {
      if (this.#renewal === undefined || this.#holder !== undefined) return;
      this.#renewLater();
      this.#claim(everyMs, () => undefined);
    });
  }

  #claim(withinMs: number, then: () => void): void {
    const { authority, clock } = this.#parts;
    const askedAtMs = clock.nowMs();
    authority.claim(this.#fence, withinMs, (answer) => {
      if (this.#holder === undefined) this.#hear(answer, askedAtMs);
      then();
    });
  }

  #hear(answer: LeaseAnswer, askedAtMs: number): void {
    switch (answer.kind) {
      case 'held':
        this.#heldSinceAtMs = Math.max(this.#heldSinceAtMs, askedAtMs);
        if (answer.isNew) {
          this.#fence = answer.fence;
          this.#parts.onNews({ kind: 'forgotten', fence: answer.fence });
        }
        if (this.#silence !== undefined && this.#silence.askedAtMs <= askedAtMs) this.#recover();
        return;
      case 'unreachable':
        this.#fallSilent(answer.cause, askedAtMs);
        return;
      case 'other':
        this.#holder = answer.holder;
        this.#renewal?.cancel();
        this.#parts.onNews({ kind: 'superseded', holder: answer.holder });
        this.#whenSuperseded?.(answer.holder);
        return;
    }
  }

  #fallSilent(cause: string, askedAtMs: number): void {
    if (askedAtMs < this.#heldSinceAtMs) return;
    const isNews = this.#silence === undefined;
    if (isNews || askedAtMs > (this.#silence?.askedAtMs ?? 0)) this.#silence = { askedAtMs, cause };
    if (!isNews) return;
    this.#silentSinceAtMs = askedAtMs;
    this.#parts.onNews({ kind: 'unreachable', cause });
  }

  #recover(): void {
    this.#silence = undefined;
    const awayMs = this.#parts.clock.nowMs() - this.#silentSinceAtMs;
    this.#parts.onNews({ kind: 'recovered', awayMs });
  }
}
