// Adds up the seeds of a swarm as they come in: what occurred, what it met, how bad it was, and how
// fast it went.
import type { SeedResult, Worst } from './seed-result.ts';
import { SITUATIONS } from './situations.ts';

export interface FaultTotal {
  /** Seeds in which the kind befell the run at least once. */
  readonly seeds: number;
  readonly times: number;
  /** Of those seeds, how many broke an invariant. */
  readonly failing: number;
}

/** From a restart until nothing was in doubt, of those that got there; null where none did. */
export interface SafeAfter {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly worst: number | null;
}

export interface KillTotal {
  readonly times: number;
  /** Of the seeds in which it happened, those that broke an invariant. */
  readonly failing: number;
  readonly safeAfterMs: SafeAfter;
}

export interface SwarmTotal {
  readonly seeds: number;
  /** Seeds that broke an invariant. */
  readonly violations: number;
  readonly sometimes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, FaultTotal>>;
  /** By kill point, `at any time` among them. */
  readonly killedAt: Readonly<Record<string, KillTotal>>;
  readonly safeAfterMs: SafeAfter;
  readonly worst: Worst;
  readonly trades: number;
  readonly restarts: number;
  readonly records: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  /** Virtual time over wall time, all cores together. */
  readonly speed: number;
}

const NOTHING: FaultTotal = { seeds: 0, times: 0, failing: 0 };

export class SwarmCount {
  readonly #startedMs = performance.now();
  readonly #sometimes = new Map<string, number>(SITUATIONS.map((situation) => [situation, 0]));
  readonly #faults = new Map<string, FaultTotal>();
  readonly #kills = new Map<string, { times: number; failing: number; safeAfterMs: number[] }>();
  #worst: Worst = { orphanMs: 0, unhedgedMs: 0 };
  readonly #sums = { seeds: 0, violations: 0, trades: 0, restarts: 0, records: 0, virtualMs: 0 };

  add(result: SeedResult): void {
    const { situations, faultCounts, worst, violations } = result;
    const isFailing = violations.length > 0 ? 1 : 0;
    this.#sums.seeds += 1;
    this.#sums.violations += isFailing;
    this.#sums.trades += result.trades;
    this.#sums.restarts += result.lives - 1;
    this.#sums.records += result.records;
    this.#sums.virtualMs += result.virtualMs;
    for (const situation of Object.keys(situations)) count(this.#sometimes, situation, 1);
    this.#addRestarts(result);
    for (const [kind, times] of Object.entries(faultCounts)) {
      const before = this.#faults.get(kind) ?? NOTHING;
      this.#faults.set(kind, {
        seeds: before.seeds + 1,
        times: before.times + times,
        failing: before.failing + isFailing,
      });
    }
    this.#worst = {
      orphanMs: Math.max(this.#worst.orphanMs, worst.orphanMs),
      unhedgedMs: Math.max(this.#worst.unhedgedMs, worst.unhedgedMs),
    };
  }

  #addRestarts({ restarts, violations }: SeedResult): void {
    for (const [place, { killedAt, safeAfterMs }] of restarts.entries()) {
      const kill = this.#kills.get(killedAt) ?? { times: 0, failing: 0, safeAfterMs: [] };
      const isFirst = restarts.findIndex((restart) => restart.killedAt === killedAt) === place;
      kill.times += 1;
      if (isFirst && violations.length > 0) kill.failing += 1;
      if (safeAfterMs !== null) kill.safeAfterMs.push(safeAfterMs);
      this.#kills.set(killedAt, kill);
    }
  }

  #killTotals(): Readonly<Record<string, KillTotal>> {
    const totals: Record<string, KillTotal> = {};
    for (const [point, { safeAfterMs, ...kill }] of [...this.#kills].sort()) {
      if (point !== '') totals[point] = { ...kill, safeAfterMs: safeAfter(safeAfterMs) };
    }
    return totals;
  }

  total(): SwarmTotal {
    const wallMs = Math.round(performance.now() - this.#startedMs);
    return {
      ...this.#sums,
      sometimes: Object.fromEntries(this.#sometimes),
      faults: Object.fromEntries([...this.#faults].sort()),
      killedAt: this.#killTotals(),
      safeAfterMs: safeAfter([...this.#kills.values()].flatMap((kill) => kill.safeAfterMs)),
      worst: this.#worst,
      wallMs,
      speed: Math.round(this.#sums.virtualMs / Math.max(wallMs, 1)),
    };
  }
}

function safeAfter(each: readonly number[]): SafeAfter {
  const sorted = [...each].sort((left, right) => left - right);
  const at = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { p50: at(0.5), p99: at(0.99), worst: at(1) };
}

const count = (counts: Map<string, number>, name: string, times: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + times);
};
