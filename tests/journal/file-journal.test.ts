// The durable journal: order, grouped syncs, and the end of all trust after a failed one.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import { FileJournal, SyncJournal, verifyChain } from '../../src/journal/index.ts';
import { listSegments, segmentPath } from '../../src/journal/segment.ts';
import { limitedDisk } from './limited-disk.ts';
import { newRun, readAll, recordHash, stepRecords } from './step-records.ts';

const records = stepRecords(40);

const durable = (journal: FileJournal, seq: number): Promise<void> =>
  new Promise((resolve) => journal.whenDurable(toSeq(seq), resolve));

describe('the journal of a run in real time', () => {
  test('records appended together share a sync, and those behind it the next', async () => {
    const gates: (() => void)[] = [];
    const disk = limitedDisk({ syncGate: () => new Promise((open) => gates.push(open)) });
    const run = newRun();
    const journal = new FileJournal(run, { createSegment: disk.create });
    const heard: number[] = [];
    const append = (from: number, to: number): void => {
      for (const record of records.slice(from - 1, to)) {
        journal.append(record);
        journal.whenDurable(record.seq, () => heard.push(record.seq));
      }
    };
    append(1, 10);
    await expect.poll(() => gates.length).toBe(1);
    append(11, 40);
    expect(heard).toEqual([]);
    gates[0]?.();
    await expect.poll(() => gates.length).toBe(2);
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    gates[1]?.();
    await journal.close();
    expect(heard).toEqual(records.map((record) => record.seq));
    expect(disk.syncs()).toBe(2);
    expect(readAll(run).records).toEqual(records);
  });

  test('a callback hears of a record only when the file holds it', async () => {
    const run = newRun();
    const journal = new FileJournal(run);
    for (const record of records.slice(0, 5)) {
      journal.append(record);
      await durable(journal, record.seq);
      expect(readAll(run).end?.lastSeq).toBe(record.seq);
    }
    await journal.close();
  });

  test('callbacks come in order of calls, also for a record that is already durable', async () => {
    const journal = new FileJournal(newRun());
    for (const record of records.slice(0, 2)) journal.append(record);
    await durable(journal, 2);
    journal.append(records[2] ?? expect.fail('three records'));
    const heard: string[] = [];
    journal.whenDurable(toSeq(3), () => heard.push('third'));
    journal.whenDurable(toSeq(1), () => heard.push('first'));
    await journal.close();
    expect(heard).toEqual(['third', 'first']);
  });

  test('records that nobody waits for reach the disk after a short while', async () => {
    const run = newRun();
    const journal = new FileJournal(run, { lingerMs: 5 });
    journal.append(records[0] ?? expect.fail('a record'));
    await expect.poll(() => readAll(run).records.length).toBe(1);
    await journal.close();
  });

  test('segments rotate by size and read as one chain, also after a restart', async () => {
    const run = newRun();
    for (const [from, to] of [
      [0, 25],
      [25, 40],
    ]) {
      const journal = new FileJournal(run, { segmentBytesMax: 2_000 });
      for (const record of records.slice(from, to)) {
        journal.append(record);
        await durable(journal, record.seq);
      }
      await journal.close();
    }
    expect(listSegments(run.path).length).toBeGreaterThan(5);
    expect(verifyChain(run, recordHash)).toMatchObject({ records: 40, torn: undefined });
  });

  test('a record out of order, or a wait for one that was never appended, is refused', async () => {
    const journal = new FileJournal(newRun());
    expect(() => journal.append(records[1] ?? expect.fail('a record'))).toThrow(
      'record 2 cannot follow record 0',
    );
    expect(() => journal.whenDurable(toSeq(1), () => {})).toThrow('record 1 was never appended');
    await journal.close();
  });
});

describe('a disk that fails', () => {
  test('full at any byte, it is told once, nothing unwritten is called durable', async () => {
    const run = newRun();
    const whole = new SyncJournal(run);
    for (const record of records.slice(0, 3)) whole.append(record);
    await whole.close();
    const bytesTotal = readFileSync(segmentPath(run.path, 1)).length;
    for (let bytesMax = 0; bytesMax < bytesTotal; bytesMax += 13) {
      const full = newRun();
      const disk = limitedDisk({ bytesMax });
      const journal = new FileJournal(full, { createSegment: disk.create });
      const failures: Error[] = [];
      const heard: number[] = [];
      journal.onFailure((error) => failures.push(error));
      for (const record of records.slice(0, 3)) {
        if (failures.length > 0) break;
        journal.append(record);
        journal.whenDurable(record.seq, () => heard.push(record.seq));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await expect(journal.close()).rejects.toThrow('ENOSPC');
      expect(failures).toHaveLength(1);
      expect(() => journal.append(records[3] ?? expect.fail('a record'))).toThrow('ENOSPC');
      const { records: found, error } = readAll(full);
      expect(error).toBeUndefined();
      expect(found).toEqual(records.slice(0, found.length));
      expect(heard).toEqual(found.slice(0, heard.length).map((record) => record.seq));
    }
  });

  test('after a failed sync nothing is called durable and no other is asked for', async () => {
    const disk = limitedDisk({ failingSync: 2 });
    const journal = new FileJournal(newRun(), { createSegment: disk.create });
    const failures: string[] = [];
    const heard: number[] = [];
    journal.onFailure((error) => failures.push(error.message));
    for (const record of records.slice(0, 2)) {
      journal.append(record);
      journal.whenDurable(record.seq, () => heard.push(record.seq));
      await expect.poll(() => heard.length + failures.length).toBe(record.seq);
    }
    expect(() => journal.append(records[2] ?? expect.fail('a record'))).toThrow('EIO');
    await expect(journal.close()).rejects.toThrow('EIO');
    expect(heard).toEqual([1]);
    expect(failures).toEqual([expect.stringContaining('segment-000001.journal: EIO')]);
    expect(disk.syncs()).toBe(2);
  });

  test('a disk that hangs fails the journal before memory does', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const disk = limitedDisk({ syncGate: () => gate });
    const journal = new FileJournal(newRun(), {
      createSegment: disk.create,
      pendingCharsMax: 2_000,
    });
    const heard: number[] = [];
    journal.append(records[0] ?? expect.fail('a record'));
    journal.whenDurable(toSeq(1), () => heard.push(1));
    await expect.poll(() => disk.syncs()).toBe(1);
    expect(() => {
      for (const record of records.slice(1)) journal.append(record);
    }).toThrow(/characters wait for the disk, limit 2000/);
    open();
    await expect(journal.close()).rejects.toThrow('wait for the disk');
    expect(heard).toEqual([]);
  });
});
