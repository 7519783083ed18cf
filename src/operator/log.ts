// The log of the engine: one JSON line per event in `<folder>/engine.log`; `node main logs` shows
// it in a readable form. An event has a dotted name (`trade.opened`) and fields with units, never a
// sentence. Lines are written at once, without a worker, because a worker's lines are lost when the
// process is killed. What happens on every frame does not belong here.
import { join } from 'node:path';
import { pino, stdTimeFunctions } from 'pino';
import type { Logger } from 'pino';
import { RotatingFile } from './rotating-file.ts';
import type { RotationLimits } from './rotating-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds these fields to each line. */
  with(fields: LogFields): Log;
  /** Nothing is pending at any time; this only lets go of the file. */
  close(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly folder: string;
  readonly rotation?: RotationLimits;
}

const ROTATION: RotationLimits = { fileBytesMax: 10 * 1024 * 1024, keptFiles: 5 };

export function createLog(options: LogOptions): Log {
  const path = join(options.folder, 'engine.log');
  const file = new RotatingFile(path, options.rotation ?? ROTATION, lossLine);
  const { level } = options;
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    file,
  );
  return toLog(logger, () => {
    file.close();
  });
}

function toLog(logger: Logger, close: () => void): Log {
  return {
    debug: (event, fields = {}) => {
      logger.debug(fields, event);
    },
    info: (event, fields = {}) => {
      logger.info(fields, event);
    },
    warn: (event, fields = {}) => {
      logger.warn(fields, event);
    },
    error: (event, fields = {}) => {
      logger.error(fields, event);
    },
    with: (fields) => toLog(logger.child(fields), close),
    close,
  };
}

function lossLine(lostLines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, event: 'log.lost', lostLines })}\n`;
}
