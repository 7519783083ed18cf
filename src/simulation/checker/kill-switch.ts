// I11: once a kill is accepted nothing that increases risk is on the wire 50 ms later, not after a
// restart either, until an operator resumes. A halt and a stop promise the same for new trades.
import type { SentMessage, Violation } from '../evidence.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

const SILENT_AFTER_MS = 50;
const ENGAGES: readonly string[] = ['operator.kill', 'operator.halt', 'operator.stop'];

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
    .filter(({ inputType }) => ENGAGES.includes(inputType))
    .map((record) => {
      const resume = records.find(
        (later) =>
          later.chain === record.chain &&
          later.seq > record.seq &&
          later.inputType === 'operator.resume',
      );
      return { record, untilAtMs: resume?.atMs ?? evidence.endedAtMs };
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
