// An exchange process with a folder of its own, and the lives of one engine after another in front
// of it: started, killed at a point, started again. It polls for what must come and never sleeps for
// a fixed time in order to hope.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { settlementStart } from '../../src/sandbox/index.ts';
import { newFolder, start } from '../cli/started-program.ts';
import type { Ended, Started } from '../cli/started-program.ts';
import { askExchange } from './exchange-books.ts';
import type { Statement } from './exchange-books.ts';
import { stepsIn } from './recorded-steps.ts';
import type { Step } from './recorded-steps.ts';

const KILLER = fileURLToPath(new URL('./killer.js', import.meta.url));
/** From here on the market of some seeds, 14, 27 and 39 among them, is worth trading for long. */
const WORTH_AFTER_MS = 42 * 60_000;
const VENUES = ['binanceusdm', 'bybit', 'okx'] as const;
/** Far above what a machine takes on which many others work. */
const COMES_WITHIN_MS = 120_000;

/** A machine with too little time for everyone still has books to trade on. */
const PATIENT = {
  TRINITY_MARKET__STALE_AFTER_MS: '3000',
  TRINITY_STRATEGIES__FUNDING_CARRY__BOOK_AGE_MS_MAX: '3000',
  TRINITY_ENGINE__OPPORTUNITY_AGE_MS_MAX: '3000',
  TRINITY_LOG__LEVEL: 'error',
};

export interface Life {
  readonly engine: Started;
  /** By the exchange's clock. */
  readonly startedAtMs: number;
  /** The newest run before it, and how many records that had. */
  readonly runBefore: string | undefined;
  readonly recordsBefore: number;
}

export class Stage {
  readonly folder: string;
  readonly exchange: string;
  readonly #address: string;
  readonly #seed: number;
  readonly #aheadMs: number;
  readonly #process: Started;

  private constructor(parts: {
    readonly folder: string;
    readonly seed: number;
    readonly process: Started;
    readonly address: string;
    readonly aheadMs: number;
  }) {
    this.folder = parts.folder;
    this.exchange = join(parts.folder, 'exchange');
    this.#seed = parts.seed;
    this.#process = parts.process;
    this.#address = parts.address;
    this.#aheadMs = parts.aheadMs;
  }

  static async open(seed: number): Promise<Stage> {
    const folder = newFolder();
    const startAt = new Date(settlementStart(seed) + WORTH_AFTER_MS).toISOString();
    const words = `sandbox --exchange --ledger exchange --start-at ${startAt} --json --seed ${seed}`;
    const process = start(words.split(' '), { folder });
    const [text] = await process.says(/^\{.*\}$/m);
    const address = String(JSON.parse(text).exchange);
    const { aheadMs } = await askExchange(address, 'okx');
    return new Stage({ folder, seed, process, address, aheadMs });
  }

  async close(): Promise<void> {
    this.wakeExchange();
    this.#process.signal('SIGTERM');
    await this.#process.ended;
  }

  /** A killer may have stopped it; where it did not, this changes nothing. */
  wakeExchange(): void {
    this.#process.signal('SIGCONT');
  }

  /** It hears what it is sent and does nothing. */
  stopExchange(): void {
    this.#process.signal('SIGSTOP');
  }

  /** Starts an engine; one that is to be killed says where in `killAt`. */
  live(options: { readonly killAt?: string; readonly env?: NodeJS.ProcessEnv } = {}): Life {
    const { killAt, env = {} } = options;
    const words = `--exchange ${this.#address} --seed ${this.#seed} --exit-after 1h --json`;
    const killing = {
      KILL_AT: killAt,
      KILL_LEDGER: this.exchange,
      KILL_EXCHANGE: String(this.#process.pid),
    };
    const runBefore = this.runPaths().at(-1);
    const recordsBefore = this.steps().length;
    const startedAtMs = Date.now() + this.#aheadMs;
    const engine = start(words.split(' '), {
      folder: this.folder,
      env: { ...PATIENT, ...env, ...(killAt !== undefined && killing) },
      ...(killAt !== undefined && { nodeFlags: ['--import', KILLER] }),
    });
    return { engine, startedAtMs, runBefore, recordsBefore };
  }

  /** The first record of this life. */
  firstSeq({ runBefore, recordsBefore }: Life): number {
    return this.runPaths().at(-1) === runBefore ? recordsBefore + 1 : 1;
  }

  /** Until the killer has struck; the exchange goes on in any case. */
  async killed({ engine }: Life): Promise<void> {
    const ended = await within(engine.ended, 'the kill');
    this.wakeExchange();
    if (ended.signal === 'SIGKILL' && ended.stderr.includes('killed at')) return;
    throw new Error(`ended with ${String(ended.code)} and was not killed: ${ended.stderr}`);
  }

  /** Of the newest run. */
  steps(): readonly Step[] {
    const runPath = this.runPaths().at(-1);
    return runPath === undefined ? [] : stepsIn(runPath);
  }

  /** Oldest first: ids begin with their start. */
  runPaths(): readonly string[] {
    const runs = join(this.folder, 'data', 'runs');
    if (!existsSync(runs)) return [];
    const names = readdirSync(runs).filter((name) => existsSync(join(runs, name, 'run.json')));
    return names.sort().map((name) => join(runs, name));
  }

  async statements(): Promise<readonly Statement[]> {
    const told = await Promise.all(VENUES.map((each) => askExchange(this.#address, each)));
    return told.map(({ statement }) => statement);
  }
}

/** Polls until it is so; fails with what was waited for, or with how the engine ended instead. */
export async function until(isSo: () => boolean, what: string, life?: Life): Promise<void> {
  const found: { end?: Ended } = {};
  void life?.engine.ended.then((end) => (found.end = end));
  const endAtMs = performance.now() + COMES_WITHIN_MS;
  while (!isSo()) {
    const { end } = found;
    const said = end === undefined ? '' : `: it ended with ${String(end.code)}, ${end.stderr}`;
    if (end !== undefined) throw new Error(`never ${what}${said}`);
    if (performance.now() > endAtMs) throw new NotReached(`never ${what}`);
    await pause(40);
  }
}

/** The market of the stage offers nothing any more, or the machine is too slow to take it. */
export class NotReached extends Error {}

export function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = pause(COMES_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new NotReached(`${what} does not come`);
  });
  return Promise.race([promise, late]);
}
