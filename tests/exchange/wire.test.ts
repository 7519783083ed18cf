// The way to and from a venue keeps its order on any clock.
import { expect, test } from 'vitest';
import { seededRandom, toMs } from '../../src/domain/index.ts';
import { Agenda, Wire } from '../../src/exchange/wire.ts';
import type { Clock } from '../../src/ports/index.ts';

/** Whatever is due runs newest first, as timers of a real machine may. */
class SwappingClock implements Clock {
  readonly #tasks: { readonly atMs: number; readonly task: () => void }[] = [];
  #nowMs = 0;

  nowMs() {
    return toMs(this.#nowMs);
  }

  schedule(atMs: number, task: () => void) {
    this.#tasks.push({ atMs, task });
    return { cancel: () => undefined };
  }

  advanceTo(atMs: number): void {
    this.#nowMs = atMs;
    const due = this.#tasks.filter((each) => each.atMs <= atMs);
    for (const { task } of due.reverse()) task();
  }
}

test('messages keep their order though timers that are due together swap', () => {
  const clock = new SwappingClock();
  const latencyMs = { min: 1, max: 1 };
  const agenda = new Agenda(clock);
  const wire = new Wire({ clock, agenda, random: seededRandom('wire'), latencyMs });
  const heard: string[] = [];
  const send = (name: string, delayMs = 0): void =>
    wire.send([{ deliver: () => heard.push(name), delayMs }]);
  send('first');
  send('late', 5);
  send('second');
  send('third');
  clock.advanceTo(1);
  expect(heard).toEqual(['first', 'second', 'third']);
  clock.advanceTo(6);
  expect(heard.at(-1)).toBe('late');
});
