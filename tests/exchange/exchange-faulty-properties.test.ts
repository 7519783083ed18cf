// What holds for any orders even when much is lost, late or doubled on the way.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moved, seededRandom, ZERO_QTY } from '../../src/domain/index.ts';
import type { Fill, Qty } from '../../src/domain/index.ts';
import { seededFaults } from '../../src/exchange/index.ts';
import { newWorld, play, steps } from './random-steps.ts';

const signedQty = (fills: readonly Fill[]): Qty =>
  fills.reduce((qty, fill) => moved(qty, fill.side, fill.qty), ZERO_QTY);

describe('under faults', () => {
  test('the same seed says the same, byte for byte, faults and all', () => {
    const rates = {
      partial: 0.3,
      reject: 0.1,
      'ack-lost': 0.2,
      'order-lost': 0.1,
      'answer-late': 0.3,
      'fill-duplicated': 0.3,
      'fill-late': 0.3,
      'report-reordered': 0.3,
    };
    fc.assert(
      fc.property(steps, fc.string(), (script, seed) => {
        const told = [0, 1].map(() => {
          const world = newWorld(seededFaults(seededRandom(seed), rates));
          play(world, script);
          return JSON.stringify([world.heard, world.exchange.ledger.entries]);
        });
        expect(told[0]).toBe(told[1]);
      }),
      { numRuns: 60 },
    );
  });

  test('whatever is lost or late on the way, the venue itself stays right', () => {
    const rates = { partial: 0.3, 'ack-lost': 0.3, 'fill-duplicated': 0.4, 'fill-late': 0.4 };
    fc.assert(
      fc.property(steps, (script) => {
        const world = newWorld(seededFaults(seededRandom('swarm'), rates));
        for (const order of play(world, script)) world.exchange.query(order);
        world.pass(1_000);
        const fills = new Map<string, Fill>();
        for (const report of world.reports) {
          if (report.type === 'position.liquidated') fills.set(report.fill.fillId, report.fill);
          if (report.type !== 'order.answered' || report.evidence.kind === 'absent') continue;
          for (const fill of report.evidence.fills) fills.set(fill.fillId, fill);
        }
        const positionQty = world.exchange.statement().positions[0]?.qty ?? ZERO_QTY;
        expect(positionQty).toBe(signedQty([...fills.values()]));
      }),
      { numRuns: 60 },
    );
  });
});
