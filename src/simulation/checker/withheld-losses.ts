// For how long nobody can know of what a venue took away and told nobody of: until it says so at
// last, or until two reports of the account in a row have shown it. One may be older than a fill
// that is under way; for two there is no excuse.
import type { Execution, Window } from '../evidence.ts';
import { numberAt, textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { firstHeard } from './run-reading.ts';
import type { Run } from './run-reading.ts';

/** Clocks show whole milliseconds: what is closer than this was at the same time. */
const SAME_MS = 1;
const REPORTS_NEEDED = 2;

export function withheldLosses(run: Run, isOurs: (loss: Execution) => boolean): readonly Window[] {
  const heard = firstHeard(run);
  const { venues, faults } = run.evidence;
  const silences = faults.filter(({ kind }) => kind === 'loss-untold');
  return venues.flatMap(({ venueId, executions }) =>
    executions
      .filter((fill) => fill.kind === 'liquidation' && isOurs(fill))
      .flatMap((loss) => {
        const { fillId, filledAtMs: fromAtMs } = loss;
        const silence = silences.find(
          (each) =>
            each.venueId === venueId && each.fromAtMs <= fromAtMs && fromAtMs <= each.toAtMs,
        );
        if (silence === undefined) return [];
        const heardAtMs = heard.get(fillId)?.record.atMs ?? Infinity;
        const toAtMs = Math.min(heardAtMs, shownAtMs(run, venueId, loss));
        return [{ fromAtMs, toAtMs }];
      }),
  );
}

/** When the second report in a row that knows of it was heard, with no other fill in between. */
function shownAtMs(
  { records, heardFills }: Run,
  venueId: string,
  { instrumentId, filledAtMs }: Execution,
): number {
  const fillsAt = new Set(
    heardFills.filter((fill) => fill.instrumentId === instrumentId).map(({ record }) => record),
  );
  let newsAtMs = filledAtMs;
  let count = 0;
  for (const record of records) {
    if (record.atMs <= filledAtMs) continue;
    if (fillsAt.has(record)) {
      newsAtMs = record.atMs;
      count = 0;
    }
    if (!isReport(record, venueId) || askedAtMs(record) <= newsAtMs + SAME_MS) continue;
    count += 1;
    if (count === REPORTS_NEEDED) return record.atMs;
  }
  return Infinity;
}

const isReport = ({ inputType, input }: ReadRecord, venueId: string): boolean =>
  inputType === 'account.reported' && textAt(input, 'report', 'venueId') === venueId;

/** By the clock of the world. */
const askedAtMs = ({ input, atMs, engineAtMs }: ReadRecord): number =>
  numberAt(input, 'report', 'askedAtMs') + atMs - engineAtMs;
