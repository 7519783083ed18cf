// What a run's snapshot proves: a restored kernel goes on exactly as the one that never stopped, and
// records that vanished whole from the end of the journal are missed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import { findRun, readJournal, writeSnapshot } from '../../src/journal/index.ts';
import { Kernel } from '../../src/kernel/index.ts';
import { KERNEL_SCHEMA_VERSION } from '../../src/cli/run-snapshot.ts';
import { changeLines, copyOf, recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, newFolder, run } from './started-program.ts';

let recorded: RecordedRun;
beforeAll(async () => {
  recorded = await recordRun();
});

/** Takes the snapshot that a run keeps at its end, and puts one from its middle in its place. */
async function withMiddleSnapshot(path: string, spoil: (hash: string) => string): Promise<number> {
  const folder = findRun('unused', path);
  const kernel = new Kernel();
  const records = [...readJournal(folder)].map(({ record }) => record);
  const half = Math.floor(records.length / 2);
  for (const record of records.slice(0, half)) kernel.step(record.input, record.atMs);
  const state = kernel.snapshot();
  const { atMs, hash } = state;
  const [last = ''] = readdirSync(path).filter((name) => name.startsWith('snapshot-'));
  writeFileSync(join(path, last), readFileSync(join(path, last)).subarray(1));
  const spoiled = { ...state, hash: spoil(hash) };
  await writeSnapshot(
    folder,
    { seq: toSeq(half), atMs, hash, state: spoiled },
    KERNEL_SCHEMA_VERSION,
  );
  return half;
}

describe('the snapshot of a run', () => {
  test('a kernel restored in the middle comes to the same hash', async () => {
    const path = copyOf(recorded);
    const seq = await withMiddleSnapshot(path, (hash) => hash);
    const replayed = await run(['replay', path, '--json'], { folder: newFolder() });
    expect(replayed.code).toBe(0);
    expect(lastJson(replayed)).toMatchObject({
      identical: true,
      restored: { seq, identical: true },
    });
  });

  test('a snapshot that is of another chain is found out', async () => {
    const path = copyOf(recorded);
    const seq = await withMiddleSnapshot(path, (hash) => hash.replace(/^./, 'x'));
    const replayed = await run(['replay', path], { folder: newFolder() });
    expect(replayed.code).toBe(8);
    expect(replayed.stdout).toContain(`DIVERGES from its snapshot at record ${seq}`);
  });

  test('records that vanished whole from the end are missed', async () => {
    const path = copyOf(recorded);
    changeLines(path, (lines) => [...lines.slice(0, -3), '']);
    const verified = await run(['verify', path], { folder: newFolder() });
    expect(verified.code).toBe(5);
    expect(verified.stderr).toMatch(/a snapshot stands at record (\d+), the journal ends at \d+/);
  });
});
