// What the actors of the engine were, as their transitions tell it: the newest state and the newest
// value of each part of their memory. Followed record by record, never asked of the engine.
import type { ReadRecord } from './journal-reading.ts';
import { at, namesAt } from './json.ts';

interface SeenActor {
  state: string;
  readonly values: Map<string, unknown>;
}

const NOBODY = '-';
const TRADE = /\/t\d+$/;
const LEG = /\/t\d+\.[a-z]$/;

export const isTrade = (actor: string): boolean => TRADE.test(actor);
export const isLeg = (actor: string): boolean => LEG.test(actor);
export const tradeOfLeg = (actor: string): string => actor.slice(0, actor.lastIndexOf('.'));

export class ActorView {
  readonly #actors = new Map<string, SeenActor>();

  follow({ chain, transitions }: ReadRecord): void {
    for (const { actor, from, to, changed } of transitions) {
      // Said to nobody: it changed nothing.
      if (from === NOBODY && to === NOBODY) continue;
      const key = `${chain}/${actor}`;
      const seen = this.#actors.get(key) ?? { state: NOBODY, values: new Map<string, unknown>() };
      seen.state = to;
      for (const name of namesAt(changed)) seen.values.set(name, at(changed, name));
      this.#actors.set(key, seen);
    }
  }

  keys(): readonly string[] {
    return [...this.#actors.keys()];
  }

  /** `-` for one that was never seen. */
  state(actor: string): string {
    return this.#actors.get(actor)?.state ?? NOBODY;
  }

  value(actor: string, name: string): unknown {
    return this.#actors.get(actor)?.values.get(name);
  }
}

export function finalView(records: readonly ReadRecord[]): ActorView {
  const view = new ActorView();
  for (const record of records) view.follow(record);
  return view;
}
