// The flags of the verbs that read a data folder, and which folder they mean.
import type { ConfigFlagTexts } from './run-flags.ts';
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
