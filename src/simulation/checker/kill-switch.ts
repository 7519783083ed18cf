// I11: once a kill is accepted nothing that increases risk is on the wire 50 ms later, not after a
// restart either, until an operator resumes. A halt and a stop promise the same for new trades, and
// so does a leave until the next start.
import type { SentMessage, Violation } from '../evidence.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

const SILENT_AFTER_MS = 50;
/** Whoever starts a run again that was being ended wants it to run. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  'operator.kill': ['operator.resume'],
  'operator.halt': ['operator.resume'],
  'operator.stop': ['operator.resume', 'run.resumed'],
  'operator.leave': ['run.resumed'],
};

interface Engaged {
  readonly record: ReadRecord;
  readonly untilAtMs: number;
}

export function checkKillSwitch(run: Run): readonly Violation[] {
  return engagements(run).flatMap((engaged) => [
    ...ordersDespite(run, engaged),
    ...forgotten(run, engaged),
  ]);
}

function engagements({ records, evidence }: Run): readonly Engaged[] {
  return records
    .filter(({ inputType }) => inputType in ENDS)
    .map((record) => {
      const { chain, seq, inputType } = record;
      const end = records.find(
        (later) =>
          later.chain === chain && later.seq > seq && ENDS[inputType]?.includes(later.inputType),
      );
      return { record, untilAtMs: end?.atMs ?? evidence.endedAtMs };
    });
}

const ordersDespite = (run: Run, { record, untilAtMs }: Engaged): readonly Violation[] =>
  run.evidence.sent
    .filter((message) => increasesRisk(run, message, record))
    .filter(({ atMs }) => atMs > record.atMs + SILENT_AFTER_MS && atMs < untilAtMs)
    .map((message) => ({
      invariant: 'I11',
      atMs: message.atMs,
      text:
        `order ${message.clientOrderId} left ${message.atMs - record.atMs} ms after ` +
        `${record.inputType} was accepted`,
      evidence: [JSON.stringify(message), shown(record)],
    }));

/** A kill stops every order that could add; after a halt or stop an open trade goes on. */
function increasesRisk(run: Run, message: SentMessage, { inputType }: ReadRecord): boolean {
  if (message.kind !== 'place' || message.reduceOnly) return false;
  return inputType === 'operator.kill'
    ? true
    : run.placementOf.get(message.clientOrderId)?.isEntry === true;
}

/** The engine does not run again on its own. */
const forgotten = ({ records }: Run, { record, untilAtMs }: Engaged): readonly Violation[] =>
  records
    .filter(({ chain, seq }) => chain === record.chain && seq > record.seq)
    .filter(({ atMs }) => atMs < untilAtMs)
    .filter(({ transitions }) =>
      transitions.some(
        ({ actor, from, to }) => actor === 'engine' && to === 'running' && from !== to,
      ),
    )
    .slice(0, 1)
    .map((later) => ({
      invariant: 'I11',
      atMs: later.atMs,
      text: `the engine runs again after ${record.inputType}, and no operator resumed it`,
      evidence: [shown(record), shown(later)],
    }));
