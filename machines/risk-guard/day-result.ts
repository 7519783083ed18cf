// What a day (UTC) has brought so far: trades count when they are flat, stray payments at once.
import type { Ms, Usd } from '../../src/domain/index.ts';
import { plus, ZERO_USD } from '../../src/domain/index.ts';
import type { GuardContext } from './exposure.ts';

const DAY_MS = 86_400_000;

export function withResult(
  guard: GuardContext,
  resultUsd: Usd,
  atMs: Ms,
): Pick<GuardContext, 'day' | 'dayResultUsd'> {
  const day = Math.floor(atMs / DAY_MS);
  const before = guard.day === day ? guard.dayResultUsd : ZERO_USD;
  return { day, dayResultUsd: plus(before, resultUsd) };
}
