// What is kept of a run beside its journal while it goes on: the history for screen and summary,
// the log, and snapshots of the kernel now and then.
import { setImmediate } from 'node:timers/promises';

import type { StepRecord } from '../domain/index.ts';
import type { Kernel, KernelSnapshot } from '../kernel/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { writeSnapshot } from '../journal/index.ts';
import type { Journal } from '../ports/index.ts';
import { AlertPace } from '../operator/alert-pace.ts';
import type { Log } from '../operator/log.ts';
import { RunHistory } from '../operator/run-history.ts';
import { linesOf } from '../operator/step-lines.ts';
import { profitOf, topState } from '../operator/trade-history.ts';
import { KERNEL_SCHEMA_VERSION } from './run-snapshot.ts';
import type { Screen } from './screen.ts';

/** So many records are stepped again in a tenth of a second. */
const SNAPSHOT_EVERY = 2_000;
/** Records of the past between two looks at the present: about ten milliseconds. */
const READ_AT_ONCE = 500;

export interface RecorderParts {
  readonly folder: RunFolder;
  readonly log: Log;
  readonly screen: Screen;
  readonly startedAtMs: number;
  readonly journal: Journal;
}

export class RunRecorder {
  readonly history = new RunHistory();
  readonly #parts: RecorderParts;
  readonly #pace = new AlertPace();
  /** Records of this process that wait until the past of their run has been read. */
  #waiting: StepRecord[] | undefined;
  #reading: Promise<void> = Promise.resolve();
  #keeping: Promise<void> | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Reads what was recorded before this process, while the engine is at work already. */
  readPast(records: Iterable<StepRecord>): void {
    this.#waiting = [];
    this.#reading = this.#read(records);
  }

  record(record: StepRecord, kernel: Kernel | undefined): void {
    this.#logRecord(record);
    if (this.#waiting === undefined) this.#follow(record);
    else this.#waiting.push(record);
    if (kernel === undefined || record.seq % SNAPSHOT_EVERY !== 0) return;
    // Taken now, written once its record is durable: a snapshot is never ahead of its journal.
    const state = kernel.snapshot();
    this.#parts.journal.whenDurable(record.seq, () => this.#keep(state));
  }

  /** Resolves when the history is whole. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async #read(records: Iterable<StepRecord>): Promise<void> {
    try {
      for (const record of records) {
        this.history.add(record);
        if (record.seq % READ_AT_ONCE === 0) await setImmediate();
      }
    } catch (error) {
      // The past is for people; the engine stands on its snapshot and goes on.
      const cause = error instanceof Error ? error.message : String(error);
      this.#parts.log.error('history.unreadable', { cause });
      this.#parts.screen.say(`!! what this run did before cannot be read: ${cause}`);
    }
    for (const record of this.#waiting ?? []) this.#follow(record);
    this.#waiting = undefined;
  }

  #follow(record: StepRecord): void {
    this.history.add(record);
    const { screen, startedAtMs } = this.#parts;
    const context = { history: this.history, pace: this.#pace, startedAtMs };
    for (const line of linesOf(record, context)) {
      screen.event(line, record.atMs - startedAtMs);
    }
    this.#logTrades(record);
  }

  /** The last one, of a run that ends. */
  async snapshot(kernel: Kernel): Promise<void> {
    await this.#keeping;
    if (kernel.head.seq > 0) this.#keep(kernel.snapshot());
    await this.#keeping;
  }

  /** One at a time: where the disk is slow, the next one serves as well. */
  #keep(state: KernelSnapshot): void {
    this.#keeping ??= this.#write(state).finally(() => (this.#keeping = undefined));
  }

  /** A snapshot only saves time: one that cannot be written is no reason to stop. */
  async #write(state: KernelSnapshot): Promise<void> {
    const { seq, atMs, hash } = state;
    const { folder, log } = this.#parts;
    try {
      await writeSnapshot(folder, { seq, atMs, hash, state }, KERNEL_SCHEMA_VERSION);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log.warn('snapshot.failed', { seq, atMs, cause });
    }
  }

  #logTrades({ seq, atMs, transitions }: StepRecord): void {
    const { log } = this.#parts;
    for (const { actor, from, to, event } of transitions) {
      const trade = this.history.trade(actor);
      if (trade === undefined || topState(from) === topState(to)) continue;
      const fields = { seq, atMs, tradeId: actor, key: trade.plan.key, from, to, cause: event };
      const word = `trade.${topState(to).toLowerCase()}`;
      if (to === 'CLOSED') log.info(word, { ...fields, ...profitOf(trade) });
      else log.info(word, fields);
    }
  }

  #logRecord({ seq, atMs, effects, input }: StepRecord): void {
    const { log } = this.#parts;
    for (const effect of effects) {
      if (effect.type !== 'alert.raise') continue;
      const { severity, code, key, text } = effect;
      log.warn('alert.raised', { seq, atMs, severity, code, key, text });
    }
    if (input.type === 'funding.paid') log.info('funding.paid', { seq, ...input.payment });
    if (input.type === 'transfer.made') log.info('transfer.made', { seq, ...input.transfer });
    if (/^(stream|operator)\./.test(input.type)) log.info(input.type, { seq, atMs, input });
  }
}
