// How often the desk speaks of the same pair, and that no strategy need price what it keeps quiet.
import { describe, expect, test } from 'vitest';
import type { Candidate, Input } from '../../src/domain/index.ts';
import { toMs, toTradeId } from '../../src/domain/index.ts';
import { OpportunityDesk } from '../../src/runtime/opportunity-desk.ts';
import { discovery } from '../../src/strategies/funding-carry/discover.ts';
import type { Strategy } from '../../src/strategies/strategy.ts';
import { bybit, NOW_MS, okx, settings } from '../strategies/carry-market.ts';
import { listed, marketOf } from '../strategies/plain-market.ts';

const view = listed(okx);
const market = marketOf(view, listed(bybit));
const [accepted] = discovery(settings)(market, view, toMs(NOW_MS), () => false);
if (accepted?.kind !== 'accepted') throw new Error('the pair was not taken');
const { key, base, strategy } = accepted.opportunity;
const refused: Candidate = {
  kind: 'refused',
  key,
  base,
  strategy,
  refusal: { gate: 'net-edge', found: '4.9', limit: '5', unit: 'bps' },
};

/** A desk over a strategy that answers as told, and counts how often it had to price. */
function stage(answer: (atMs: number) => Candidate) {
  const inputs: Input[] = [];
  const pricedAtMs: number[] = [];
  const strategies: Strategy[] = [
    {
      name: strategy,
      discover: (_market, _changed, atMs, isTold) => {
        if (isTold(key)) return [];
        pricedAtMs.push(atMs);
        return [answer(atMs)];
      },
      exit: () => undefined,
    },
  ];
  const desk = new OpportunityDesk({ market, strategies, accept: (input) => inputs.push(input) });
  const every = (stepMs: number, untilMs: number): void => {
    for (let atMs = 0; atMs <= untilMs; atMs += stepMs) desk.changed(view, toMs(atMs));
  };
  return { desk, every, inputs, pricedAtMs };
}

describe('an opportunity that stays', () => {
  test('is told again after half a second, then after twice as long each time', () => {
    const { every, inputs, pricedAtMs } = stage(() => accepted);
    every(100, 20_000);
    expect(pricedAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500]);
    expect(inputs.map(({ type }) => type)).toEqual(pricedAtMs.map(() => 'opportunity.found'));
  });

  test('may be told at once when a trade leaves', () => {
    const { desk, every, pricedAtMs } = stage(() => accepted);
    every(100, 5_000);
    desk.release(toTradeId(1));
    desk.changed(view, toMs(5_001));
    expect(pricedAtMs).toEqual([0, 500, 1_500, 3_500, 5_001]);
  });
});

describe('a refusal that stays', () => {
  test('is priced once a second and told once a minute', () => {
    const { every, inputs, pricedAtMs } = stage(() => refused);
    every(100, 60_000);
    expect(pricedAtMs.slice(0, 3)).toEqual([0, 1_000, 2_000]);
    expect(pricedAtMs).toHaveLength(61);
    expect(inputs.map(({ type }) => type)).toEqual(['candidate.refused', 'candidate.refused']);
  });

  test('gives way to the opportunity within the second', () => {
    const { every, inputs } = stage((atMs) => (atMs < 250 ? refused : accepted));
    every(100, 1_400);
    expect(inputs.map(({ type }) => type)).toEqual(['candidate.refused', 'opportunity.found']);
  });
});

test('a strategy that does not ask is kept quiet all the same', () => {
  const inputs: Input[] = [];
  const deaf: Strategy = { name: strategy, discover: () => [accepted], exit: () => undefined };
  const accept = (input: Input): number => inputs.push(input);
  const desk = new OpportunityDesk({ market, strategies: [deaf], accept });
  for (const atMs of [0, 100, 499, 500]) desk.changed(view, toMs(atMs));
  expect(inputs).toHaveLength(2);
});
