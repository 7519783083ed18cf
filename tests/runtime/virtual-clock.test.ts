// The virtual clock: order of tasks, no jumping over, no going back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';

const clockAt = (startAtMs: number): VirtualClock => new VirtualClock(toMs(startAtMs));

describe('virtual clock', () => {
  test('tasks run by due time, then in order of scheduling', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (dues) => {
        const clock = clockAt(0);
        const seen: { due: number; ordinal: number; nowMs: number }[] = [];
        dues.forEach((due, ordinal) => {
          clock.schedule(toMs(due), () => seen.push({ due, ordinal, nowMs: clock.nowMs() }));
        });
        clock.advanceTo(toMs(20));
        const expected = dues
          .map((due, ordinal) => ({ due, ordinal, nowMs: due }))
          .sort((left, right) => left.due - right.due || left.ordinal - right.ordinal);
        expect(seen).toEqual(expected);
      }),
    );
  });

  test('a task sees its own due time and what it schedules still runs in the same advance', () => {
    const clock = clockAt(100);
    const seen: number[] = [];
    clock.schedule(toMs(110), () => {
      seen.push(clock.nowMs());
      clock.schedule(toMs(105), () => seen.push(clock.nowMs()));
      clock.schedule(toMs(120), () => seen.push(clock.nowMs()));
      clock.schedule(toMs(131), () => seen.push(clock.nowMs()));
    });
    clock.advanceTo(toMs(130));
    expect(seen).toEqual([110, 110, 120]);
    expect(clock.nowMs()).toBe(130);
    expect(clock.nextDueAtMs()).toBe(131);
  });

  test('a cancelled task never runs and is not the next one due', () => {
    const clock = clockAt(0);
    let ran = 0;
    const first = clock.schedule(toMs(5), () => (ran += 1));
    clock.schedule(toMs(9), () => (ran += 1));
    first.cancel();
    expect(clock.nextDueAtMs()).toBe(9);
    clock.advanceTo(toMs(10));
    expect(ran).toBe(1);
    expect(clock.nextDueAtMs()).toBeUndefined();
  });

  test('running until a condition stops at the task that fulfils it', () => {
    const clock = clockAt(0);
    let count = 0;
    for (const due of [10, 20, 30]) clock.schedule(toMs(due), () => (count += 1));
    expect(clock.runUntil(() => count === 2, toMs(100))).toBe(true);
    expect(clock.nowMs()).toBe(20);
    expect(clock.runUntil(() => count === 9, toMs(100))).toBe(false);
    expect(clock.nowMs()).toBe(30);
  });

  test('time is refused to go back, to be moved by a task, and to stand still for ever', () => {
    const clock = clockAt(50);
    expect(() => clock.advanceTo(toMs(49))).toThrow('cannot go back from 50 to 49');
    clock.schedule(toMs(60), () => clock.advanceTo(toMs(70)));
    expect(() => clock.advanceTo(toMs(60))).toThrow('cannot be moved by one of its own tasks');
    const again = (): void => void clock.schedule(toMs(60), again);
    again();
    expect(() => clock.advanceTo(toMs(61))).toThrow('time does not pass');
  });

  test('a million tasks run within seconds', () => {
    const clock = clockAt(0);
    let left = 1_000_000;
    const next = (): void => {
      if ((left -= 1) > 0) clock.schedule(toMs(clock.nowMs() + (left % 97) + 1), next);
    };
    for (let lane = 0; lane < 100; lane += 1) clock.schedule(toMs(lane), next);
    clock.runUntil(() => left <= 0, toMs(1e12));
    expect(left).toBeLessThanOrEqual(0);
  });
});
