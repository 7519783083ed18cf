// A short run in virtual time that tests may damage: recorded once per file of tests, copied for
// each.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { lastJson, newFolder, run } from './started-program.ts';

export interface RecordedRun {
  readonly path: string;
  readonly result: ReturnType<typeof lastJson>;
}

/** Two minutes: funding is paid, one trade chases and one panics. */
export async function recordRun(): Promise<RecordedRun> {
  const folder = newFolder();
  const ended = await run('--clock virtual --seed 7 --exit-after 2m --json'.split(' '), { folder });
  expect(ended.code, ended.stderr).toBe(0);
  const result = lastJson(ended);
  return { path: result.runDir, result };
}

/** Its own copy in a folder of its own. */
export function copyOf({ path }: RecordedRun): string {
  const copy = join(newFolder(), basename(path));
  cpSync(path, copy, { recursive: true });
  return copy;
}

export const segmentOf = (runPath: string): string => join(runPath, 'segment-000001.journal');

/** Rewrites the segment, line by line: the header, then one record each. */
export function changeLines(
  runPath: string,
  change: (lines: readonly string[]) => readonly string[],
): void {
  const text = readFileSync(segmentOf(runPath), 'latin1');
  writeFileSync(segmentOf(runPath), change(text.split('\n')).join('\n'), 'latin1');
}

/** Changes bytes of the first line that holds `from`; the lengths must be equal. */
export function changeText(runPath: string, from: string, to: string): void {
  expect(to.length).toBe(from.length);
  let isChanged = false;
  changeLines(runPath, (lines) =>
    lines.map((line) => {
      if (isChanged || !line.includes(from)) return line;
      isChanged = true;
      return line.replace(from, to);
    }),
  );
  expect(isChanged, `the journal holds ${from}`).toBe(true);
}
