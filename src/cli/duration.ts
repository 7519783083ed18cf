// Durations as people type them: `90s`, `5m`, `1h30m`, `86400s`, `500ms`.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import { Failure } from './exit-code.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

export function parseDuration(text: string, flag: string): Ms {
  PART.lastIndex = 0;
  let sumMs = 0;
  let end = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    sumMs += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? NaN);
    end = PART.lastIndex;
  }
  if (end !== text.length || sumMs <= 0) {
    const allowed = 'a number with a unit, like 90s, 5m or 1h30m';
    throw new Failure(
      'usage',
      `${flag} must be a duration above zero (${allowed}), found "${text}"`,
    );
  }
  return toMs(Math.round(sumMs));
}
