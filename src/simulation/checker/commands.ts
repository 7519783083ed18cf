// I16: each word of an operator is journaled once, and nothing is journaled that no operator said.
import type { CommandEvidence, Violation } from '../evidence.ts';
import { textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

export function checkCommands({ evidence, records }: Run): readonly Violation[] {
  const journaled = records.filter(({ inputType }) => inputType.startsWith('operator.'));
  const waiting = [...journaled];
  const missing: Violation[] = [];
  for (const command of evidence.commands) {
    const index = waiting.findIndex((record) => isOf(command, record));
    if (index >= 0) waiting.splice(index, 1);
    else if (!diedWith(command, evidence.lives)) missing.push(unheard(command));
  }
  return [...missing, ...waiting.map((record) => unsaid(record, evidence.commands))];
}

const isOf = (command: CommandEvidence, record: ReadRecord): boolean =>
  record.inputType === command.type &&
  record.life === command.life &&
  record.atMs >= command.atMs &&
  textAt(record.input, 'reason') === command.reason;

/** What a life had not made safe when it died is lost with it; the operator is not told "done". */
const diedWith = ({ life }: CommandEvidence, lives: Run['evidence']['lives']): boolean =>
  lives.some((each) => each.life === life && each.endedAtMs !== null);

const unheard = (command: CommandEvidence): Violation => ({
  invariant: 'I16',
  atMs: command.atMs,
  text: `${command.type} (${command.reason}) was given and is not in the journal`,
  evidence: [JSON.stringify(command)],
});

function unsaid(record: ReadRecord, commands: readonly CommandEvidence[]): Violation {
  const isRepeated = commands.some((command) => isOf(command, record));
  const what = isRepeated ? 'once more than it was given' : 'and no operator said so';
  const text = `${record.inputType} is journaled ${what}`;
  return { invariant: 'I16', atMs: record.atMs, text, evidence: [shown(record)] };
}
