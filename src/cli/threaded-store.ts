// The database of a running engine, seen from the engine: a thread that is told how far the journal
// is durable, and starts anew when it dies. Nothing here waits for it.
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Seq } from '../domain/index.ts';
import { toSeq } from '../domain/index.ts';
import type { Store, StoreNews } from '../ports/index.ts';
import type { DatabaseReport, DatabaseWord, StoreOrder, StoreRefusal } from './store-messages.ts';
import type { StoreThreadData, StoreWord } from './store-messages.ts';

export type DatabaseAnswer =
  | { readonly type: 'report'; readonly report: DatabaseReport }
  | { readonly type: 'refused'; readonly refusal: StoreRefusal };

interface Asked {
  readonly onProgress: (text: string) => void;
  readonly answer: (answer: DatabaseAnswer) => void;
}

const RESTART_AFTER_MS = 10_000;
/** For a database that closes in order when the time for records is over. */
const CLOSE_WITHIN_MS = 2_000;

export class ThreadedStore implements Store {
  readonly #data: Omit<StoreThreadData, 'isTroubled'>;
  readonly #listeners: ((news: StoreNews) => void)[] = [];
  readonly #asked = new Map<number, Asked>();
  #askedCount = 0;
  #seq = toSeq(0);
  #thread: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #finished: ((lastSeq: number) => void) | undefined;
  #isClosing = false;
  #isTroubled = false;

  constructor(data: Omit<StoreThreadData, 'isTroubled'>) {
    this.#data = data;
    this.#start();
  }

  follow(seq: Seq): void {
    this.#seq = seq;
    this.#order({ type: 'follow', seq });
  }

  onNews(then: (news: StoreNews) => void): void {
    this.#listeners.push(then);
  }

  ask(word: DatabaseWord, onProgress: (text: string) => void): Promise<DatabaseAnswer> {
    if (this.#thread === undefined) return Promise.resolve(GONE);
    return new Promise((answer) => {
      this.#askedCount += 1;
      this.#asked.set(this.#askedCount, { onProgress, answer });
      this.#order({ type: 'ask', id: this.#askedCount, word });
    });
  }

  async close(graceMs: number): Promise<number> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    const thread = this.#thread;
    if (thread === undefined) return 0;
    const finished = new Promise<number>((resolve) => (this.#finished = resolve));
    this.#order({ type: 'finish', graceMs });
    const waiting = new AbortController();
    const late = pause(graceMs + CLOSE_WITHIN_MS, 0, { signal: waiting.signal }).catch(() => 0);
    const lastSeq = await Promise.race([finished, late]);
    waiting.abort();
    await thread.terminate();
    return lastSeq;
  }

  #start(): void {
    const thread = new Worker(new URL('./store-thread.js', import.meta.url), {
      workerData: { ...this.#data, isTroubled: this.#isTroubled },
      // Loaders and flags of the main thread have no place there.
      execArgv: [],
    });
    this.#thread = thread;
    // A process that ends because of something else must not stay for its database.
    thread.unref();
    let cause = 'it ended';
    thread.on('message', (word: StoreWord) => this.#hear(word));
    thread.on('error', (error) => (cause = error.message));
    thread.once('exit', () => this.#lost(cause));
    if (this.#seq > 0) this.follow(this.#seq);
  }

  #order(order: StoreOrder): void {
    this.#thread?.postMessage(order);
  }

  #hear(word: StoreWord): void {
    switch (word.type) {
      case 'news':
        this.#tell(word.news);
        return;
      case 'progress':
        this.#asked.get(word.id)?.onProgress(word.text);
        return;
      case 'report':
      case 'refused':
        this.#asked.get(word.id)?.answer(word);
        this.#asked.delete(word.id);
        return;
      case 'finished':
        this.#finished?.(word.lastSeq);
        return;
    }
  }

  #lost(cause: string): void {
    this.#thread = undefined;
    this.#finished?.(0);
    for (const { answer } of this.#asked.values()) answer(GONE);
    this.#asked.clear();
    if (this.#isClosing) return;
    const text = `the thread of the database ended: ${cause}; it is started again`;
    if (!this.#isTroubled) this.#tell({ type: 'trouble', code: 'storage.failed', text });
    this.#restart = setTimeout(() => this.#start(), RESTART_AFTER_MS).unref();
  }

  #tell(news: StoreNews): void {
    if (news.type !== 'opened') this.#isTroubled = news.type === 'trouble';
    for (const listener of this.#listeners) listener(news);
  }
}

const GONE: DatabaseAnswer = {
  type: 'refused',
  refusal: {
    code: 'storage.failed',
    text: 'the thread of the database has ended; it is started again in a few seconds',
  },
};
