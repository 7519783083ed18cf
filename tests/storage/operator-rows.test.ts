// Whatever an operator says to an engine is a row of its own, in the words of the journal.
import { expect, test } from 'vitest';
import type { OperatorCommand, StepRecord } from '../../src/domain/index.ts';
import { readJournal } from '../../src/journal/index.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { newFolder } from '../cli/started-program.ts';
import { fillAnew } from './projected-run.ts';

const runId = '20261009T235915Z-seed7';
const path = new URL('../golden/0.1.0', import.meta.url).pathname;
const records = [...readJournal({ runId, path })].map(({ record }) => record);

const COMMANDS: readonly OperatorCommand[] = [
  { type: 'operator.halt', reason: 'look' },
  { type: 'operator.resume' },
  { type: 'operator.kill', reason: 'odd' },
  { type: 'operator.stop', reason: 'done' },
  { type: 'operator.leave', reason: 'SIGINT' },
];

test('every word of an operator is a row', { timeout: 60_000 }, async () => {
  const story: readonly StepRecord[] = records
    .slice(0, 1 + COMMANDS.length)
    .map((record, index) => {
      const input = COMMANDS[index - 1];
      return input === undefined ? record : { ...record, input, transitions: [], effects: [] };
    });
  const database = await openDatabase({ databaseUrl: undefined, dataPath: newFolder() });
  await fillAnew(database, {
    identity: { runId, engineVersion: '0.1.0', createdAtMs: 1 },
    records: story,
  });
  const rows = await database.query('select seq, action, reason from operator_actions order by 1');
  await database.close();
  expect(rows).toEqual([
    { seq: 2n, action: 'operator.halt', reason: 'look' },
    { seq: 3n, action: 'operator.resume', reason: null },
    { seq: 4n, action: 'operator.kill', reason: 'odd' },
    { seq: 5n, action: 'operator.stop', reason: 'done' },
    { seq: 6n, action: 'operator.leave', reason: 'SIGINT' },
  ]);
});
