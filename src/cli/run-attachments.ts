// What hangs on a run and never holds it up: its database and its door. Both open after it has
// started; when one of them fails, people are told and the run goes on.
import type { Config } from '../config/index.ts';
import { Door } from '../control/index.ts';
import type { EngineStatus } from '../control/index.ts';
import { toSeq } from '../domain/index.ts';
import type { OperatorCommand } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { Log } from '../operator/log.ts';
import type { Clock, Journal, StoreNews } from '../ports/index.ts';
import { ControlDesk } from './control-desk.ts';
import type { Screen } from './screen.ts';
import { isPassing } from '../storage/index.ts';
import { ThreadedStore } from './threaded-store.ts';
import { VERSION } from './version.ts';

export interface RunAttachmentsParts {
  readonly config: Config;
  readonly runId: string;
  readonly journal: Journal;
  readonly kernel: Kernel;
  readonly clock: Clock;
  /** Of the run, which its screen counts from. */
  readonly startedAtMs: number;
  readonly log: Log;
  readonly screen: Screen;
  /** Gives it to the machines at once; a stop ends the run as Ctrl-C does. */
  readonly command: (command: OperatorCommand) => void;
  readonly status: () => EngineStatus;
}

/** How often the database hears how far the journal is. */
const FOLLOW_EVERY_MS = 250;
/** At the end of a run, for what the database still lacks. */
const GRACE_MS = 3_000;
/** People need not hear of a wait that is hardly one. */
const UNSAID_MS = 300;

export class RunAttachments {
  readonly #parts: RunAttachmentsParts;
  readonly #store: ThreadedStore | undefined;
  readonly #door: Promise<Door | undefined>;
  readonly #following: NodeJS.Timeout | undefined;
  #followedSeq = toSeq(0);
  #place = 'the database';
  /** What somebody has to settle before anything more is stored. */
  #lasting: string | undefined;

  constructor(parts: RunAttachmentsParts) {
    this.#parts = parts;
    const { config, runId } = parts;
    const { dataFolder: dataPath, clock } = config.run;
    if (config.storage.isEnabled && clock === 'real') {
      const databaseUrl = config.storage.databaseUrl?.reveal();
      this.#store = new ThreadedStore({ databaseUrl, dataPath, runId });
      this.#store.onNews((news) => this.#hear(news));
      this.#following = setInterval(() => this.#follow(), FOLLOW_EVERY_MS).unref();
    }
    const desk = new ControlDesk({ ...parts, store: this.#store });
    this.#door = Door.open({
      ...{ dataPath, engineVersion: VERSION },
      attend: (request, say) => desk.attend(request, say),
    }).catch((error: unknown) => {
      const cause = error instanceof Error ? error.message : String(error);
      parts.log.warn('control.failed', { cause });
      return undefined;
    });
  }

  /** Nobody comes in any more. */
  async closeDoor(): Promise<void> {
    await (await this.#door)?.close();
  }

  /** To be called when the journal is closed and whole. */
  async closeStore(): Promise<void> {
    clearInterval(this.#following);
    if (this.#store === undefined) return;
    this.#follow();
    const { kernel, log, screen } = this.#parts;
    const saying = setTimeout(() => {
      screen.say(`storing what ${this.#place} lacks, for ${GRACE_MS / 1_000} s at most`);
    }, UNSAID_MS);
    const storedSeq = await this.#store.close(GRACE_MS);
    clearTimeout(saying);
    const lastSeq = kernel.head.seq;
    if (storedSeq >= lastSeq) return;
    log.warn('storage.behind', { storedSeq, lastSeq });
    const lack = `${this.#place} lacks records ${storedSeq + 1} to ${lastSeq} of this run`;
    const settle = this.#lasting === undefined ? ';' : `: ${this.#lasting}. When that is settled,`;
    screen.say(
      `${lack}${settle} the next run on this data folder stores them, or \`node main db rebuild\``,
    );
  }

  #follow(): void {
    const { seq } = this.#parts.kernel.head;
    if (seq === this.#followedSeq) return;
    this.#followedSeq = seq;
    this.#parts.journal.whenDurable(seq, () => this.#store?.follow(seq));
  }

  #hear(news: StoreNews): void {
    const { log } = this.#parts;
    switch (news.type) {
      case 'opened':
        this.#place = news.place;
        log.info('storage.opened', { database: news.place });
        return;
      case 'trouble':
        log.warn('storage.trouble', { code: news.code, cause: news.text });
        this.#lasting = isPassing(news.code) ? undefined : news.text;
        this.#show(`${news.text} (the run goes on; what is missing is stored ${this.#when()})`);
        return;
      case 'recovered':
        this.#lasting = undefined;
        log.info('storage.recovered', { lastSeq: news.lastSeq });
        this.#show(`${this.#place} is back and holds everything up to record ${news.lastSeq}`);
        return;
    }
  }

  #when(): string {
    return this.#lasting === undefined ? 'later' : 'when that is settled';
  }

  #show(text: string): void {
    const { clock, screen, startedAtMs } = this.#parts;
    screen.event({ tone: 'bad', text }, clock.nowMs() - startedAtMs);
  }
}
