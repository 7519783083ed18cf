// A connection that comes back: one or more sockets that live and die together, so that half a
// connection is never taken for a whole one. Each attempt has a number, and what an older one
// still delivers is ignored. Waits between attempts double up to a limit and are the same every
// time; no chance is involved.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, ScheduledTask } from '../ports/index.ts';
import { SocketLine } from './socket-line.ts';

export interface LineAddress {
  readonly url: string;
  readonly greetings: readonly string[];
}

export interface ReconnectingSocketOptions {
  readonly clock: Clock;
  readonly pingText: string | undefined;
  /** A planned end before the venue's own. */
  readonly lifeMs: Ms | undefined;
  /** Asked anew at each attempt. */
  readonly lines: () => readonly LineAddress[];
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onLost: (cause: string) => void;
}

const BEAT_EVERY_MS = 1_000;
const WAIT_FIRST_MS = 250;
const WAIT_MS_MAX = 5_000;
/** A connection that lived so long was a good one: the next wait is short again. */
const STEADY_AFTER_MS = 30_000;
/** Answered pings without any data: subscribed to nothing, or frozen. */
const DATA_SILENCE_MS_MAX = 30_000;

export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  #lines: readonly SocketLine[] = [];
  #generation = 0;
  #openCount = 0;
  #failureCount = 0;
  #startedAtMs = 0;
  #dataAtMs = 0;
  #task: ScheduledTask | undefined;
  #isStopped = false;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#generation += 1;
    const generation = this.#generation;
    this.#openCount = 0;
    this.#startedAtMs = this.#options.clock.nowMs();
    this.#dataAtMs = this.#startedAtMs;
    const ifCurrent = (act: () => void): void => {
      if (generation === this.#generation) act();
    };
    this.#lines = this.#options.lines().map(
      ({ url, greetings }) =>
        new SocketLine({
          url,
          greetings,
          pingText: this.#options.pingText,
          nowMs: () => this.#options.clock.nowMs(),
          onOpen: () => ifCurrent(() => this.#countOpen()),
          onText: (text) => ifCurrent(() => this.#options.onText(text)),
          onDead: (cause) => ifCurrent(() => this.#lose(cause)),
        }),
    );
    this.#scheduleBeat();
  }

  /** What we said on the first line of the connection, if it stands. */
  send(text: string): void {
    this.#lines[0]?.send(text);
  }

  /** The owner saw data, not only a sign of life. */
  touchData(): void {
    this.#dataAtMs = this.#options.clock.nowMs();
  }

  /** Gives the connection up and makes a new one. */
  restart(cause: string): void {
    if (!this.#isStopped && this.#lines.length > 0) this.#lose(cause);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#generation += 1;
    this.#task?.cancel();
    const lines = this.#lines;
    this.#lines = [];
    await Promise.all(lines.map((line) => line.stop()));
  }

  #countOpen(): void {
    this.#openCount += 1;
    if (this.#openCount === this.#lines.length) this.#options.onOpen();
  }

  #scheduleBeat(): void {
    const { clock } = this.#options;
    this.#task = clock.schedule(toMs(clock.nowMs() + BEAT_EVERY_MS), () => this.#beat());
  }

  #beat(): void {
    const nowMs = this.#options.clock.nowMs();
    const generation = this.#generation;
    if (nowMs - this.#startedAtMs >= (this.#options.lifeMs ?? Infinity)) {
      this.#lose('planned end of the connection');
    } else if (nowMs - this.#dataAtMs >= DATA_SILENCE_MS_MAX) {
      this.#lose(`no data for ${nowMs - this.#dataAtMs} ms, limit ${DATA_SILENCE_MS_MAX} ms`);
    } else {
      for (const line of this.#lines) line.beat();
    }
    if (generation === this.#generation) this.#scheduleBeat();
  }

  #lose(cause: string): void {
    const { clock } = this.#options;
    this.#generation += 1;
    this.#task?.cancel();
    const lines = this.#lines;
    this.#lines = [];
    for (const line of lines) line.die(cause);
    const nowMs = clock.nowMs();
    const hasLived = this.#openCount > 0 && nowMs - this.#startedAtMs >= STEADY_AFTER_MS;
    this.#failureCount = hasLived ? 0 : this.#failureCount + 1;
    const waitMs = Math.min(WAIT_FIRST_MS * 2 ** this.#failureCount, WAIT_MS_MAX);
    this.#task = clock.schedule(toMs(nowMs + waitMs), () => this.start());
    this.#options.onLost(cause);
  }
}
