// A disk that lives on when the engine dies: the lines of the journal with how safe each is, and
// snapshots of the kernel. A death of the process loses what it had not handed over; a loss of
// power also what was not synced, at any byte.
import { toMs } from '../domain/index.ts';
import type { SeededRandom, StepRecord } from '../domain/index.ts';
import { toCheckedLine } from '../journal/checked-line.ts';
import { toEntry } from '../journal/index.ts';
import type { KernelSnapshot } from '../kernel/index.ts';
import type { Clock } from '../ports/index.ts';
import type { JournalLine } from './evidence.ts';
import type { FaultDesk } from './fault-desk.ts';

/** Records that nobody waits for are handed to the operating system at the latest after this. */
const LINGER_MS = 20;
const SYNC_MS = { low: 0.2, high: 3 } as const;
const SNAPSHOTS_KEPT = 3;

interface DiskLine {
  readonly life: number;
  /** As in a file: checked, with its newline. */
  readonly text: string;
  readonly appendedAtMs: number;
  durableAtMs: number | null;
}

export type DiskFailure = 'disk full' | 'sync failed';

export class SimulatedDisk {
  readonly #clock: Clock;
  readonly #desk: FaultDesk;
  readonly #random: SeededRandom;
  #lines: DiskLine[] = [];
  #snapshots: { readonly seq: number; text: string }[] = [];
  #isFull = false;
  tornCount = 0;
  damagedCount = 0;

  constructor(clock: Clock, desk: FaultDesk, random: SeededRandom) {
    this.#clock = clock;
    this.#desk = desk;
    this.#random = random;
  }

  begin(): void {
    this.#desk.spells({
      ...{ kind: 'disk-full', place: 'disk', lastsMs: [500, 10_000], pace: 0.3 },
      begin: () => (this.#isFull = true),
      end: () => (this.#isFull = false),
    });
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  /** Of the newest record; 0 without one. */
  get lastAtMs(): number {
    return this.recordsAfter(this.#lines.length - 1)[0]?.atMs ?? 0;
  }

  append(life: number, record: StepRecord): void {
    const appendedAtMs = this.#clock.nowMs();
    const text = toCheckedLine(JSON.stringify(record));
    this.#lines.push({ life, text, appendedAtMs, durableAtMs: null });
  }

  /** Everything up to `count` lines is safe once this calls back without a failure. */
  sync(count: number, then: (failure: DiskFailure | undefined) => void): void {
    const { low, high } = SYNC_MS;
    const isSlow = this.#desk.strikes('disk-slow', 'disk', 0.05);
    const takesMs = isSlow
      ? this.#desk.drawMs('disk-slow', 'disk', 5, 5_000)
      : this.#random.between(low, high);
    if (isSlow) this.#desk.note('disk-slow', this.#clock.nowMs() + takesMs);
    const failure = this.#failure();
    const doneAtMs = toMs(this.#clock.nowMs() + Math.ceil(takesMs));
    this.#clock.schedule(doneAtMs, () => {
      if (failure === undefined) this.#secure(count);
      then(failure);
    });
  }

  #failure(): DiskFailure | undefined {
    if (this.#isFull) return 'disk full';
    if (!this.#desk.strikes('sync-error', 'disk', 0.001)) return undefined;
    this.#desk.note('sync-error', this.#clock.nowMs());
    return 'sync failed';
  }

  #secure(count: number): void {
    const nowMs = this.#clock.nowMs();
    for (let at = Math.min(count, this.#lines.length) - 1; at >= 0; at -= 1) {
      const line = this.#lines[at];
      if (line === undefined || line.durableAtMs !== null) return;
      line.durableAtMs = nowMs;
    }
  }

  /** The process is gone; with the power, more goes. The last line may be left cut. */
  crash(isPowerLost: boolean): void {
    const nowMs = this.#clock.nowMs();
    const safeCount = this.#lines.findLastIndex(({ durableAtMs }) => durableAtMs !== null) + 1;
    const lingering = this.#lines.findIndex(({ appendedAtMs }) => appendedAtMs > nowMs - LINGER_MS);
    const written = Math.max(safeCount, lingering < 0 ? this.#lines.length : lingering);
    const kept = isPowerLost ? safeCount + this.#random.below(written - safeCount + 1) : written;
    const cut = isPowerLost ? this.#lines[kept] : undefined;
    this.#lines = this.#lines.slice(0, kept);
    if (cut !== undefined) {
      this.tornCount += 1;
      this.#lines.push({ ...cut, text: cut.text.slice(0, this.#random.below(cut.text.length)) });
    }
    this.#snapshots = this.#snapshots.filter(({ seq }) => seq <= kept);
    if (this.#desk.strikes('snapshot-damaged', 'disk', 0.5)) this.#damageSnapshot();
  }

  #damageSnapshot(): void {
    const newest = this.#snapshots.at(-1);
    if (newest === undefined) return;
    this.damagedCount += 1;
    this.#desk.note('snapshot-damaged', this.#clock.nowMs());
    newest.text = newest.text.slice(0, this.#random.below(newest.text.length));
  }

  saveSnapshot(snapshot: KernelSnapshot): void {
    if (this.#isFull) return;
    this.#snapshots.push({ seq: snapshot.seq, text: JSON.stringify(snapshot) });
    this.#snapshots = this.#snapshots.slice(-SNAPSHOTS_KEPT);
  }

  /** The newest snapshot that can be read and that the journal reaches. */
  newestSnapshot(): KernelSnapshot | undefined {
    for (const { seq, text } of this.#snapshots.toReversed()) {
      if (seq > this.#lines.length) continue;
      const snapshot = parsed(text);
      if (snapshot !== undefined) return snapshot;
    }
    return undefined;
  }

  /** What every start does first: a write that was cut at the end belongs to no record. */
  cutTornTail(): void {
    if (this.#lines.at(-1)?.text.endsWith('\n') === false) this.#lines.pop();
  }

  recordsAfter(seq: number): readonly StepRecord[] {
    return this.#lines.slice(seq).map(({ text }, at) => {
      const line = Buffer.from(text.slice(0, -1));
      return toEntry(line, { file: 'simulated', offset: seq + at }, { damage: 'refuse' }).record;
    });
  }

  evidence(): readonly JournalLine[] {
    this.cutTornTail();
    return this.#lines.map((line) => ({ ...line, text: line.text.slice(PREFIX_CHARS, -1) }));
  }
}

/** Before the JSON of a checked line: length and checksum. */
const PREFIX_CHARS = 18;

function parsed(text: string): KernelSnapshot | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isSnapshot(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isSnapshot = (value: unknown): value is KernelSnapshot =>
  typeof value === 'object' && value !== null && 'machines' in value && 'timers' in value;
