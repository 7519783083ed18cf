// `node main verify [run]`: checks a run's journal offline: every checksum, the sequence, the time
// and the hash chain to its head.
import { findRun, verifyChain } from '../journal/index.ts';
import { recordHash } from '../kernel/index.ts';
import type { ExitName } from './exit-code.ts';
import { noRecords, tellingDamage, tornText } from './journal-state.ts';
import type { ReadFlags } from './read-flags.ts';
import { dataFolderOf } from './read-flags.ts';
import { checkNothingMissing } from './run-snapshot.ts';

export function verifyRun(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = findRun(dataFolderOf(flags), wanted);
  const { records, headHash, torn } = tellingDamage(run, { valid: false }, flags, () => {
    const report = verifyChain(run, recordHash);
    // A cut last write is told in its own words; the snapshot of the end is then ahead of it.
    if (report.torn === undefined) checkNothingMissing(run, report.records);
    return report;
  });
  if (records === 0) throw noRecords(run);
  if (flags.json === true) {
    const report = { valid: true, records, headHash, torn: torn ?? null, runDir: run.path };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return 'success';
  }
  process.stdout.write(
    `${run.runId} is whole: ${records} records, head ${headHash.slice(0, 16)}${tornText(torn)}\n`,
  );
  return 'success';
}
