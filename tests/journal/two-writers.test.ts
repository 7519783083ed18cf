// Two journals on one run, as two engines would be that both got past the lock: the second to write
// fails at once, and what the first wrote stays as it was.
import { describe, expect, test } from 'vitest';
import { FileJournal, SyncJournal, verifyChain } from '../../src/journal/index.ts';
import type { Journal } from '../../src/ports/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { newRun, readAll, recordHash, stepRecords } from './step-records.ts';

const records = stepRecords(6);
const kinds: readonly (readonly [string, (run: RunFolder) => Journal])[] = [
  ['in real time', (run) => new FileJournal(run, { lingerMs: 1 })],
  ['in virtual time', (run) => new SyncJournal(run, { bufferCharsMax: 1 })],
];

describe.each(kinds)('of a run %s', (_, open) => {
  test.each([0, 3])(
    'the second writer behind %d records fails, the first goes on',
    async (count) => {
      const run = newRun();
      const before = new SyncJournal(run);
      for (const record of records.slice(0, count)) before.append(record);
      await before.close();
      const [first, second] = [open(run), open(run)];
      const failures: string[] = [];
      second.onFailure((error) => failures.push(error.message));
      const next = records[count] ?? expect.fail('a record');
      first.append(next);
      await new Promise<void>((resolve) => first.whenDurable(next.seq, resolve));
      second.append(next);
      await expect(second.close()).rejects.toMatchObject({ code: 'journal.failed' });
      expect(failures).toEqual([expect.stringContaining('EEXIST')]);
      for (const record of records.slice(count + 1)) first.append(record);
      await first.close();
      expect(readAll(run).records).toEqual(records);
      expect(verifyChain(run, recordHash)).toMatchObject({ records: 6, torn: undefined });
    },
  );
});
