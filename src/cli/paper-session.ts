// One paper run from an open data folder to its summary: the parts that real and virtual time
// share. Whoever drives it gives it a clock, feeds and a journal, and waits for its end.
import type { Config } from '../config/index.ts';
import type { EngineStatus } from '../control/index.ts';
import type { Ms, Seq } from '../domain/index.ts';
import { toSeq } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import type { Clock, Feed } from '../ports/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { createRun, JournalFollower } from '../journal/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { livePanel } from '../operator/live-panel.ts';
import type { Log } from '../operator/log.ts';
import { summarise } from '../operator/run-summary.ts';
import type { EngineAssembly } from '../runtime/engine-assembly.ts';
import { LeaseLost } from '../runtime/order-gate.ts';
import type { Deployment } from './deployment.ts';
import { engineStatus } from './engine-status.ts';
import type { ExitName } from './exit-code.ts';
import { leftText } from './resumable-run.ts';
import type { ResumableRun } from './resumable-run.ts';
import { startRun } from './run-parts.ts';
import { RunAttachments } from './run-attachments.ts';
import { RunBroadcast } from './run-broadcast.ts';
import { RunRecorder } from './run-recorder.ts';
import { writeResult } from './run-result.ts';
import type { RunResult } from './run-result.ts';
import { runTroubles } from './run-troubles.ts';
import type { RunTroubles } from './run-troubles.ts';
import type { Screen } from './screen.ts';
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
  /** The run that goes on; a new one when left out. */
  readonly resumable: ResumableRun | undefined;
  /** Absent in virtual time, which nobody shares. */
  readonly deployment?: Deployment;
  readonly clock: Clock;
  readonly feeds: readonly Feed[];
  readonly openJournal: (folder: RunFolder, lastSeq: Seq | undefined) => Journal;
}

export class PaperSession {
  readonly folder: RunFolder;
  readonly ended: Promise<SessionEnd>;
  readonly #parts: SessionParts;
  readonly #recorder: RunRecorder;
  readonly #broadcast: RunBroadcast;
  readonly #journal: Journal;
  readonly #run: EngineAssembly;
  readonly #attachments: RunAttachments;
  readonly #troubles: RunTroubles;
  readonly startedAtMs: Ms;
  #end: ((end: SessionEnd) => void) | undefined;
  #hasEnded = false;
  #stopReason = 'stopped';
  readonly #toldFaults = new Set<string>();

  constructor(parts: SessionParts) {
    const { config, configHash, screen, feed, clock, feeds, resumable } = parts;
    const { seed, clock: kind } = config.run;
    const startedAtMs = resumable?.startedAtMs ?? clock.nowMs();
    const about = { engineVersion: VERSION, mode: 'paper', feed, seed, clock: kind, startedAtMs };
    this.folder =
      resumable?.folder ?? createRun(config.run.dataFolder, { ...about, configHash, config });
    // Engines with other data folders may write the same log.
    const log = parts.log.with({ runId: this.folder.runId });
    this.#parts = { ...parts, log };
    const journal = parts.openJournal(this.folder, resumable?.lastSeq);
    this.#journal = journal;
    this.#recorder = new RunRecorder({ folder: this.folder, log, screen, startedAtMs, journal });
    const { board, lease } = parts.deployment ?? {};
    const { runId } = this.folder;
    this.#broadcast = new RunBroadcast({ board, runId, history: this.#recorder.history });
    this.startedAtMs = startedAtMs;
    if (resumable !== undefined) {
      this.#recorder.readPast(
        new JournalFollower(this.folder, toSeq(1)).records(resumable.lastSeq),
      );
    }
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const { lastSeq, lastAtMs } = resumable ?? {};
    const told = { ...about, runDir: this.folder.path, configHash };
    if (resumable === undefined) log.info('run.started', told);
    else log.info('run.resumed', { ...told, lastSeq, lastAtMs });
    const options = {
      config,
      configHash,
      seed,
      feed,
      ...(resumable && { resumed: resumable.kernel }),
    };
    this.#troubles = runTroubles({ log, screen, clock, startedAtMs });
    let run: EngineAssembly | undefined;
    this.#run = run = startRun(options, {
      clock,
      feeds,
      journal: this.#journal,
      lease,
      onStep: (record) => {
        const kernel = run?.kernel ?? resumable?.kernel;
        this.#recorder.record(record, kernel);
        this.#broadcast.record(record);
      },
      onEnd: (end) => this.finish(this.#stopReason, end === 'unfinished' ? 'exposed' : 'success'),
      onFault: ({ label, venueId, atMs }) => {
        const text = `${label} (${venueId})`;
        if (!this.#toldFaults.has(text)) screen.event({ tone: 'bad', text }, atMs - startedAtMs);
        this.#toldFaults.add(text);
      },
      ...this.#troubles,
      onFailure: (error) => this.#fail(error),
    });
    this.#attachments = this.#attach(log, this.#run.kernel);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  #attach(log: Log, kernel: Kernel): RunAttachments {
    const { config, clock, screen } = this.#parts;
    return new RunAttachments({
      ...{ config, runId: this.folder.runId, journal: this.#journal, kernel, log, screen },
      ...{ clock, startedAtMs: this.startedAtMs },
      command: (command) => {
        if (command.type === 'operator.stop') this.askToStop(command.reason);
        else this.#run.command(command);
      },
      status: () => this.#status(),
    });
  }

  #status(): EngineStatus {
    const { config, feed, clock, deployment } = this.#parts;
    const { kernel, market } = this.#run;
    return engineStatus({
      ...{ runId: this.folder.runId, feed, seed: config.run.seed, startedAtMs: this.startedAtMs },
      ...{ kernel, market, history: this.#recorder.history, lease: deployment?.lease },
      atMs: clock.nowMs(),
    });
  }

  /** What the next start goes on with; virtual time has none. */
  get leftText(): string | undefined {
    if (this.#parts.config.run.clock === 'virtual') return undefined;
    return leftText(this.#run.kernel, this.folder.runId);
  }

  /** Asks the engine to end, in the way that the configuration wants. */
  askToStop(reason: string): void {
    this.#stopReason = reason;
    const type = this.#parts.config.run.onStop === 'unwind' ? 'operator.stop' : 'operator.leave';
    this.#run.command({ type, reason });
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
        startedAtMs: this.startedAtMs,
        atMs: clock.nowMs(),
        lostLines: this.#troubles.lostLines,
      }),
    );
  }

  /** To whoever watches from outside. */
  show(): void {
    this.#broadcast.show();
  }

  /** Lets go of everything and says what happened. */
  async close({ reason, exit }: SessionEnd): Promise<{ result: RunResult; exit: ExitName }> {
    const { log } = this.#parts;
    await this.#attachments.closeDoor();
    await this.#run.stop();
    const isKept = await this.#closeJournal();
    if (isKept) await this.#recorder.snapshot(this.#run.kernel);
    await this.#recorder.settled();
    await this.#attachments.closeStore();
    const summary = summarise(this.#recorder.history);
    const result = { ...summary, runDir: this.folder.path, exitReason: reason };
    log.info('run.ended', { ...result });
    if (isKept) this.#keepResult(result);
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

  /** It only saves a reader time: one that cannot be written is no reason to stop. */
  #keepResult(result: RunResult): void {
    try {
      writeResult(this.folder, { ...result, engineState: this.#run.kernel.engineState });
    } catch (error) {
      this.#parts.log.warn('result.failed', { cause: String(error) });
    }
  }

  #fail(error: Error): void {
    const { message, stack } = error;
    const cause = error.cause instanceof Error ? error.cause.message : '';
    const exit = error instanceof LeaseLost ? 'superseded' : 'unexpected';
    this.#parts.log.error('run.failed', { error: message, cause, stack });
    this.finish(message.includes(cause) ? message : `${message}: ${cause}`, exit);
  }
}
