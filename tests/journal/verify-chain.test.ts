// The chain of a run is checked offline: checksum, sequence, time and hash.
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { SyncJournal, verifyChain } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { newRun, recordHash, START_AT_MS, stepRecords } from './step-records.ts';

async function runOf(records: readonly StepRecord[], segmentBytesMax = 700): Promise<RunFolder> {
  const run = newRun();
  const journal = new SyncJournal(run, { segmentBytesMax, bufferCharsMax: 1 });
  for (const record of records) journal.append(record);
  await journal.close();
  return run;
}

describe('verifying a run', () => {
  test('a good run over several segments gives its count, times and head hash', async () => {
    const records = stepRecords(9);
    expect(verifyChain(await runOf(records), recordHash)).toEqual({
      records: 9,
      headHash: records.at(-1)?.hash,
      firstAtMs: START_AT_MS + 7,
      lastAtMs: START_AT_MS + 63,
      torn: undefined,
    });
  });

  test('an empty run has no records and the genesis hash', async () => {
    expect(verifyChain(await runOf([]), recordHash)).toMatchObject({
      records: 0,
      headHash: '0'.repeat(64),
      firstAtMs: undefined,
    });
  });

  test('a record that was changed under a fresh checksum breaks the chain there', async () => {
    const records = stepRecords(5).map((record) =>
      record.seq === 3 ? { ...record, effects: [] } : record,
    );
    const run = await runOf(records);
    expect(() => verifyChain(run, recordHash)).toThrow(/at byte \d+: record 3 carries hash/);
  });

  test('a record from the past is refused even with a good hash', async () => {
    const [first, second] = stepRecords(2);
    if (first === undefined || second === undefined) throw new Error('two records were made');
    const step = { ...second, atMs: toMs(first.atMs - 1) };
    const run = await runOf([first, { ...step, hash: recordHash(first.hash, step) }]);
    expect(() => verifyChain(run, recordHash)).toThrow(/record 2 is at \d+ ms, before \d+ ms/);
  });
});
