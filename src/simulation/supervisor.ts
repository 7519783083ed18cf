// Starts the engine, kills it, and starts it again after a pause that grows while it keeps dying,
// as a service manager does. It looks at nothing but whether the process lives.
import type { Clock } from '../ports/index.ts';
import { toMs } from '../domain/index.ts';
import type { LifeEvidence } from './evidence.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { KillPoint } from './kill-points.ts';

export interface Supervised {
  /** Builds and begins a life; throws when it cannot be started. */
  start(life: number): void;
  /** The process is gone. */
  end(death: Death): void;
}

export interface Death {
  /** `killed`, or why it ended by itself. */
  readonly cause: string;
  /** The kill point, or `at any time`; empty when nobody killed it. */
  readonly killedAt: string;
  /** What was not synced went with it. */
  readonly isPowerLost: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const ENGINE_ID = 'a';
const BACK_OFF_MS = { first: 200, most: 20_000 } as const;
/** A life this long was no crash loop. */
const LONG_LIFE_MS = 30_000;
const FATAL_COUNT_MAX = 3_000;

export class Supervisor {
  readonly lives: Mutable<LifeEvidence>[] = [];
  readonly #clock: Clock;
  readonly #desk: FaultDesk;
  readonly #supervised: Supervised;
  #backOffMs: number = BACK_OFF_MS.first;
  #isAlive = false;
  #isOver = false;
  /** Kill points still to be passed. */
  #leftCount = Infinity;

  constructor(clock: Clock, desk: FaultDesk, supervised: Supervised) {
    this.#clock = clock;
    this.#desk = desk;
    this.#supervised = supervised;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  begin(): void {
    this.#start();
    this.#desk.spells({
      ...{ kind: 'kill', place: 'at any time', lastsMs: [1, 2], pace: 0.3 },
      begin: () => this.#kill('at any time'),
    });
  }

  /** True when the process dies here. */
  isFatal(point: KillPoint): boolean {
    if (!this.#isAlive || this.#desk.isHealed) return false;
    this.#leftCount -= 1;
    if (this.#leftCount > 0) return false;
    this.#kill(point);
    return true;
  }

  /** The engine gave up by itself. */
  fail(error: Error): void {
    this.#end(byItself(`failed: ${error.message}`));
  }

  /** The process ended in good order, and is started again, no earlier than is said. */
  restart(cause: string, notBeforeAtMs?: () => number): void {
    this.#end(byItself(cause), notBeforeAtMs);
  }

  /** The run is over: nothing is started any more. */
  stop(): void {
    this.#isOver = true;
    this.#end(byItself('stopped'));
  }

  #kill(killedAt: string): void {
    if (!this.#isAlive) return;
    this.#desk.note('kill', this.#clock.nowMs());
    const isPowerLost = this.#desk.strikes('power-loss', 'machine', 1);
    if (isPowerLost) this.#desk.note('power-loss', this.#clock.nowMs());
    this.#end({ cause: 'killed', killedAt, isPowerLost });
  }

  #end(death: Death, notBeforeAtMs: () => number = () => 0): void {
    const life = this.lives.at(-1);
    if (!this.#isAlive || life === undefined) return;
    this.#isAlive = false;
    life.endedAtMs = this.#clock.nowMs();
    life.cause = death.cause;
    this.#supervised.end(death);
    if (this.#isOver) return;
    const livedMs = life.endedAtMs - life.startedAtMs;
    this.#backOffMs = livedMs > LONG_LIFE_MS ? BACK_OFF_MS.first : this.#backOffMs * 2;
    this.#backOffMs = Math.min(this.#backOffMs, BACK_OFF_MS.most);
    const startAtMs = Math.max(this.#clock.nowMs() + this.#backOffMs, notBeforeAtMs());
    this.#clock.schedule(toMs(startAtMs), () => this.#start());
  }

  #start(): void {
    const life = this.lives.length + 1;
    const startedAtMs = this.#clock.nowMs();
    this.lives.push({ life, engineId: ENGINE_ID, startedAtMs, endedAtMs: null, cause: '' });
    this.#isAlive = true;
    this.#leftCount = this.#drawLeft(life);
    try {
      this.#supervised.start(life);
    } catch (error) {
      this.#end(byItself(`failed: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  /** In how many kill points the process dies: soon after a restart when that is the fault. */
  #drawLeft(life: number): number {
    if (life > 1 && this.#desk.strikes('kill-in-recovery', 'machine', 0.6)) {
      this.#desk.note('kill-in-recovery', this.#clock.nowMs());
      return this.#desk.drawMs('kill-in-recovery', 'machine', 1, 40);
    }
    if (this.#desk.strength('kill') === undefined) return Infinity;
    return this.#desk.drawMs('kill', 'machine', 1, FATAL_COUNT_MAX);
  }
}

const byItself = (cause: string): Death => ({ cause, killedAt: '', isPowerLost: false });
