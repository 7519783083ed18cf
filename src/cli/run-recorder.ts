// What is kept of a run beside its journal while it goes on: the history for screen and summary,
// the log, and snapshots of the kernel now and then.
import type { StepRecord } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { writeSnapshot } from '../journal/index.ts';
import type { Log } from '../operator/log.ts';
import { RunHistory } from '../operator/run-history.ts';
import { linesOf } from '../operator/step-lines.ts';
import { profitOf, topState } from '../operator/trade-history.ts';
import { KERNEL_SCHEMA_VERSION } from './run-snapshot.ts';
import type { Screen } from './screen.ts';

const SNAPSHOT_EVERY = 10_000;

export class RunRecorder {
  readonly history = new RunHistory();
  readonly #folder: RunFolder;
  readonly #log: Log;
  readonly #screen: Screen;
  readonly #startedAtMs: number;

  constructor(parts: {
    readonly folder: RunFolder;
    readonly log: Log;
    readonly screen: Screen;
    readonly startedAtMs: number;
  }) {
    this.#folder = parts.folder;
    this.#log = parts.log;
    this.#screen = parts.screen;
    this.#startedAtMs = parts.startedAtMs;
  }

  record(record: StepRecord, kernel: Kernel | undefined): void {
    this.history.add(record);
    for (const line of linesOf(record, this.history)) {
      this.#screen.event(line, record.atMs - this.#startedAtMs);
    }
    this.#logRecord(record);
    if (kernel !== undefined && record.seq % SNAPSHOT_EVERY === 0) this.snapshot(kernel);
  }

  /** A snapshot only saves time: one that cannot be written is no reason to stop. */
  snapshot(kernel: Kernel): void {
    const state = kernel.snapshot();
    const { seq, atMs, hash } = state;
    if (seq === 0) return;
    try {
      writeSnapshot(this.#folder, { seq, atMs, hash, state }, KERNEL_SCHEMA_VERSION);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#log.warn('snapshot.failed', { seq, atMs, cause });
    }
  }

  #logRecord({ seq, atMs, transitions, effects, input }: StepRecord): void {
    for (const { actor, from, to, event } of transitions) {
      const trade = this.history.trades.find(({ tradeId }) => tradeId === actor);
      if (trade === undefined || topState(from) === topState(to)) continue;
      const fields = { seq, atMs, tradeId: actor, key: trade.plan.key, from, to, cause: event };
      const word = `trade.${topState(to).toLowerCase()}`;
      if (to === 'CLOSED') this.#log.info(word, { ...fields, ...profitOf(trade) });
      else this.#log.info(word, fields);
    }
    for (const effect of effects) {
      if (effect.type !== 'alert.raise') continue;
      const { severity, code, key, text } = effect;
      this.#log.warn('alert.raised', { seq, atMs, severity, code, key, text });
    }
    if (input.type === 'funding.paid') this.#log.info('funding.paid', { seq, ...input.payment });
    if (input.type.startsWith('stream.') || input.type.startsWith('operator.')) {
      this.#log.info(input.type, { seq, atMs, input });
    }
  }
}
