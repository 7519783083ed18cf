// The journal of virtual time: written before an effect leaves, synced at the end.
import { describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import { SyncJournal } from '../../src/journal/index.ts';
import { newRun, readAll, stepRecords } from './step-records.ts';

const records = stepRecords(30);

describe('the journal of a run in virtual time', () => {
  test('it calls back before it returns, and the file holds the record by then', async () => {
    const run = newRun();
    const journal = new SyncJournal(run);
    for (const record of records.slice(0, 3)) journal.append(record);
    expect(readAll(run).records).toEqual([]);
    let found = -1;
    journal.whenDurable(toSeq(2), () => (found = readAll(run).records.length));
    expect(found).toBe(3);
    await journal.close();
  });

  test('it writes by itself when the buffer is full, and the rest when it closes', async () => {
    const run = newRun();
    const journal = new SyncJournal(run, { bufferCharsMax: 5_000 });
    for (const record of records) journal.append(record);
    const written = readAll(run).records.length;
    expect(written).toBeGreaterThan(5);
    expect(written).toBeLessThan(30);
    await journal.close();
    expect(readAll(run).records).toEqual(records);
  });
});
