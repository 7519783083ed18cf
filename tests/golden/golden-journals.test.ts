// Journals of earlier days against the machines of today: each is whole, and replays to the hash
// that was pinned when it was recorded. What a change of a machine means for them stands in
// README.md beside this file.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { recordHash, replay } from '../../src/kernel/index.ts';
import { readJournal, readRunAbout, verifyChain } from '../../src/journal/index.ts';
import type { RunFolder } from '../../src/journal/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';

/** By version of the program that recorded it. */
const GOLDEN = [
  {
    version: '0.1.0',
    records: 314,
    transitions: 745,
    headHash: '08d6a4b4cb5660e1e45de05bf48f532804660012bf81ed920796002c53ac8583',
  },
] as const;

const here = import.meta.dirname;
const runOf = (version: string): RunFolder => {
  const path = join(here, version);
  return { runId: readRunAbout(path).runId, path };
};
const recordsOf = (run: RunFolder): readonly StepRecord[] =>
  [...readJournal(run)].map(({ record }) => record);

test('each folder here is pinned, and each pinned one is here', () => {
  const folders = readdirSync(here, { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(GOLDEN.map(({ version }) => version));
});

describe.each(GOLDEN)('the journal of $version', ({ version, records, transitions, headHash }) => {
  const run = runOf(version);

  test('was recorded by that version and is whole', () => {
    expect(readRunAbout(run.path).engineVersion).toBe(version);
    expect(verifyChain(run, recordHash)).toMatchObject({ records, headHash, torn: undefined });
  });

  test('replays to the same transitions, effects and hash', () => {
    const result = replay(recordsOf(run));
    expect(result).toEqual({ inputs: records, transitions, headHash, divergence: undefined });
  });

  test('knows trades that chase, that panic and that collect funding', () => {
    const all = recordsOf(run);
    const reached = new Set(all.flatMap((record) => record.transitions.map(({ to }) => to)));
    const states = ['PARTIAL', 'CHASING', 'OPEN', 'PANIC.flattening', 'CLOSED'];
    expect(states.filter((state) => !reached.has(state))).toEqual([]);
    expect(all.some(({ input }) => input.type === 'funding.paid')).toBe(true);
  });

  test('with another answer of a venue in it replays to something else', () => {
    const changed = recordsOf(run).map((record): StepRecord => {
      const { input } = record;
      if (input.type !== 'order.ended' || input.end !== 'filled') return record;
      return { ...record, input: { ...input, end: 'expired' } };
    });
    expect(replay(changed).divergence).toBeDefined();
  });
});

describe('bytes of it that change on the way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trinity-golden-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are found before anything is replayed', () => {
    cpSync(join(here, GOLDEN[0].version), folder, { recursive: true });
    const file = join(folder, 'segment-000001.journal');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    const { runId } = readRunAbout(folder);
    expect(() => recordsOf({ runId, path: folder })).toThrow(/segment-000001\.journal/);
  });
});
