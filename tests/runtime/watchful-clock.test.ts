// The clock of a lease sees every pause, whichever of the machine's clocks shows it, and never runs
// backwards.
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { watchfulClock } from '../../src/runtime/watchful-clock.ts';

function clockOn(wallAtMs: number) {
  const at = { monotonicMs: 500, wallMs: wallAtMs };
  const clock = watchfulClock({ monotonicMs: () => at.monotonicMs, wallMs: () => at.wallMs });
  const pass = (monotonicMs: number, wallMs: number): number => {
    at.monotonicMs += monotonicMs;
    at.wallMs += wallMs;
    return clock.nowMs();
  };
  return { pass };
}

describe('time passes by', () => {
  test.each([
    { what: 'both clocks in step', monotonicMs: 3_000, wallMs: 3_000, passedMs: 3_000 },
    {
      what: 'the wall clock while the machine slept',
      monotonicMs: 5,
      wallMs: 9_000,
      passedMs: 9_000,
    },
    {
      what: 'the monotonic clock when the wall was set back',
      monotonicMs: 70,
      wallMs: -3_600_000,
      passedMs: 70,
    },
    {
      what: 'the wall clock when it was set forward',
      monotonicMs: 70,
      wallMs: 3_600_000,
      passedMs: 3_600_000,
    },
    {
      what: 'the monotonic clock when the wall is slewed',
      monotonicMs: 1_000,
      wallMs: 1_020,
      passedMs: 1_000,
    },
  ])('$what', ({ monotonicMs, wallMs, passedMs }) => {
    expect(clockOn(1_800_000_000_000).pass(monotonicMs, wallMs)).toBe(passedMs);
  });
});

test('many looks do not add up to more time than passed', () => {
  const { pass } = clockOn(1_800_000_000_000);
  for (let look = 1; look <= 10_000; look += 1) pass(0.5, look % 2);
  expect(pass(0, 0)).toBe(5_000);
});

test('a task runs when it is due, and not when it was cancelled', async () => {
  const clock = watchfulClock();
  const ran: string[] = [];
  const cancelled = clock.schedule(toMs(clock.nowMs() + 5), () => ran.push('cancelled'));
  cancelled.cancel();
  await new Promise<void>((resolve) => {
    clock.schedule(toMs(clock.nowMs() + 10), () => {
      ran.push('due');
      resolve();
    });
  });
  expect(ran).toEqual(['due']);
});
