// `node main archive [run]`: compresses the segments of runs that are over, by name, by age or by
// policy, and by policy removes what was archived long enough ago. A run that may go on, cannot be
// verified or is the newest is never removed; the head of one that is stays behind.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findRun, lockData, markerPath, openDataFolder } from '../../journal/index.ts';
import { Archivist } from './archivist.ts';
import type { ArchiveOutcome, ArchivePolicy } from './archivist.ts';
import { parseDuration } from '../duration.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { readConfig } from '../run-flags.ts';

export interface ArchiveFlags extends ReadFlags {
  readonly olderThan?: string;
}

const DAY_MS = 86_400_000;

export function archiveRuns(wanted: string | undefined, flags: ArchiveFlags): ExitName {
  if (wanted !== undefined && flags.olderThan !== undefined) {
    throw new Failure('usage', 'name a run or --older-than, not both');
  }
  const { config } = readConfig({
    ...(flags.config === undefined ? {} : { config: flags.config }),
    ...(flags.data === undefined ? {} : { data: flags.data }),
  });
  const named = wanted === undefined ? undefined : findRun(config.run.dataFolder, wanted);
  const dataPath = named === undefined ? config.run.dataFolder : dirname(dirname(named.path));
  if (!existsSync(markerPath(dataPath))) {
    throw new Failure('usage', `${dataPath} is no data folder of trinity: no run was kept there`);
  }
  openDataFolder(dataPath);
  const lock = lockData(dataPath, 'archive.lock');
  try {
    const worker = new Archivist(dataPath, policyOf(flags, config.journal));
    if (named === undefined) worker.all();
    else worker.one(named);
    tell(flags, worker.outcome, named === undefined && worker.isIdle);
    return worker.outcome.damaged.length > 0 ? 'data' : 'success';
  } finally {
    lock.release();
  }
}

function policyOf(
  { olderThan }: ArchiveFlags,
  days: { readonly archiveAfterDays: number; readonly removeAfterDays: number },
): ArchivePolicy {
  const span = (count: number): number | undefined => (count === 0 ? undefined : count * DAY_MS);
  return {
    archiveAfterMs:
      olderThan === undefined
        ? span(days.archiveAfterDays)
        : parseDuration(olderThan, '--older-than'),
    removeAfterMs: span(days.removeAfterDays),
  };
}

function tell({ json }: ReadFlags, outcome: ArchiveOutcome, isIdle: boolean): void {
  if (json === true) {
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    return;
  }
  const { archived, removed, kept, damaged } = outcome;
  const lines = [
    ...archived.map(
      ({ runId, segments, bytes, archivedBytes }) =>
        `${runId}: ${segments} segments archived, ${bytes} bytes are ${archivedBytes} now`,
    ),
    ...removed.map(({ head }) => `${head}: removed; its head is kept`),
    ...kept.map(({ runId, cause }) => `${runId}: ${cause}`),
    ...damaged.map(({ runId, cause }) => `${runId}: left as it is: ${cause}`),
  ];
  const idle = 'nothing is asked for: name a run or --older-than, or set journal.archiveAfterDays';
  if (lines.length === 0) lines.push(isIdle ? idle : 'there is nothing to archive');
  process.stdout.write(`${lines.join('\n')}\n`);
}
