// A kernel that dies between any two steps and is restored goes on as if nothing had happened.
import { describe, expect, test } from 'vitest';
import type { KernelSnapshot } from '../../src/kernel/index.ts';
import { Kernel, replay } from '../../src/kernel/index.ts';
import type { Story } from '../machines/story.ts';
import { Story as Told } from '../machines/story.ts';
import { eventfulLife, forgottenLife, hashes } from './stories.ts';

const overJson = (kernel: Kernel): KernelSnapshot =>
  JSON.parse(JSON.stringify(kernel.snapshot())) as KernelSnapshot;

describe.each([
  ['an eventful life', eventfulLife],
  ['a life whose trade is forgotten', forgottenLife],
] as const)('%s', (_, live) => {
  test('ends in the same hash from a snapshot taken after any of its steps', () => {
    const { records } = live();
    expect(records.length).toBeGreaterThan(15);
    const first = new Kernel();
    records.forEach((record, done) => {
      first.step(record.input, record.atMs);
      const restored = new Kernel(overJson(first));
      const rest = records.slice(done + 1);
      const again = rest.map(({ input, atMs }) => restored.step(input, atMs));
      expect(hashes(again)).toEqual(hashes(rest));
    });
  });

  test('is lived on by a kernel that is replaced before every step', () => {
    const { records } = live();
    let kernel = new Kernel();
    const again = records.map(({ input, atMs }) => {
      kernel = new Kernel(overJson(kernel));
      return kernel.step(input, atMs);
    });
    expect(again).toEqual(records);
  });

  test('has the same snapshot after a restore as before it', () => {
    const kernel = new Kernel();
    for (const { input, atMs } of live().records) {
      kernel.step(input, atMs);
      const snapshot = overJson(kernel);
      expect(overJson(new Kernel(snapshot))).toEqual(snapshot);
    }
  });
});

test('timers survive with the time that was left, and no other timers exist', () => {
  const story: Story = Told.opening();
  story.fillWhole('a');
  story.wait(100);
  const restored = new Kernel(overJson(story.kernel));
  expect(restored.snapshot().timers).toEqual(story.kernel.snapshot().timers);
  const dueAtMs = restored.nextTimerAtMs();
  // The acknowledgement of b is the next to be missed: 300 ms after the order went.
  expect((dueAtMs ?? 0) - story.atMs).toBe(199);
  story.kernel = restored;
  story.wait(198);
  expect(story.alerts).toEqual([]);
  story.wait(102);
  expect(story.alerts).toEqual(['TRADE_PANIC']);
});

test('an unheard actor stays unheard and a known one is not born again', () => {
  const story = forgottenLife();
  const restored = new Kernel(overJson(story.kernel));
  expect(restored.trade('t1')).toBeUndefined();
  expect(restored.trade('t2')?.plan.base).toBe('ETH');
  const { transitions } = restored.step({ type: 'operator.kill', reason: 'drill' }, story.atMs);
  expect(transitions.map(({ from }) => from)).not.toContain('-');
});

test('what counts as changed does not hang on which objects are one and the same', () => {
  const told = Told.running();
  told.restart();
  told.restart();
  told.restart();
  expect(replay(told.records).divergence).toBeUndefined();
});
