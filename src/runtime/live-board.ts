// Where a running engine shows itself within its process: the newest state and what happens, told
// to everybody who watches. Redis is one watcher of it, a page would be another.
import type { LiveEvent, LiveState, LiveWatcher } from '../ports/index.ts';

export class LiveBoard {
  readonly #watchers = new Set<LiveWatcher>();
  #state: LiveState | undefined;

  /** Hears the newest state at once, when there is one; the call that comes back ends it. */
  watch(watcher: LiveWatcher): () => void {
    this.#watchers.add(watcher);
    if (this.#state !== undefined) watcher.state(this.#state);
    return () => void this.#watchers.delete(watcher);
  }

  /** Nobody needs to make what nobody sees. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  show(state: LiveState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher.state(state);
  }

  tell(event: LiveEvent): void {
    for (const watcher of this.#watchers) watcher.event(event);
  }
}
