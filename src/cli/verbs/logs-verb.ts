// `node main logs`: the last lines of the engine's log in a form that people read; the file itself
// is JSON.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prettyFactory } from 'pino-pretty';

import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import { sayReading } from '../read-flags.ts';
import { readConfig } from '../run-flags.ts';

export interface LogsFlags {
  readonly config?: string;
  readonly lines: string;
  readonly json?: boolean;
}

export function showLogs(flags: LogsFlags): ExitName {
  const count = Number(flags.lines);
  if (!Number.isInteger(count) || count < 1) {
    throw new Failure('usage', `--lines is a whole number above zero, found "${flags.lines}"`);
  }
  const { config } = readConfig(flags.config === undefined ? {} : { config: flags.config });
  const file = join(config.log.folder, 'engine.log');
  if (!existsSync(file)) {
    throw new Failure('usage', `there is no log at ${file}; \`node main --paper\` writes one`);
  }
  sayReading(file, flags);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
  const pretty = prettyFactory({
    colorize: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    messageKey: 'event',
    translateTime: 'UTC:yyyy-mm-dd HH:MM:ss.l',
    singleLine: true,
  });
  for (const line of lines) process.stdout.write(flags.json === true ? `${line}\n` : pretty(line));
  return 'success';
}
