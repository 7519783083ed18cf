// I6, of the two who count: after every step the risk-guard and the trades hold the same, leg by
// leg, each by its own count.
import type { Violation } from '../evidence.ts';
import { ActorView, isTrade } from './actor-view.ts';
import { exact, toText } from './exact.ts';
import { at, namesAt, textAt } from './json.ts';
import { heldBy, legsOf } from './corrections.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

export function checkTwoCounts({ records }: Run): readonly Violation[] {
  const view = new ActorView();
  return records.flatMap((record) => {
    const { chain, transitions } = record;
    view.follow(record);
    const moved = transitions.map(({ actor }) => `${chain}/${actor}`);
    const exposures = view.value(`${chain}/risk-guard`, 'exposures');
    const tradeIds = moved.some((actor) => actor.endsWith('/risk-guard'))
      ? namesAt(exposures)
      : moved.filter(isTrade).map((trade) => trade.slice(chain.length + 1));
    return [...new Set(tradeIds)]
      .filter((tradeId) => at(exposures, tradeId) !== undefined)
      .flatMap((tradeId) => {
        const trade = `${chain}/${tradeId}`;
        return legsOf(view, trade).flatMap(({ legId, instrumentId }) => {
          const own = heldBy(view.value(trade, 'legs'), legId).qty;
          const guarded = exact(textAt(exposures, tradeId, 'positions', instrumentId) || '0');
          if (own === guarded) return [];
          const text =
            `${trade} holds ${toText(own)} of ${instrumentId} by its own count, ` +
            `${toText(guarded)} by the risk-guard's`;
          return [{ invariant: 'I6', atMs: record.atMs, text, evidence: [shown(record)] }];
        });
      });
  });
}
