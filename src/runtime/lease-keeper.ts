// Keeps a lease that other engines want too: renews it well within its time and answers for it from
// what was heard last. It is certain only for a part of the time that the authority grants, counted
// from before the question left, so that nobody else can begin before its certainty ends.
import type { LeaseHolder, LeaseReport } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, Lease, LeaseAnswer, LeaseAuthority } from '../ports/index.ts';
import type { LeaseStanding, ScheduledTask } from '../ports/index.ts';

export interface LeaseKeeperParts {
  readonly authority: LeaseAuthority;
  readonly clock: Clock;
  readonly leaseMs: number;
}

/** A tenure that began. */
export interface LeaseGrant {
  readonly fence: number;
  /** When it was asked for. */
  readonly atMs: number;
  /** What the engine is to hear of it first. */
  readonly report?: LeaseReport | undefined;
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
  /** From before anybody listened. */
  readonly #early: LeaseReport[] = [];
  #listener: ((report: LeaseReport) => void) | undefined;
  #renewal: ScheduledTask | undefined;

  constructor(parts: LeaseKeeperParts, { fence, atMs, report }: LeaseGrant) {
    this.#parts = parts;
    this.#fence = fence;
    this.#heldSinceAtMs = atMs;
    if (report !== undefined) this.#report(report);
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

  onReport(then: (report: LeaseReport) => void): void {
    this.#listener = then;
    for (const report of this.#early.splice(0)) then(report);
  }

  /** Told with the next renewal: until then nobody has resumed an engine that inherited. */
  confirm(): void {
    this.#parts.authority.confirm();
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
          this.#report({ type: 'lease.forgotten', fence: answer.fence });
        }
        if (this.#silence !== undefined && this.#silence.askedAtMs <= askedAtMs) this.#recover();
        return;
      case 'unreachable':
        this.#fallSilent(answer.cause, askedAtMs);
        return;
      case 'other':
        this.#holder = answer.holder;
        this.#renewal?.cancel();
        this.#report({ type: 'lease.superseded', holder: answer.holder });
        return;
    }
  }

  #fallSilent(cause: string, askedAtMs: number): void {
    if (askedAtMs < this.#heldSinceAtMs) return;
    const isNews = this.#silence === undefined;
    if (isNews || askedAtMs > (this.#silence?.askedAtMs ?? 0)) this.#silence = { askedAtMs, cause };
    if (!isNews) return;
    this.#silentSinceAtMs = askedAtMs;
    this.#report({ type: 'lease.unreachable', cause });
  }

  #recover(): void {
    this.#silence = undefined;
    const awayMs = toMs(this.#parts.clock.nowMs() - this.#silentSinceAtMs);
    this.#report({ type: 'lease.recovered', awayMs });
  }

  #report(report: LeaseReport): void {
    if (this.#listener === undefined) this.#early.push(report);
    else this.#listener(report);
  }
}
