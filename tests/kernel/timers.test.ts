// Timers fire by due time, then in the order in which they were set.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { Timers } from '../../src/kernel/timers.ts';

const fired = (timers: Timers, untilMs: number): readonly string[] => {
  const names: string[] = [];
  for (let due = timers.takeDue(toMs(untilMs)); due; due = timers.takeDue(toMs(untilMs))) {
    names.push(due.timer);
  }
  return names;
};

test('timers of one instant fire in the order of setting', () => {
  const timers = new Timers();
  timers.set('x', 'later', toMs(20));
  timers.set('x', 'first', toMs(10));
  timers.set('y', 'second', toMs(10));
  timers.set('x', 'third', toMs(10));
  expect(timers.next()?.timer).toBe('first');
  expect(fired(timers, 9)).toEqual([]);
  expect(fired(timers, 10)).toEqual(['first', 'second', 'third']);
  expect(timers.next()?.timer).toBe('later');
});

test('setting again replaces, and counts as set now', () => {
  const timers = new Timers();
  timers.set('x', 'a', toMs(10));
  timers.set('x', 'b', toMs(10));
  timers.set('x', 'a', toMs(10));
  expect(fired(timers, 10)).toEqual(['b', 'a']);
});

test('a cleared timer does not fire; clearing one that is not there is nothing', () => {
  const timers = new Timers();
  timers.set('x', 'a', toMs(10));
  timers.set('y', 'a', toMs(10));
  timers.clear('x', 'a');
  timers.clear('x', 'never');
  expect(timers.snapshot().pending.map(({ actor }) => actor)).toEqual(['y']);
});

test('any timers fire as a sort by due time would have them, also over a snapshot', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (dues) => {
      const timers = new Timers();
      dues.forEach((dueAtMs, name) => timers.set('x', String(name), toMs(dueAtMs)));
      const expected = dues
        .map((dueAtMs, name) => ({ dueAtMs, name }))
        .sort((left, right) => left.dueAtMs - right.dueAtMs || left.name - right.name)
        .map(({ name }) => String(name));
      expect(fired(new Timers(timers.snapshot()), 9)).toEqual(expected);
      expect(fired(timers, 9)).toEqual(expected);
    }),
  );
});
