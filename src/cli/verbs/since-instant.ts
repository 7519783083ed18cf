// `--since` as an instant: an ISO date or time that names its zone, or a duration back from the
// last record of the run, which counts in the run's own time.
import { toMs } from '../../domain/index.ts';
import type { Ms } from '../../domain/index.ts';
import type { RunFolder } from '../../journal/index.ts';
import { readJournal } from '../../journal/index.ts';
import { parseDuration } from '../duration.ts';
import { Failure } from '../exit-code.ts';

/** A time without a zone would mean another instant on every machine. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
const DURATION = /^[\d.]+(ms|s|m|h|d)/;

export function sinceInstant(text: string, run: RunFolder): Ms {
  if (DURATION.test(text)) {
    const durationMs = parseDuration(text, '--since');
    return toMs(Math.max(0, lastAtMs(run) - durationMs));
  }
  const atMs = ISO.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(atMs)) return toMs(atMs);
  const allowed = 'an instant like 2026-01-31T12:00:00Z or a duration like 1h30m';
  throw new Failure('usage', `--since must be ${allowed}, found "${text}"`);
}

function lastAtMs(run: RunFolder): number {
  let atMs = 0;
  for (const { record } of readJournal(run)) atMs = record.atMs;
  return atMs;
}
