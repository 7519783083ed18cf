// I10: once positions contradict the engine's own fills, it enters nothing until an operator says
// so. A contradiction that is not one is as bad: it means that the engine miscounted.
import type { Violation } from '../evidence.ts';
import { ownersOf } from './holdings.ts';
import type { ReadRecord } from './journal-reading.ts';
import { raises, shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

const CONTRADICTIONS: readonly string[] = ['POSITION_MISMATCH', 'FOREIGN_FILL'];

export const checkFailStop = (run: Run): readonly Violation[] => [
  ...run.records.flatMap((record) => [...entriesAfter(run, record), ...falseAlarms(run, record)]),
  ...ownStrangers(run),
];

/** The alarm halts: only an operator lifts it. */
function entriesAfter({ records, placements }: Run, alarm: ReadRecord): readonly Violation[] {
  if (!raises(alarm, 'POSITION_MISMATCH')) return [];
  const resume = records.find(
    ({ chain, seq, inputType }) =>
      chain === alarm.chain && seq > alarm.seq && inputType === 'operator.resume',
  );
  return placements
    .filter(({ isEntry, record }) => isEntry && record.chain === alarm.chain)
    .filter(({ record }) => record.seq > alarm.seq && record.seq < (resume?.seq ?? Infinity))
    .map(({ clientOrderId, record }) => ({
      invariant: 'I10',
      atMs: record.atMs,
      text: `order ${clientOrderId} enters after positions contradicted the fills`,
      evidence: [shown(alarm), shown(record)],
    }));
}

/** With no stranger's trade at any venue, nothing can contradict for long. */
function falseAlarms({ evidence }: Run, record: ReadRecord): readonly Violation[] {
  const code = CONTRADICTIONS.find((name) => raises(record, name));
  const hasForeign = evidence.venues.some(({ executions }) =>
    executions.some(({ kind }) => kind !== 'own'),
  );
  if (code === undefined || hasForeign || evidence.faults.some(isLoss)) return [];
  const text = `${code} is raised and every position is of our own making`;
  return [{ invariant: 'I10', atMs: record.atMs, text, evidence: [shown(record)] }];
}

/** A fill of ours is never a stranger's, as long as the journal that knows it is whole. */
function ownStrangers(run: Run): readonly Violation[] {
  const { evidence, heardFills } = run;
  const lost = evidence.faults.filter(({ kind }) => kind === 'power-loss');
  const lostAtMs = Math.min(...lost.map(({ fromAtMs }) => fromAtMs));
  const owners = ownersOf(run);
  return heardFills
    .filter(({ record }) => record.atMs < lostAtMs)
    .filter(({ fillId, record }) => owners.has(fillId) && raises(record, 'FOREIGN_FILL'))
    .map(({ fillId, record }) => ({
      invariant: 'I10',
      atMs: record.atMs,
      text: `fill ${fillId} of ${owners.get(fillId) ?? '?'} is taken for a stranger's`,
      evidence: [shown(record)],
    }));
}

/** Fills that are held back for long contradict for as long. */
const isLoss = ({ kind }: { readonly kind: string }): boolean =>
  /fill-late|answer-lost|answer-late|ack-lost|line-down|kill|power-loss|stall|disk/.test(kind);
