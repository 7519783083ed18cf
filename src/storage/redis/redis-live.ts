// Shows a running engine at Redis: its state under a key that expires, and each event on a channel.
// The engine only ever appends to a list here. One batch is under way at a time; while Redis is
// slow the oldest events are dropped and counted, and a state gives way to the next.
import type { LiveEvent, LiveState, LiveWatcher } from '../../ports/index.ts';
import { openRedis, redisKey } from './redis-connection.ts';
import type { RedisLine } from './redis-connection.ts';

export interface RedisLiveOptions {
  readonly redisUrl: string;
  readonly deployment: string;
}

/** A state that is not followed by another is gone by then. */
const STATE_MS = 3_000;
const WAITING_MAX = 1_000;
const BATCH_MAX = 200;
/** Events that come together leave together. */
const GATHER_MS = 20;
const LAST_WORDS_MS_MAX = 500;

export class RedisLive implements LiveWatcher {
  readonly #line: RedisLine;
  readonly #stateKey: string;
  readonly #channel: string;
  readonly #waiting: LiveEvent[] = [];
  #state: LiveState | undefined;
  #droppedCount = 0;
  #untoldCount = 0;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ redisUrl, deployment }: RedisLiveOptions) {
    this.#line = openRedis(redisUrl);
    this.#stateKey = redisKey(deployment, 'state');
    this.#channel = redisKey(deployment, 'events');
  }

  /** Since the start. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  state(state: LiveState): void {
    this.#state = state;
    this.#sendSoon();
  }

  event(event: LiveEvent): void {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#waiting.shift();
      this.#drop(1);
    }
    this.#waiting.push(event);
    this.#sendSoon();
  }

  /** Gives the last words a moment; what Redis does not take in it is gone. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_WORDS_MS_MAX);
    });
    await Promise.race([this.#sendAll(), late]);
    clearTimeout(timer);
    this.#line.redis.disconnect();
  }

  #drop(count: number): void {
    this.#droppedCount += count;
    this.#untoldCount += count;
  }

  #sendSoon(): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, GATHER_MS);
  }

  async #sendAll(): Promise<void> {
    await this.#sending;
    while (this.#waiting.length > 0 || this.#state !== undefined) await this.#send();
  }

  async #send(): Promise<void> {
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) this.#sendSoon();
    });
    await this.#sending;
  }

  async #sendBatch(): Promise<void> {
    const events = this.#waiting.splice(0, BATCH_MAX);
    const missed = this.#untoldCount;
    const state = this.#state;
    this.#state = undefined;
    const batch = this.#line.redis.pipeline();
    const tell = (event: object): void => void batch.publish(this.#channel, JSON.stringify(event));
    if (missed > 0) tell({ type: 'events.dropped', count: missed });
    events.forEach(tell);
    if (state !== undefined) batch.set(this.#stateKey, JSON.stringify(state), 'PX', STATE_MS);
    try {
      const replies = await batch.exec();
      const fault = replies?.find(([error]) => error !== null)?.[0];
      if (fault) throw fault;
      this.#untoldCount -= missed;
    } catch {
      // A view that nobody could be shown: the next state says how things stand then.
      this.#drop(events.length);
    }
  }
}
