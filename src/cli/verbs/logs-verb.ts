// `node main logs`: the last lines of the engine's log in a form that people read; the file itself
// is JSON.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { logLine } from '../../operator/log-line.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import { paintsFor } from '../paints.ts';
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
  const toText = flags.json === true ? (line: string) => line : readable;
  for (const line of lines) process.stdout.write(`${toText(line)}\n`);
  return 'success';
}

const LEVEL_WIDTH = 5;
const EVENT_WIDTH = 16;

function readable(text: string): string {
  const line = logLine(text);
  if (line === undefined) return text;
  const paints = paintsFor(process.stdout);
  const ink: Readonly<Record<string, (word: string) => string>> = {
    warn: paints.yellow,
    error: paints.red,
    debug: paints.dim,
  };
  const level = (ink[line.level] ?? String)(line.level.padEnd(LEVEL_WIDTH));
  const head = `${paints.dim(line.time)}  ${level}  ${line.event.padEnd(EVENT_WIDTH)}`;
  return `${head}  ${line.fields}`.trimEnd();
}
