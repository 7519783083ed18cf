// One paper run from an open data folder to its summary: the parts that real and virtual time
// share. Whoever drives it gives it a clock, feeds and a journal, and waits for its end.
import type { Config } from '../config/index.ts';
import type { Journal } from '../ports/index.ts';
import type { Clock, Feed } from '../ports/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { createRun } from '../journal/index.ts';
import { livePanel } from '../operator/live-panel.ts';
import type { Log } from '../operator/log.ts';
import { summarise } from '../operator/run-summary.ts';
import type { ExitName } from './exit-code.ts';
import type { Run } from './run-parts.ts';
import { startRun } from './run-parts.ts';
import { RunRecorder } from './run-recorder.ts';
import type { Screen } from './screen.ts';
import type { RunResult } from './summary-text.ts';
import { VERSION } from './version.ts';

export interface SessionEnd {
  readonly reason: string;
  readonly exit: ExitName;
}

export interface SessionParts {
  readonly config: Config;
  readonly configHash: string;
  readonly screen: Screen;
  readonly log: Log;
  readonly feed: 'live' | 'sandbox';
  readonly clock: Clock;
  readonly feeds: readonly Feed[];
  readonly openJournal: (folder: RunFolder) => Journal;
}

export class PaperSession {
  readonly folder: RunFolder;
  readonly ended: Promise<SessionEnd>;
  readonly #parts: SessionParts;
  readonly #recorder: RunRecorder;
  readonly #journal: Journal;
  readonly #run: Run;
  #end: ((end: SessionEnd) => void) | undefined;
  #hasEnded = false;
  #stopReason = 'stopped';
  readonly #toldFaults = new Set<string>();

  constructor(parts: SessionParts) {
    const { config, configHash, screen, feed, clock, feeds } = parts;
    const { seed } = config.run;
    const startedAtMs = clock.nowMs();
    const about = { engineVersion: VERSION, mode: 'paper', feed, seed, startedAtMs };
    this.folder = createRun(config.run.dataFolder, { ...about, configHash, config });
    // Engines with other data folders may write the same log.
    const log = parts.log.with({ runId: this.folder.runId });
    this.#parts = { ...parts, log };
    this.#recorder = new RunRecorder({ folder: this.folder, log, screen, startedAtMs });
    this.#journal = parts.openJournal(this.folder);
    this.ended = new Promise((resolve) => (this.#end = resolve));
    log.info('run.started', { ...about, runDir: this.folder.path, configHash });
    const options = { config, configHash, seed, feed };
    let run: Run | undefined;
    this.#run = run = startRun(options, {
      clock,
      feeds,
      journal: this.#journal,
      onStep: (record) => {
        this.#recorder.record(record, run?.kernel);
        if (['stopped', 'left'].includes(this.#recorder.history.engineState)) {
          this.finish(this.#stopReason, 'success');
        }
      },
      onFault: ({ label, venueId, atMs }) => {
        const text = `${label} (${venueId})`;
        if (!this.#toldFaults.has(text)) screen.event({ tone: 'bad', text }, atMs - startedAtMs);
        this.#toldFaults.add(text);
      },
      onStall: ({ stalledMs, resumedAtMs: atMs }) => {
        log.warn('process.stalled', { atMs, stalledMs });
        const text = `the process stood still for ${stalledMs} ms; entries wait for new books`;
        screen.event({ tone: 'bad', text }, atMs - startedAtMs);
      },
      onFailure: (error) => this.#fail(error),
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get startedAtMs(): number {
    return this.#run.startedAtMs;
  }

  /** Asks the engine to bring everything home and stop. */
  askToStop(reason: string): void {
    this.#stopReason = reason;
    this.#run.engine.accept({ type: 'operator.stop', reason });
  }

  /** Ends the session whatever the engine does. */
  finish(reason: string, exit: ExitName): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end?.({ reason, exit });
  }

  paint(): void {
    const { clock, screen } = this.#parts;
    screen.paint(
      livePanel({
        history: this.#recorder.history,
        market: this.#run.market,
        version: VERSION,
        startedAtMs: this.#run.startedAtMs,
        atMs: clock.nowMs(),
      }),
    );
  }

  /** Lets go of everything and says what happened. */
  async close({ reason, exit }: SessionEnd): Promise<{ result: RunResult; exit: ExitName }> {
    const { log } = this.#parts;
    await this.#run.stop();
    const isKept = await this.#closeJournal();
    if (isKept) this.#recorder.snapshot(this.#run.kernel);
    const summary = summarise(this.#recorder.history);
    const result = { ...summary, runDir: this.folder.path, exitReason: reason };
    log.info('run.ended', { ...result });
    const isExposed = summary.trades.open > 0 || summary.trades.exposed > 0;
    return { result, exit: exit === 'success' && isExposed ? 'exposed' : exit };
  }

  async #closeJournal(): Promise<boolean> {
    try {
      await this.#journal.close();
      return true;
    } catch (error) {
      this.#parts.log.error('journal.failed', { cause: String(error) });
      return false;
    }
  }

  #fail(error: Error): void {
    const { message, stack } = error;
    const cause = error.cause instanceof Error ? error.cause.message : '';
    this.#parts.log.error('run.failed', { error: message, cause, stack });
    this.finish(message.includes(cause) ? message : `${message}: ${cause}`, 'unexpected');
  }
}
