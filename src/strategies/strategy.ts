// What a strategy is to the rest of Trinity: two questions with answers in plain data. It sees the
// market, never an account, and never acts.
import type { Candidate, ExitSignal, HeldPosition, Ms } from '../domain/index.ts';
import type { InstrumentView, MarketView } from '../market/view.ts';

export interface Strategy {
  readonly name: string;
  /**
   * What the change of one instrument makes possible: taken with a plan, or refused by a named
   * gate. A key that `isTold` knows was answered a moment ago: it is left out before it is priced.
   */
  discover(
    market: MarketView,
    changed: InstrumentView,
    atMs: Ms,
    isTold: (key: string) => boolean,
  ): readonly Candidate[];
  /** A reason to leave now, or nothing. Asked on every change of a held instrument, and by time. */
  exit(market: MarketView, held: HeldPosition, atMs: Ms): ExitSignal | undefined;
}
