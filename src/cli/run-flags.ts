// The flags of a run as typed, and the configuration that they and the other sources give.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { LoadedConfig } from '../config/index.ts';
import { loadConfig } from '../config/index.ts';
import { Failure } from './exit-code.ts';

export interface ConfigFlagTexts {
  readonly config?: string;
  readonly data?: string;
  readonly feed?: string;
  readonly clock?: string;
  readonly exchange?: string;
  readonly seed?: string;
  readonly strategies?: string;
}

export interface RunFlags extends ConfigFlagTexts {
  readonly paper?: boolean;
  readonly exitAfter?: string;
  readonly newRun?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

const PROJECT_CONFIG = fileURLToPath(new URL('../../config.yaml', import.meta.url));

/** `config.yaml` of the working folder, or that of the project. */
export function readConfig(flags: ConfigFlagTexts): LoadedConfig {
  const { config, data, feed, clock, exchange, seed, strategies } = flags;
  if (config !== undefined && !existsSync(config)) {
    throw new Failure('usage', `--config ${config}: there is no such file`);
  }
  const file = config ?? (existsSync('config.yaml') ? 'config.yaml' : PROJECT_CONFIG);
  return loadConfig({
    file,
    environment: process.env,
    envFile: '.env',
    flags: { data, feed, clock, exchange, seed, strategies },
  });
}
