// The flags of the verbs that read a data folder, which folder and run they mean, and how people
// are told that.
import { findRun } from '../journal/index.ts';
import type { RunFolder } from '../journal/index.ts';
import type { ConfigFlagTexts } from './run-flags.ts';
import { paintsFor } from './paints.ts';
import { readConfig } from './run-flags.ts';

export interface ReadFlags {
  readonly data?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `--data`, or what the configuration says. */
export function dataFolderOf(flags: ReadFlags): string {
  if (flags.data !== undefined) return flags.data;
  const texts: ConfigFlagTexts = flags.config === undefined ? {} : { config: flags.config };
  return readConfig(texts).config.run.dataFolder;
}

/** The run to read: the one that is named, or the latest, which is said, but not to programs. */
export function runToRead(flags: ReadFlags, wanted: string | undefined): RunFolder {
  const dataPath = dataFolderOf(flags);
  const run = findRun(dataPath, wanted);
  if (wanted === undefined) sayReading(`${run.runId}, the latest run of ${dataPath}`, flags);
  return run;
}

/** On stderr: what is read for a program or a file stays as it is. */
export function sayReading(what: string, { json }: Pick<ReadFlags, 'json'>): void {
  if (json !== true) process.stderr.write(`${paintsFor(process.stderr).dim(`reading ${what}`)}\n`);
}
