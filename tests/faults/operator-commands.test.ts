// Commands that are given twice, against each other, or in the middle of something.
import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../src/domain/index.ts';
import { toMs, toPrice, toQty } from '../../src/domain/index.ts';
import { PaperStage } from './paper-stage.ts';

const kill = { type: 'operator.kill', reason: 'test' } as const;
const resume = { type: 'operator.resume' } as const;
const halt = { type: 'operator.halt', reason: 'test' } as const;

describe('a kill', () => {
  test('given twice is one kill; a resume given twice is one resume', () => {
    const stage = PaperStage.open();
    stage.engine.accept(kill);
    const orders = stage.calls.length;
    stage.engine.accept(kill);
    expect(stage.calls).toHaveLength(orders);
    stage.wait(500);
    expect(stage.kernel.engineState).toBe('killed');
    expect(stage.alerts).toEqual(['TRADE_PANIC']);
    expect(stage.positions()).toEqual(['0', '0']);
    stage.engine.accept(resume);
    stage.engine.accept(resume);
    expect(stage.kernel.engineState).toBe('reconciling');
    stage.wait(200);
    expect(stage.kernel.engineState).toBe('running');
  });

  test.each([0, 5, 12, 25])('%i ms after the entry orders left: nothing new, all flat', (ms) => {
    const stage = PaperStage.running();
    stage.propose();
    stage.wait(ms);
    stage.engine.accept(kill);
    stage.wait(1_000);
    stage.propose();
    stage.wait(1_000);
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.placedWithoutReduceOnly()).toHaveLength(2);
    expect(stage.kernel.engineState).toBe('killed');
  });

  test('crossed by a fill that comes after the end of its order: that goes home too', () => {
    const fault = { kind: 'fill-late', delayMs: toMs(700) } as const;
    const stage = PaperStage.running({ fault });
    stage.propose();
    stage.wait(12);
    stage.engine.accept(kill);
    stage.wait(3_000);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.placedWithoutReduceOnly()).toHaveLength(2);
  });
});

test('opposite commands at one instant have an order, which the journal keeps', () => {
  const stage = PaperStage.running();
  for (const command of [halt, resume, halt, resume, kill]) stage.engine.accept(command);
  const told = stage.inputs.map(({ type }) => type).filter((type) => type.startsWith('operator.'));
  expect(told).toEqual([
    'operator.halt',
    'operator.resume',
    'operator.halt',
    'operator.resume',
    'operator.kill',
  ]);
  expect(new Set(stage.records.map(({ seq }) => seq)).size).toBe(stage.records.length);
  expect(stage.kernel.engineState).toBe('killed');
});

test('a resume while the accounts still contradict opens nothing and halts again', () => {
  const stage = PaperStage.open();
  stage.signalExit();
  stage.wait(500);
  const [ours] = stage.second.placed;
  if (ours === undefined) throw new Error('the second leg must have sent an order');
  const foreign = { clientOrderId: 'by-hand' as OrderRequest['clientOrderId'], qty: toQty('0.4') };
  stage.second.placeByHand({ ...ours, ...foreign, side: 'buy', limitPrice: toPrice('10100') });
  stage.rest(60_000);
  expect(stage.kernel.engineState).toBe('halted');
  const orderCount = stage.calls.length;
  stage.engine.accept(resume);
  stage.propose();
  stage.wait(100);
  stage.propose();
  stage.rest(30_000);
  expect(stage.calls).toHaveLength(orderCount);
  expect(stage.kernel.engineState).toBe('halted');
});
