// Real step records with a real hash chain for the journal's tests, and folders that are thrown
// away.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { GENESIS_HASH, toMs, toSeq, toVenueId } from '../../src/domain/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { createRun, readJournal } from '../../src/journal/index.ts';
import type { JournalEnd, RecordHash, RunFolder } from '../../src/journal/index.ts';

export const recordHash: RecordHash = (previousHash, step) => {
  const { seq, atMs, input, transitions, effects } = step;
  const text = `${previousHash}\n${JSON.stringify([seq, atMs, input, transitions, effects])}`;
  return createHash('sha256').update(text).digest('hex');
};

export const START_AT_MS = toMs(Date.UTC(2026, 10, 21, 12, 34, 56, 789));

/** The first `count` records of one history; the text holds what could upset a line format. */
export function stepRecords(count: number): readonly StepRecord[] {
  const records: StepRecord[] = [];
  let previousHash = GENESIS_HASH;
  for (let seq = 1; seq <= count; seq += 1) {
    const step: Omit<StepRecord, 'hash'> = {
      seq: toSeq(seq),
      atMs: toMs(START_AT_MS + seq * 7),
      input: {
        type: 'account.unavailable',
        venueId: toVenueId('okx'),
        cause: `attempt ${seq}\n„größer" \u2028 \u0000`,
      },
      transitions: [
        { actor: 'engine', from: 'running', event: 'x', to: 'running', changed: { misses: seq } },
      ],
      effects: [{ type: 'account.ask', venueId: toVenueId('okx') }],
    };
    const hash = recordHash(previousHash, step);
    records.push({ ...step, hash });
    previousHash = hash;
  }
  return records;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trinity-journal-'));
  folders.push(folder);
  return folder;
}

export function newRun(dataPath = temporaryFolder()): RunFolder {
  return createRun(dataPath, {
    engineVersion: '0.1.0',
    mode: 'paper',
    clock: 'real',
    feed: 'sandbox',
    seed: 7,
    startedAtMs: START_AT_MS,
    configHash: 'c0ffee',
    config: { engine: { openTradesMax: 5 } },
  });
}

export interface Reading {
  readonly records: readonly StepRecord[];
  readonly end: JournalEnd | undefined;
  readonly error: unknown;
}

/** Reads as far as the journal lets us. */
export function readAll(run: RunFolder): Reading {
  const records: StepRecord[] = [];
  const entries = readJournal(run);
  try {
    for (;;) {
      const step = entries.next();
      if (step.done === true) return { records, end: step.value, error: undefined };
      records.push(step.value.record);
    }
  } catch (error) {
    return { records, end: undefined, error };
  }
}
