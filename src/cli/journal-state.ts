// What is said of a journal that is cut, damaged or empty.
import type { RunFolder, TornTail } from '../journal/index.ts';
import { JournalError } from '../journal/index.ts';
import { Failure } from './exit-code.ts';
import type { ReadFlags } from './read-flags.ts';

/** What becomes of the bytes differs: a reader passes them over, whoever goes on writing cuts. */
export const tornText = (
  torn: TornTail | undefined,
  fate: 'belong to no record' | 'are cut off' = 'belong to no record',
): string =>
  torn === undefined
    ? ''
    : `\n  the last write was cut short at byte ${torn.offset} of ${torn.file}: ` +
      `${torn.bytes} bytes ${fate}`;

/** A start that died at once leaves such a run; so does somebody who removed its segments. */
export const noRecords = ({ runId, path }: RunFolder): Failure =>
  new Failure('usage', `run ${runId} has no records (looked in ${path})`);

/** Damage ends `judge` with an error; with `--json` its place is the result on stdout as well. */
export function tellingDamage<Judged>(
  run: RunFolder,
  verdict: Readonly<Record<string, false>>,
  { json }: ReadFlags,
  judge: () => Judged,
): Judged {
  try {
    return judge();
  } catch (error) {
    if (json === true && error instanceof JournalError) {
      const { file, offset, code, message: cause } = error;
      const damage = { file, offset, code, cause };
      process.stdout.write(`${JSON.stringify({ ...verdict, runDir: run.path, damage })}\n`);
    }
    throw error;
  }
}
