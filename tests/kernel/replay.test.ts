// A recorded run runs again to the same hash; one changed byte, or one changed guard, is found
// where it is.
import { describe, expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import type { StepRecord } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { Kernel, replay } from '../../src/kernel/index.ts';
import { eventfulLife } from './stories.ts';

const { records, kernel } = eventfulLife();
const changedAt = (index: number, change: (record: StepRecord) => StepRecord) =>
  records.map((record, at) => (at === index ? change(record) : record));
const placing = records.findIndex(({ effects }) =>
  effects.some(({ type }) => type === 'order.place'),
);

describe('a recorded run', () => {
  test('replays to the same head', () => {
    expect(replay(records)).toEqual({
      inputs: records.length,
      transitions: records.flatMap(({ transitions }) => transitions).length,
      headHash: kernel.head.hash,
      divergence: undefined,
    });
  });

  test('replays to the same head when it was read back from text', () => {
    const read = JSON.parse(JSON.stringify(records)) as readonly StepRecord[];
    expect(replay(read).divergence).toBeUndefined();
  });
});

describe('a difference is found and both sides are shown', () => {
  test('when one byte of an effect is changed', () => {
    const tampered = changedAt(placing, (record) => ({
      ...record,
      effects: record.effects.map((effect) =>
        effect.type === 'order.place'
          ? { ...effect, order: { ...effect.order, limitPrice: '10011' as never } }
          : effect,
      ),
    }));
    const { inputs, divergence } = replay(tampered);
    expect(inputs).toBe(placing + 1);
    expect(divergence).toMatchObject({
      seq: placing + 1,
      part: 'effects',
      recorded: { type: 'order.place', order: { limitPrice: '10011' } },
      replayed: { type: 'order.place', order: { limitPrice: '10010' } },
    });
  });

  test('when an effect is missing', () => {
    const tampered = changedAt(placing, (record) => ({ ...record, effects: [] }));
    expect(replay(tampered).divergence).toMatchObject({ part: 'effects', recorded: undefined });
  });

  test('when a transition, an instant or a hash is changed', () => {
    const moved = changedAt(3, (record) => ({
      ...record,
      transitions: record.transitions.map((move) => ({ ...move, to: 'elsewhere' })),
    }));
    expect(replay(moved).divergence).toMatchObject({ seq: 4, part: 'transitions' });
    const early = changedAt(3, (record) => ({ ...record, atMs: toMs(record.atMs - 1000) }));
    expect(replay(early).divergence).toMatchObject({ seq: 4, part: 'time' });
    const rehashed = changedAt(3, (record) => ({ ...record, hash: '0'.repeat(64) }));
    expect(replay(rehashed).divergence).toMatchObject({ seq: 4, part: 'hash' });
  });

  test('when an input is changed that leads to the same moves', () => {
    const index = records.findIndex(({ input }) => input.type === 'order.unknown');
    const reworded = changedAt(index, (record) => ({
      ...record,
      input: { ...record.input, cause: 'another' } as never,
    }));
    expect(replay(reworded).divergence).toMatchObject({ seq: index + 1, part: 'hash' });
  });

  test('when one guard in a machine is changed', () => {
    const trade = machines.trade.provide({ guards: { canChaseEntry: () => false } });
    const scanner = machines.scanner.provide({ actors: { trade } });
    const engine = machines.engine.provide({ actors: { scanner } });
    const { divergence } = replay(records, new Kernel(undefined, engine));
    expect(divergence).toMatchObject({
      part: 'transitions',
      recorded: { actor: 't1', from: 'PARTIAL', to: 'CHASING' },
      replayed: { actor: 't1', from: 'PARTIAL', to: 'PANIC.flattening' },
    });
    expect(divergence?.seq).toBeLessThan(records.length);
  });

  test('when one guard high up is changed', () => {
    const engine = machines.engine.provide({ guards: { hasReconciled: () => true } });
    expect(replay(records, new Kernel(undefined, engine)).divergence).toMatchObject({
      seq: 1,
      replayed: { actor: 'engine', to: 'running' },
    });
  });
});
