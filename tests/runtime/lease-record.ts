// One record of a lease in virtual time, and the ways in which engines see it: at once, late, or
// not at all. It keeps the rules of the real one: free after its time, never given back to who lost
// it.
import type { Clock, LeaseAnswer, LeaseAuthority, ScheduledTask } from '../../src/ports/index.ts';
import type { LeaseHolder } from '../../src/domain/index.ts';
import { LEASE_PROTOCOL, toMs } from '../../src/domain/index.ts';
import type { VirtualClock } from '../../src/runtime/virtual-clock.ts';

const IDENTITY = {
  protocol: LEASE_PROTOCOL,
  engineVersion: '1.0.0',
  configHash: 'c'.repeat(64),
};

type Answer = Exclude<LeaseAnswer, { kind: 'unreachable' }>;

export class LeaseRecord {
  readonly leaseMs: number;
  readonly #time: VirtualClock;
  #fence = 0;
  #tenure:
    { holder: LeaseHolder; name: string; renewedAtMs: number; isReleased: boolean } | undefined;

  constructor(time: VirtualClock, leaseMs: number) {
    this.#time = time;
    this.leaseMs = leaseMs;
  }

  seenBy(name: string): LeaseView {
    return new LeaseView(this, this.#time, name);
  }

  /** As after a failover to a server that never heard of it. */
  forget(): void {
    this.#tenure = undefined;
    this.#fence = 0;
  }

  claim(name: string, seen: number): Answer {
    const renewedAtMs = this.#time.nowMs();
    const tenure = this.#tenure;
    if (tenure?.name === name && !tenure.isReleased) {
      tenure.renewedAtMs = renewedAtMs;
      return {
        kind: 'held',
        fence: this.#fence,
        isNew: false,
        isHandedOver: false,
        from: undefined,
      };
    }
    if (tenure !== undefined) {
      const isFree = tenure.isReleased || renewedAtMs >= tenure.renewedAtMs + this.leaseMs;
      if (!isFree || (seen > 0 && this.#fence >= seen)) return { kind: 'other', ...tenure };
    }
    this.#fence = Math.max(this.#fence, seen) + 1;
    const place = { host: name, pid: 1, dataFolder: `/${name}` };
    const holder = { fence: this.#fence, ...place, ...IDENTITY };
    this.#tenure = { holder, name, renewedAtMs, isReleased: false };
    const isHandedOver = tenure?.isReleased === true;
    const from = isHandedOver ? undefined : tenure?.holder;
    return { kind: 'held', fence: this.#fence, isNew: true, isHandedOver, from };
  }

  release(name: string): void {
    if (this.#tenure?.name === name) this.#tenure.isReleased = true;
  }
}

export class LeaseView implements LeaseAuthority {
  /** `silent`: it takes the question and never answers. */
  line: 'good' | 'cut' | 'silent' = 'good';
  answersAfterMs = 0;
  asked = 0;
  isConfirmed = false;
  readonly #record: LeaseRecord;
  readonly #time: VirtualClock;
  readonly #name: string;

  constructor(record: LeaseRecord, time: VirtualClock, name: string) {
    this.#record = record;
    this.#time = time;
    this.#name = name;
  }

  claim(fenceSeen: number, withinMs: number, then: (answer: LeaseAnswer) => void): void {
    this.asked += 1;
    if (this.line === 'cut') then({ kind: 'unreachable', cause: 'line cut' });
    else if (this.line === 'silent' || this.answersAfterMs > withinMs) {
      this.#after(withinMs, () => then({ kind: 'unreachable', cause: 'no answer' }));
    } else if (this.answersAfterMs === 0) then(this.#record.claim(this.#name, fenceSeen));
    else {
      this.#after(this.answersAfterMs, () => then(this.#record.claim(this.#name, fenceSeen)));
    }
  }

  confirm(): void {
    this.isConfirmed = true;
  }

  async release(): Promise<void> {
    this.#record.release(this.#name);
  }

  #after(ms: number, task: () => void): void {
    this.#time.schedule(toMs(this.#time.nowMs() + ms), task);
  }
}

/** Time as a process sees it that can be stopped: what fell due meanwhile runs when it goes on. */
export class StoppableClock implements Clock {
  readonly #time: VirtualClock;
  readonly #late: (() => void)[] = [];
  #isStopped = false;

  constructor(time: VirtualClock) {
    this.#time = time;
  }

  nowMs = () => this.#time.nowMs();

  schedule(atMs: Parameters<Clock['schedule']>[0], task: () => void): ScheduledTask {
    let isWanted = true;
    const run = (): void => {
      if (!isWanted) return;
      if (this.#isStopped) this.#late.push(run);
      else task();
    };
    this.#time.schedule(atMs, run);
    return { cancel: () => (isWanted = false) };
  }

  stop(): void {
    this.#isStopped = true;
  }

  goOn(): void {
    this.#isStopped = false;
    for (const task of this.#late.splice(0)) task();
  }
}
