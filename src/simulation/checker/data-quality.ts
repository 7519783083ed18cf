// I7: no trade is entered on prices that were stale, gapped, crossed or away in truth, whatever the
// engine's clock or its books said.
import type { BadDataWindow, Violation } from '../evidence.ts';
import { shown } from './journal-reading.ts';
import type { Placement, Run } from './run-reading.ts';

export const checkDataQuality = ({ evidence, placements }: Run): readonly Violation[] =>
  placements
    .filter(({ isEntry }) => isEntry)
    .flatMap((placed) => {
      const { watchEveryMs } = evidence.limits;
      const bad = evidence.badData.find(
        (window) =>
          window.instrumentId === placed.instrumentId &&
          isBadAt(window, placed.record.atMs, watchEveryMs),
      );
      return bad === undefined ? [] : [violation(placed, bad)];
    });

/** Silence is noticed at the next look; everything else in the moment that it arrives. */
const isBadAt = (window: BadDataWindow, atMs: number, watchEveryMs: number): boolean => {
  const fromAtMs = window.fromAtMs + (window.kind === 'stale' ? watchEveryMs : 0);
  return fromAtMs < atMs && atMs < window.toAtMs;
};

const violation = (placed: Placement, bad: BadDataWindow): Violation => ({
  invariant: 'I7',
  atMs: placed.record.atMs,
  text:
    `${placed.tradeKey} was entered at ${placed.record.atMs} on ${placed.instrumentId}, ` +
    `whose data was ${bad.kind} from ${bad.fromAtMs} to ${bad.toAtMs}`,
  evidence: [JSON.stringify(bad), shown(placed.record)],
});
