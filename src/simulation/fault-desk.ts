// Draws faults while they last, and writes down what befell whom. Every kind has its own stream of
// numbers, so that switching one off leaves the others where they were. After the healing nothing
// is drawn any more.
import type { Clock, ScheduledTask } from '../ports/index.ts';
import type { SeededRandom } from '../domain/index.ts';
import { seededRandom, toMs } from '../domain/index.ts';
import type { FaultWindow } from './evidence.ts';
import type { FaultKind } from './fault-kind.ts';
import { logBetween } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** How often a spell begins, from the weakest to the strongest kind. */
const SPELL_EVERY_MS = { weakest: 300_000, strongest: 15_000 } as const;

export class FaultDesk {
  readonly windows: FaultWindow[] = [];
  readonly counts = new Map<FaultKind, number>();
  readonly #scenario: Scenario;
  readonly #clock: Clock;
  readonly #streams = new Map<string, SeededRandom>();
  readonly #spells = new Set<ScheduledTask>();
  readonly #endings = new Set<() => void>();
  #isHealed = false;

  constructor(scenario: Scenario, clock: Clock) {
    this.#scenario = scenario;
    this.#clock = clock;
  }

  get isHealed(): boolean {
    return this.#isHealed;
  }

  /** From 0 to 1; undefined when the kind is off or everything has healed. */
  strength(kind: FaultKind): number | undefined {
    return this.#isHealed ? undefined : this.#scenario.faults[kind];
  }

  /** Whether a fault of this kind befalls one message: the chance grows with the strength. */
  strikes(kind: FaultKind, place: string, chanceMax: number): boolean {
    const strength = this.strength(kind);
    if (strength === undefined) return false;
    return this.random(kind, place).next() < chanceMax * (0.05 + 0.95 * strength);
  }

  random(kind: FaultKind, place: string): SeededRandom {
    const name = `${this.#scenario.seed}/${kind}/${place}`;
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const fresh = seededRandom(`fault/${name}`);
    this.#streams.set(name, fresh);
    return fresh;
  }

  /** Log-uniform, as delays and outages are. */
  drawMs(kind: FaultKind, place: string, lowMs: number, highMs: number): number {
    return Math.round(logBetween(this.random(kind, place), lowMs, highMs));
  }

  note(kind: FaultKind, toAtMs: number, venueId?: string): void {
    const fromAtMs = this.#clock.nowMs();
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.windows.push({ kind, fromAtMs, toAtMs, ...(venueId !== undefined && { venueId }) });
  }

  /**
   * Runs `begin` at drawn instants as long as faults last, and `end` after each, at the latest at
   * the healing.
   */
  spells(spell: {
    readonly kind: FaultKind;
    readonly place: string;
    readonly lastsMs: readonly [number, number];
    readonly venueId?: string;
    readonly begin: (untilAtMs: number) => void;
    readonly end?: () => void;
    /** Mean times shorter or longer than those of other spells. */
    readonly pace?: number;
  }): void {
    const strength = this.strength(spell.kind);
    if (strength === undefined) return;
    const { weakest, strongest } = SPELL_EVERY_MS;
    const meanMs = (weakest * (strongest / weakest) ** strength) / (spell.pace ?? 1);
    const random = this.random(spell.kind, spell.place);
    // Memoryless: the wait says nothing about the one before.
    const next = (): void => {
      const waitMs = Math.max(1, Math.round(-meanMs * Math.log(1 - random.next())));
      this.#at(waitMs, start);
    };
    const start = (): void => {
      const lastsMs = Math.round(logBetween(random, ...spell.lastsMs));
      const untilAtMs = this.#clock.nowMs() + lastsMs;
      this.note(spell.kind, untilAtMs, spell.venueId);
      spell.begin(untilAtMs);
      const finish = (): void => {
        if (!this.#endings.delete(finish)) return;
        spell.end?.();
      };
      this.#endings.add(finish);
      this.#at(lastsMs, () => {
        finish();
        next();
      });
    };
    next();
  }

  /** Ends everything that is wrong and draws nothing any more. */
  heal(): void {
    this.#isHealed = true;
    for (const task of this.#spells) task.cancel();
    for (const finish of [...this.#endings]) finish();
    const healedAtMs = this.#clock.nowMs();
    for (const [place, window] of this.windows.entries()) {
      // A sync that has begun ends when it ends.
      if (window.kind === 'disk-slow' || window.toAtMs <= healedAtMs) continue;
      this.windows[place] = { ...window, toAtMs: healedAtMs };
    }
  }

  #at(delayMs: number, task: () => void): void {
    const scheduled = this.#clock.schedule(toMs(this.#clock.nowMs() + delayMs), () => {
      this.#spells.delete(scheduled);
      task();
    });
    this.#spells.add(scheduled);
  }
}
