// I6, of positions that a trade took over from its venue: the step that does so ends with exactly
// what the venue reported, over all trades; and what it holds beyond its fills since then shrinks
// only by fills that are heard, never by more than they are.
import type { Violation } from '../evidence.ts';
import { ActorView, isTrade } from './actor-view.ts';
import { exact, signed, size, sum, toText } from './exact.ts';
import { listAt, textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import { firstHeard } from './run-reading.ts';
import type { Run } from './run-reading.ts';

/** A change of what a leg holds beyond its counted fills, signed. */
export interface CorrectionChange {
  readonly record: ReadRecord;
  readonly tradeKey: string;
  readonly instrumentId: string;
  readonly byQty: bigint;
}

/** What a leg holds, and how much of that none of its counted fills made, both signed. */
export function heldBy(
  legs: unknown,
  legId: string,
): { readonly qty: bigint; readonly unexplained: bigint } {
  return {
    qty: exact(textAt(legs, legId, 'positionQty') || '0'),
    unexplained: exact(textAt(legs, legId, 'correction', 'unexplainedQty') || '0'),
  };
}

/** Every such change, in the order of the journal, with what all trades hold there after it. */
function* changes(run: Run): Iterable<CorrectionChange & { readonly heldQty: bigint }> {
  const view = new ActorView();
  for (const record of run.records) {
    const trades = [...new Set(record.transitions.map(({ actor }) => `${record.chain}/${actor}`))];
    const before = new Map(
      trades.filter(isTrade).map((trade) => [trade, view.value(trade, 'legs')] as const),
    );
    view.follow(record);
    for (const [tradeKey, legsBefore] of before) {
      const legs = view.value(tradeKey, 'legs');
      for (const { legId, instrumentId } of legsOf(view, tradeKey)) {
        const byQty = heldBy(legs, legId).unexplained - heldBy(legsBefore, legId).unexplained;
        if (byQty === 0n) continue;
        const heldQty = heldOver(view, record.chain, instrumentId);
        yield { record, tradeKey, instrumentId, byQty, heldQty };
      }
    }
  }
}

/** What moved positions besides fills, as the trades say or would have said. */
export const correctionChanges = (
  run: Run,
  owners: ReadonlyMap<string, string>,
): readonly CorrectionChange[] => [...changes(run), ...explainedLater(run, owners)];

/**
 * A fill that a trade had in a correction and that is heard once it was let go: by then nobody is
 * there to say that it is explained. In the form of the changes that the trade would have made.
 */
function explainedLater(
  run: Run,
  owners: ReadonlyMap<string, string>,
): readonly CorrectionChange[] {
  const left = new Map<string, bigint>();
  const keyOf = (tradeKey: string, instrumentId: string): string => `${tradeKey} ${instrumentId}`;
  for (const { tradeKey, instrumentId, byQty } of changes(run)) {
    const key = keyOf(tradeKey, instrumentId);
    left.set(key, (left.get(key) ?? 0n) + byQty);
  }
  const letGoAtMs = new Map<string, number>(
    run.records.flatMap(({ chain, atMs, transitions }) =>
      transitions
        .filter(({ event }) => event === 'timer.late')
        .map(({ actor }) => [`${chain}/${actor}`, atMs] as const),
    ),
  );
  return [...firstHeard(run).values()].flatMap(({ fillId, record, instrumentId, side, qty }) => {
    const tradeKey = owners.get(fillId);
    if (tradeKey === undefined || record.atMs <= (letGoAtMs.get(tradeKey) ?? Infinity)) return [];
    const key = keyOf(tradeKey, instrumentId);
    const unexplained = left.get(key) ?? 0n;
    const moved = signed(side, qty);
    if (unexplained === 0n || unexplained > 0n !== moved > 0n) return [];
    const byQty = size(moved) < size(unexplained) ? -moved : -unexplained;
    left.set(key, unexplained + byQty);
    return [{ record, tradeKey, instrumentId, byQty }];
  });
}

export interface NamedLeg {
  readonly legId: string;
  readonly instrumentId: string;
}

export const legsOf = (view: ActorView, trade: string): readonly NamedLeg[] =>
  listAt(view.value(trade, 'plan'), 'legs').map((leg) => ({
    legId: textAt(leg, 'legId'),
    instrumentId: textAt(leg, 'instrumentId'),
  }));

/** What the trades of a run say that they hold of an instrument. */
const heldOver = (view: ActorView, chain: string, instrumentId: string): bigint =>
  sum(
    view
      .keys()
      .filter((actor) => isTrade(actor) && actor.startsWith(`${chain}/`))
      .flatMap((trade) =>
        legsOf(view, trade)
          .filter((leg) => leg.instrumentId === instrumentId)
          .map(({ legId }) => heldBy(view.value(trade, 'legs'), legId).qty),
      ),
  );

export const checkCorrections = (run: Run): readonly Violation[] =>
  [...changes(run)].flatMap(({ record, tradeKey, instrumentId, byQty, heldQty }) => {
    const what = `what ${tradeKey} holds of ${instrumentId} beyond its fills`;
    if (record.inputType === 'account.reported') {
      const due = reportedQty(record, instrumentId);
      if (heldQty === due) return [];
      const sums = `the trades hold ${toText(heldQty)}, the venue reported ${toText(due)}`;
      return [fault(record, `${what} changed by ${toText(byQty)}: ${sums}`)];
    }
    const heard = sum(
      run.heardFills
        .filter((fill) => fill.record === record && fill.instrumentId === instrumentId)
        .map((fill) => signed(fill.side, fill.qty)),
    );
    const isExplained = heard > 0n === byQty < 0n && size(byQty) <= size(heard);
    if (isExplained) return [];
    return [fault(record, `${what} changed by ${toText(byQty)}; heard was ${toText(heard)}`)];
  });

const reportedQty = ({ input }: ReadRecord, instrumentId: string): bigint =>
  sum(
    listAt(input, 'report', 'positions')
      .filter((position) => textAt(position, 'instrumentId') === instrumentId)
      .map((position) => exact(textAt(position, 'qty'))),
  );

const fault = (record: ReadRecord, text: string): Violation => ({
  invariant: 'I6',
  atMs: record.atMs,
  text,
  evidence: [shown(record)],
});
