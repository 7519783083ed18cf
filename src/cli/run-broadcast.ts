// Shows one run on the board while it goes on: each record as events, its state when it is time for
// one. Makes nothing when nobody watches.
import type { StepRecord } from '../domain/index.ts';
import { liveEvents, liveState } from '../operator/live-view.ts';
import type { RunHistory } from '../operator/run-history.ts';
import type { LiveAlert } from '../ports/index.ts';
import type { LiveBoard } from '../runtime/live-board.ts';

export interface RunBroadcastParts {
  readonly board: LiveBoard | undefined;
  readonly runId: string;
  readonly history: RunHistory;
}

const SHELL_ALERTS_MAX = 10;

export class RunBroadcast {
  readonly #parts: RunBroadcastParts;
  readonly #shellAlerts: LiveAlert[] = [];

  constructor(parts: RunBroadcastParts) {
    this.#parts = parts;
  }

  record(record: StepRecord): void {
    const { board } = this.#parts;
    if (board?.isWatched !== true) return;
    for (const event of liveEvents(record)) board.tell(event);
  }

  alert(alert: LiveAlert): void {
    this.#shellAlerts.push(alert);
    if (this.#shellAlerts.length > SHELL_ALERTS_MAX) this.#shellAlerts.shift();
    this.#parts.board?.tell({ type: 'alert', ...alert });
  }

  show(): void {
    const { board, runId, history } = this.#parts;
    if (board?.isWatched !== true) return;
    const state = liveState({ runId, history, shellAlerts: this.#shellAlerts });
    if (state !== undefined) board.show(state);
  }
}
