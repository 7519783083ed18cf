// `node main verify [run]`: checks a run's journal offline: every checksum, the sequence, the time
// and the hash chain to its head, and whether it is the journal that an exported head was taken of.
// `node main head [run]` exports one.
import { findRun, listSegments, verifyChain } from '../../journal/index.ts';
import type { ChainReport, RunFolder } from '../../journal/index.ts';
import { isArchived } from '../../journal/index.ts';
import { recordHash } from '../../kernel/index.ts';
import type { ExitName } from '../exit-code.ts';
import { HeadCheck, headLine, headsOf } from './exported-head.ts';
import { noRecords, tellingDamage, tornText } from '../journal-state.ts';
import type { ReadFlags } from '../read-flags.ts';
import { dataFolderOf, runToRead } from '../read-flags.ts';
import { checkNothingMissing } from '../run-snapshot.ts';

export interface VerifyFlags extends ReadFlags {
  readonly head?: string;
}

export function verifyRun(wanted: string | undefined, flags: VerifyFlags): ExitName {
  const run = runToRead(flags, wanted);
  const heads = flags.head === undefined ? [] : headsOf(run, flags.head);
  const check = new HeadCheck(heads);
  const { records, headHash, torn } = tellingDamage(run, { valid: false }, flags, () => {
    const found = checkedChain(run, check);
    check.finish(run, found.records);
    return found;
  });
  if (records === 0) throw noRecords(run);
  const files = listSegments(run.path);
  const [segments, archivedSegments] = [files.length, files.filter(isArchived).length];
  if (flags.json === true) {
    const about = { segments, archivedSegments, heads: heads.length, runDir: run.path };
    const report = { valid: true, records, headHash, torn: torn ?? null, ...about };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return 'success';
  }
  const archived = archivedSegments === 0 ? '' : `, ${archivedSegments} of ${segments} archived`;
  const known = heads.length === 0 ? '' : ', and the journal that the exported head was taken of';
  const text = `${records} records, head ${headHash.slice(0, 16)}${archived}${known}`;
  process.stdout.write(`${run.runId} is whole: ${text}${tornText(torn)}\n`);
  return 'success';
}

function checkedChain(run: RunFolder, check: HeadCheck): ChainReport {
  const report = verifyChain(run, recordHash, (record) => check.see(record));
  // A cut last write is told in its own words; the snapshot of the end is then ahead of it.
  if (report.torn === undefined) checkNothingMissing(run, report.records);
  return report;
}

export function printHead(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = findRun(dataFolderOf(flags), wanted);
  const report = tellingDamage(run, { valid: false }, flags, () =>
    checkedChain(run, new HeadCheck([])),
  );
  const { records: seq, headHash: hash } = report;
  if (seq === 0) throw noRecords(run);
  const head = headLine(run.runId, { seq, hash });
  const told = { head, runId: run.runId, seq, hash, runDir: run.path };
  process.stdout.write(flags.json === true ? `${JSON.stringify(told)}\n` : `${head}\n`);
  return 'success';
}
