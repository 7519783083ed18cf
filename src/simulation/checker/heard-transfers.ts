// I3 and I18 of transfers: each is heard with the venue's own figures under its own name, none is
// made up, and at a quiet end none was missed. One that was made before the first report of its
// venue is in that report.
import type { TransferEvidence, Violation } from '../evidence.ts';
import { numberAt, textAt } from './json.ts';
import { shown } from './journal-reading.ts';
import { isQuietEnd, SETTLE_MS } from './run-reading.ts';
import type { Run } from './run-reading.ts';

export const transferFaults = (run: Run): readonly Violation[] => [
  ...wrong(run),
  ...(isQuietEnd(run) ? unheard(run) : []),
];

const keyOf = (venueId: string, transferId: string): string => `${venueId} ${transferId}`;

const termsOf = ({ kind, amountUsd, madeAtMs }: Omit<TransferEvidence, 'transferId'>): string =>
  `${kind} of ${amountUsd} at ${madeAtMs}`;

interface Heard {
  readonly key: string;
  readonly terms: string;
  readonly record: Run['records'][number];
}

const heardIn = ({ records }: Run): readonly Heard[] =>
  records
    .filter(({ inputType }) => inputType === 'transfer.made')
    .map((record) => {
      const { input } = record;
      const text = (name: string): string => textAt(input, 'transfer', name);
      const madeAtMs = numberAt(input, 'transfer', 'madeAtMs');
      const terms = `${text('kind')} of ${text('amountUsd')} at ${madeAtMs}`;
      return { key: keyOf(text('venueId'), text('transferId')), terms, record };
    });

function wrong(run: Run): readonly Violation[] {
  const made = new Map(
    run.evidence.venues.flatMap(({ venueId, transfers }) =>
      transfers.map((each) => [keyOf(venueId, each.transferId), termsOf(each)] as const),
    ),
  );
  return heardIn(run).flatMap(({ key, terms, record }) => {
    const due = made.get(key);
    if (due === terms) return [];
    const text = `transfer ${key} is journaled as ${terms}; the venue made ${due ?? 'none'}`;
    const invariant = due === undefined ? 'I3' : 'I18';
    return [{ invariant, atMs: record.atMs, text, evidence: [shown(record)] }];
  });
}

function unheard(run: Run): readonly Violation[] {
  const heard = new Set(heardIn(run).map(({ key }) => key));
  return run.evidence.venues.flatMap(({ venueId, transfers }) => {
    const opening = run.records.find(
      ({ inputType, input }) =>
        inputType === 'account.reported' && textAt(input, 'report', 'venueId') === venueId,
    );
    return transfers
      .filter(({ madeAtMs }) => madeAtMs > (opening?.atMs ?? Infinity))
      .filter(({ madeAtMs }) => madeAtMs <= run.evidence.endedAtMs - SETTLE_MS)
      .filter(({ transferId }) => !heard.has(keyOf(venueId, transferId)))
      .map((each) => ({
        invariant: 'I3',
        atMs: each.madeAtMs,
        text: `the ${termsOf(each)} at ${venueId} was never heard of`,
        evidence: [JSON.stringify(each)],
      }));
  });
}
