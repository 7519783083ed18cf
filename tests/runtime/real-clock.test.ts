// The clock of a real run keeps the promises of its port: order, cancellation, no early task.
import { expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { realClock } from '../../src/runtime/real-clock.ts';

const until = (clock: ReturnType<typeof realClock>, atMs: number): Promise<void> =>
  new Promise((resolve) => clock.schedule(toMs(atMs), resolve));

test('tasks run in order of due time, and of scheduling when they are due together', async () => {
  const clock = realClock(1_000_000);
  const ran: string[] = [];
  const atMs = clock.nowMs() + 5;
  clock.schedule(toMs(atMs + 1), () => ran.push('later'));
  for (const name of ['first', 'second', 'third']) {
    clock.schedule(toMs(atMs), () => ran.push(name));
  }
  clock.schedule(toMs(atMs - 3), () => ran.push('earlier'));
  await until(clock, atMs + 2);
  expect(ran).toEqual(['earlier', 'first', 'second', 'third', 'later']);
});

test('no task runs before its time, and one that is cancelled never does', async () => {
  const clock = realClock(0);
  const early: number[] = [];
  const ran: string[] = [];
  for (let ms = 1; ms <= 20; ms += 1) {
    const dueAtMs = clock.nowMs() + ms;
    clock.schedule(toMs(dueAtMs), () => early.push(Math.min(clock.nowMs() - dueAtMs, 0)));
  }
  const cancelled = clock.schedule(toMs(clock.nowMs() + 10), () => ran.push('cancelled'));
  clock.schedule(toMs(clock.nowMs() + 1), () => cancelled.cancel());
  await until(clock, clock.nowMs() + 25);
  expect(early).toEqual(Array.from({ length: 20 }, () => 0));
  expect(ran).toEqual([]);
});

test('one that goes on with a run begins with its last record and keeps its pace', async () => {
  const rest = realClock(1_000_000);
  const ahead = realClock(1_000_000, 1_000_020);
  await until(ahead, 1_000_100);
  expect(Math.abs(ahead.nowMs() - rest.nowMs() - 20)).toBeLessThanOrEqual(1);
});

test('a task that schedules another for now lets the rest of the process in between', async () => {
  const clock = realClock(0);
  let [rounds, others] = [0, 0];
  const again = (): void => {
    rounds += 1;
    if (rounds < 50) clock.schedule(clock.nowMs(), again);
  };
  const other = setInterval(() => (others += 1), 1);
  clock.schedule(clock.nowMs(), again);
  while (rounds < 50) await new Promise((resolve) => setTimeout(resolve, 1));
  clearInterval(other);
  expect(others).toBeGreaterThan(0);
});
