// I3: what the engine heard and counted is what the venues did: every execution, payment and
// transfer with the venue's own figures, counted once, and at a quiet end the same positions.
import type { Execution, VenueEvidence, Violation } from '../evidence.ts';
import { finalView, isTrade } from './actor-view.ts';
import { exact, signed, sum, toText } from './exact.ts';
import { listAt, textAt } from './json.ts';
import { shown } from './journal-reading.ts';
import { transferFaults } from './heard-transfers.ts';
import { firstHeard, isQuietEnd, paymentKey, SETTLE_MS } from './run-reading.ts';
import type { HeardFill, Run } from './run-reading.ts';

export const checkConservation = (run: Run): readonly Violation[] => [
  ...inventedFills(run),
  ...paymentsCountedTwice(run),
  ...transferFaults(run),
  ...(isQuietEnd(run) ? [...unheardFills(run), ...unheardPayments(run), ...positions(run)] : []),
];

const fault = (atMs: number, text: string, evidence: readonly string[] = []): Violation => ({
  invariant: 'I3',
  atMs,
  text,
  evidence,
});

function inventedFills({ evidence, heardFills }: Run): readonly Violation[] {
  const executions = new Map(
    evidence.venues.flatMap((venue) => venue.executions.map((fill) => [fill.fillId, fill])),
  );
  return heardFills.flatMap((fill) => {
    const execution = executions.get(fill.fillId);
    const due = execution === undefined ? 'no such fill' : termsOf(execution);
    if (due === termsOf(fill)) return [];
    const text = `fill ${fill.fillId} is journaled as ${termsOf(fill)}; the venue has ${due}`;
    return [fault(fill.record.atMs, text, [shown(fill.record)])];
  });
}

/** The fee is money's to judge. */
const termsOf = (fill: Execution | HeardFill): string =>
  `${fill.side} ${fill.qty} ${fill.instrumentId} at ${fill.price} for ${fill.clientOrderId}`;

function unheardFills(run: Run): readonly Violation[] {
  const heard = firstHeard(run);
  return ownExecutions(run)
    .filter(({ filledAtMs }) => filledAtMs <= run.evidence.endedAtMs - SETTLE_MS)
    .filter(({ fillId }) => !heard.has(fillId))
    .map((fill) =>
      fault(fill.filledAtMs, `fill ${fill.fillId} (${termsOf(fill)}) was never heard of`, [
        JSON.stringify(fill),
      ]),
    );
}

const ownExecutions = ({ evidence }: Run): readonly Execution[] =>
  evidence.venues.flatMap(({ executions }) => executions.filter(({ kind }) => kind !== 'foreign'));

function unheardPayments({ evidence, records }: Run): readonly Violation[] {
  const heard = new Set(
    records
      .filter(({ inputType }) => inputType === 'funding.paid')
      .map(({ input }) => paymentKey(input)),
  );
  return evidence.venues.flatMap(({ venueId, fundings }) =>
    fundings
      .filter(({ paidAtMs }) => paidAtMs <= evidence.endedAtMs - SETTLE_MS)
      .filter(({ instrumentId, fundingAtMs }) => !heard.has(`${instrumentId} ${fundingAtMs}`))
      .map((payment) =>
        fault(
          payment.paidAtMs,
          `the funding of ${payment.amountUsd} that ${venueId} paid was never heard of`,
          [JSON.stringify(payment)],
        ),
      ),
  );
}

/** A trade's funding moves at most once for each payment. */
function paymentsCountedTwice({ records }: Run): readonly Violation[] {
  const counted = new Set<string>();
  return records
    .filter(({ inputType }) => inputType === 'funding.paid')
    .flatMap((record) => {
      const key = `${record.chain} ${paymentKey(record.input)}`;
      const booked = record.transitions.filter(
        ({ actor, changed }) => isTrade(`/${actor}`) && textAt(changed, 'fundingUsd') !== '',
      );
      if (booked.length === 0) return [];
      if (!counted.has(key)) {
        counted.add(key);
        return [];
      }
      return [
        fault(record.atMs, `funding ${paymentKey(record.input)} is counted again`, [shown(record)]),
      ];
    });
}

/** What the trades say they hold, per instrument, against what the venue says. */
function positions(run: Run): readonly Violation[] {
  const { evidence, records } = run;
  if (records.length === 0) return [];
  const view = finalView(records);
  const believed = new Map<string, bigint>();
  for (const trade of view.keys().filter(isTrade)) {
    const legs = view.value(trade, 'legs');
    for (const leg of listAt(view.value(trade, 'plan'), 'legs')) {
      const qty = exact(textAt(legs, textAt(leg, 'legId'), 'positionQty') || '0');
      const instrumentId = textAt(leg, 'instrumentId');
      believed.set(instrumentId, (believed.get(instrumentId) ?? 0n) + qty);
    }
  }
  return evidence.venues.flatMap((venue) =>
    instrumentsOf(venue, believed).flatMap((instrumentId) => {
      const held = believed.get(instrumentId) ?? 0n;
      const due = heldAt(venue, instrumentId);
      if (held === due) return [];
      const text =
        `the engine believes to hold ${toText(held)} of ${instrumentId}, ` +
        `the venue holds ${toText(due)} for it`;
      return [fault(evidence.endedAtMs, text)];
    }),
  );
}

/** A stranger's trades move the position and are not ours to know. */
export function heldAt(
  { positions: held, executions }: VenueEvidence,
  instrumentId: string,
): bigint {
  const qty = held.find((position) => position.instrumentId === instrumentId)?.qty ?? '0';
  const foreign = executions.filter(
    (fill) => fill.kind === 'foreign' && fill.instrumentId === instrumentId,
  );
  return exact(qty) - sum(foreign.map((fill) => signed(fill.side, fill.qty)));
}

const instrumentsOf = (
  venue: VenueEvidence,
  believed: ReadonlyMap<string, bigint>,
): readonly string[] => [
  ...new Set([
    ...venue.positions.map(({ instrumentId }) => instrumentId),
    ...[...believed.keys()].filter((instrumentId) => instrumentId.startsWith(`${venue.venueId}:`)),
  ]),
];
