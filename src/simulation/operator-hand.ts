// The operator of a simulated engine: halts, kills, resumes and ends it now and then, sometimes
// twice. While no engine runs, nothing is said; at the healing what is still held is resumed, or
// the whole run is stopped.
import type { OperatorCommand } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock } from '../ports/index.ts';
import type { CommandEvidence } from './evidence.ts';
import type { FaultDesk } from './fault-desk.ts';

export interface Commanded {
  readonly life: number;
  /** False while no process would hear it now. */
  readonly isListening: boolean;
  /** It is about to end, and does not begin again. */
  readonly isLeaving: boolean;
  command(command: OperatorCommand): void;
}

/** Seconds without a trade before a stop is said all the same. */
const STOP_PATIENCE = 10;

export class OperatorHand {
  readonly commands: CommandEvidence[] = [];
  readonly #clock: Clock;
  readonly #desk: FaultDesk;
  readonly #engine: () => Commanded | undefined;
  #isHeld = false;
  #toldToStop = 0;

  constructor(clock: Clock, desk: FaultDesk, engine: () => Commanded | undefined) {
    this.#clock = clock;
    this.#desk = desk;
    this.#engine = engine;
  }

  begin(): void {
    const resume = (): void => this.#say({ type: 'operator.resume' });
    this.#desk.spells({
      ...{ kind: 'operator-halt', place: 'operator', lastsMs: [500, 30_000], pace: 0.5 },
      begin: () => this.#say({ type: 'operator.halt', reason: 'simulated halt' }),
      end: resume,
    });
    this.#desk.spells({
      ...{ kind: 'operator-kill', place: 'operator', lastsMs: [2_000, 30_000], pace: 0.5 },
      begin: () => this.#say({ type: 'operator.kill', reason: 'simulated kill' }),
      end: resume,
    });
    this.#desk.spells({
      ...{ kind: 'operator-leave', place: 'operator', lastsMs: [1, 2], pace: 0.5 },
      begin: () => this.#say({ type: 'operator.leave', reason: 'simulated leave' }),
    });
  }

  /** The worst moment for the kill switch: a leg is being chased. */
  seesChase(): void {
    if (this.#isHeld || !this.#desk.strikes('operator-kill', 'chase', 0.15)) return;
    const random = this.#desk.random('operator-kill', 'chase');
    this.#desk.note('operator-kill', this.#clock.nowMs());
    this.#after(random.below(40), () =>
      this.#say({ type: 'operator.kill', reason: 'simulated kill in a chase' }),
    );
    this.#after(5_000 + random.below(10_000), () => this.#say({ type: 'operator.resume' }));
  }

  /** Whatever was held is let go, as soon as an engine listens. */
  release(): void {
    if (!this.#isHeld) return;
    if (this.#engine()?.isListening === true) this.#say({ type: 'operator.resume' });
    else this.#after(1_000, () => this.release());
  }

  /** With a trade open where one comes up soon; each life is told, as long as there is another. */
  stop(run: { isOver(): boolean; isTrading(): boolean }, patience = STOP_PATIENCE): void {
    const engine = this.#engine();
    if (run.isOver()) return;
    const isTime = patience === 0 || run.isTrading();
    if (isTime && engine?.isListening === true && engine.life !== this.#toldToStop) {
      this.#toldToStop = engine.life;
      this.#desk.note('operator-stop', this.#clock.nowMs());
      this.#give({ type: 'operator.stop', reason: 'simulated stop' });
    }
    this.#after(1_000, () => this.stop(run, Math.max(patience - 1, 0)));
  }

  #say(command: OperatorCommand): void {
    const isTwice = this.#desk.strikes('command-duplicated', 'operator', 1);
    this.#give(command);
    if (!isTwice) return;
    this.#desk.note('command-duplicated', this.#clock.nowMs());
    this.#after(300, () => this.#give(command));
  }

  #after(delayMs: number, task: () => void): void {
    this.#clock.schedule(toMs(this.#clock.nowMs() + delayMs), task);
  }

  #give(command: OperatorCommand): void {
    const { type } = command;
    if (type === 'operator.halt' || type === 'operator.kill') this.#isHeld = true;
    const engine = this.#engine();
    if (engine?.isListening !== true || (engine.isLeaving && type === 'operator.resume')) return;
    if (type === 'operator.resume') this.#isHeld = false;
    const reason = 'reason' in command ? command.reason : '';
    this.commands.push({ atMs: this.#clock.nowMs(), life: engine.life, type, reason });
    engine.command(command);
  }
}
