// Shows one run on the board while it goes on: each record as events, its state when it is time for
// one. Makes nothing when nobody watches.
import type { StepRecord } from '../domain/index.ts';
import { liveEvents, liveState } from '../operator/live-view.ts';
import type { RunHistory } from '../operator/run-history.ts';
import type { LiveBoard } from '../runtime/live-board.ts';

export interface RunBroadcastParts {
  readonly board: LiveBoard | undefined;
  readonly runId: string;
  readonly history: RunHistory;
}

export class RunBroadcast {
  readonly #parts: RunBroadcastParts;

  constructor(parts: RunBroadcastParts) {
    this.#parts = parts;
  }

  record(record: StepRecord): void {
    const { board } = this.#parts;
    if (board?.isWatched !== true) return;
    for (const event of liveEvents(record)) board.tell(event);
  }

  show(): void {
    const { board, runId, history } = this.#parts;
    if (board?.isWatched !== true) return;
    const state = liveState({ runId, history });
    if (state !== undefined) board.show(state);
  }
}
