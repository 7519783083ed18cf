// The newest good snapshot is found, and damaged ones are passed over with their cause.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toMs, toSeq } from '../../src/domain/index.ts';
import { newestSnapshot, writeSnapshot } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import { newRun } from './step-records.ts';

const limits = { schemaVersion: 4, lastSeq: toSeq(1_000) };
const snapshotAt = (seq: number): Parameters<typeof writeSnapshot>[1] => ({
  seq: toSeq(seq),
  atMs: toMs(1_000 + seq),
  hash: 'ab'.repeat(32),
  state: { timers: [{ actor: 't1', dueAtMs: 5 }], name: 'größer' },
});

const withSnapshots = async (...seqs: readonly number[]): Promise<RunFolder> => {
  const run = newRun();
  for (const seq of seqs) await writeSnapshot(run, snapshotAt(seq), limits.schemaVersion);
  return run;
};

describe('snapshots', () => {
  test('the newest comes back as it was written, and is plain JSON', async () => {
    const run = await withSnapshots(9, 100);
    expect(newestSnapshot(run, limits)).toEqual({ snapshot: snapshotAt(100), passedOver: [] });
    const text = readFileSync(`${run.path}/snapshot-000000000100.json`, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ snapshot: { seq: 100, schemaVersion: 4 } });
  });

  test('damaged or cut anywhere, the older one is taken and the newer one named', async () => {
    const run = await withSnapshots(9);
    const file = await writeSnapshot(run, snapshotAt(10), limits.schemaVersion);
    const whole = readFileSync(file);
    const damaged = [...whole.keys()].flatMap((position) => {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(position) ^ (1 << (position % 8)), position);
      return [flipped, whole.subarray(0, position)];
    });
    for (const bytes of damaged) {
      writeFileSync(file, bytes);
      const found = newestSnapshot(run, limits);
      expect(found.snapshot?.seq).toBe(9);
      expect(found.passedOver.map((each) => each.file)).toEqual([file]);
    }
  });

  test('one of another schema, or ahead of the journal, is passed over with its cause', async () => {
    const run = await withSnapshots(9, 10);
    expect(newestSnapshot(run, { ...limits, schemaVersion: 5 })).toMatchObject({
      snapshot: undefined,
      passedOver: [{ cause: 'schema version 4 is not 5' }, { cause: 'schema version 4 is not 5' }],
    });
    expect(newestSnapshot(run, { ...limits, lastSeq: toSeq(9) })).toMatchObject({
      snapshot: { seq: 9 },
      passedOver: [{ cause: 'stands at record 10, the journal ends at 9' }],
    });
  });

  test('what a process left half-written when it died goes with the next one', async () => {
    const run = await withSnapshots(9);
    writeFileSync(`${run.path}/snapshot-000000000010.json.1.draft`, '{"crc32":"');
    await writeSnapshot(run, snapshotAt(11), limits.schemaVersion);
    expect(readdirSync(run.path).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  test('three are kept, and nothing half-written is left behind', async () => {
    const run = await withSnapshots(1, 2, 3, 4, 5);
    expect(readdirSync(run.path).filter((name) => name !== 'run.json')).toEqual([
      'snapshot-000000000003.json',
      'snapshot-000000000004.json',
      'snapshot-000000000005.json',
    ]);
  });
});
