// What the door of a running engine is good for: commands of the operator, the database, and a
// journal that is written up to now. A command becomes an input like any other, and is answered
// when it is on disk.
import type { ControlRequest, EngineStatus, Outcome, Standing } from '../control/index.ts';
import type { OperatorCommand, Seq } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { Journal } from '../ports/index.ts';
import type { ThreadedStore } from './threaded-store.ts';

export interface ControlDeskParts {
  readonly runId: string;
  readonly journal: Journal;
  readonly store: ThreadedStore | undefined;
  /** Gives it to the machines at once; a stop ends the run as Ctrl-C does. */
  readonly command: (command: OperatorCommand) => void;
  readonly kernel: Kernel;
  readonly status: () => EngineStatus;
}

export class ControlDesk {
  readonly #parts: ControlDeskParts;

  constructor(parts: ControlDeskParts) {
    this.#parts = parts;
  }

  attend(request: ControlRequest, say: (text: string) => void): Promise<Outcome> {
    switch (request.type) {
      case 'operator.halt':
      case 'operator.kill':
      case 'operator.stop':
        return this.#command({ type: request.type, reason: request.reason });
      case 'operator.resume':
        return this.#command({ type: request.type });
      case 'journal.flush':
        return this.#flushed();
      case 'engine.status':
        return Promise.resolve({ type: 'done', result: this.#parts.status() });
      case 'database.ask':
        return this.#askDatabase(request.word, say);
    }
  }

  async #command(command: OperatorCommand): Promise<Outcome> {
    const { kernel } = this.#parts;
    const before = kernel.head.seq;
    this.#parts.command(command);
    if (kernel.head.seq === before) return refused('control.ending', 'the run is ending');
    const standing = this.#standing();
    await this.#durable(standing.seq);
    return { type: 'done', result: standing };
  }

  async #flushed(): Promise<Outcome> {
    const standing = this.#standing();
    await this.#durable(standing.seq);
    return { type: 'done', result: standing };
  }

  async #askDatabase(
    word: 'migrate' | 'rebuild' | 'status',
    say: (text: string) => void,
  ): Promise<Outcome> {
    const { store } = this.#parts;
    if (store === undefined) {
      const text =
        'this run keeps no database (storage.isEnabled is false, or its time is virtual); ' +
        'stop it first';
      return refused('storage.disabled', text);
    }
    const answer = await store.ask(word, say);
    if (answer.type === 'report') return { type: 'done', result: answer.report };
    return refused(answer.refusal.code, answer.refusal.text);
  }

  #standing(): Standing & { readonly seq: Seq } {
    const { runId, kernel } = this.#parts;
    const { engineState: state, head } = kernel;
    const openTrades = kernel.openTrades().length + kernel.movingTrades().length;
    return { runId, pid: process.pid, state, openTrades, seq: head.seq };
  }

  #durable(seq: Seq): Promise<void> {
    return new Promise((resolve) => {
      if (seq === 0) resolve();
      else this.#parts.journal.whenDurable(seq, resolve);
    });
  }
}

const refused = (code: string, text: string): Outcome => ({ type: 'refused', code, text });
