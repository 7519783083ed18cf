// `node main verify [run]`: checks a run's journal offline: every checksum, the sequence, the time
// and the hash chain to its head.
import { findRun, verifyChain } from '../journal/index.ts';
import { recordHash } from '../kernel/index.ts';
import type { ExitName } from './exit-code.ts';
import type { ReadFlags } from './read-flags.ts';
import { dataFolderOf } from './read-flags.ts';

export function verifyRun(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = findRun(dataFolderOf(flags), wanted);
  const { records, headHash, torn } = verifyChain(run, recordHash);
  if (flags.json === true) {
    const report = { valid: true, records, headHash, torn: torn ?? null, runDir: run.path };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return 'success';
  }
  const tail =
    torn === undefined
      ? ''
      : `\n  the last write was cut short at byte ${torn.offset} of ${torn.file}: ` +
        `${torn.bytes} bytes belong to no record`;
  process.stdout.write(
    `${run.runId} is whole: ${records} records, head ${headHash.slice(0, 16)}${tail}\n`,
  );
  return 'success';
}
