// What holds for a trade whatever two venues do to it, in any order; and that it comes home once
// they behave.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { allStates, machineFacts } from '../../scripts/machine-facts.ts';
import type { Fill, Qty, StepRecord } from '../../src/domain/index.ts';
import { absolute, isMore, minus, moved, ZERO_QTY } from '../../src/domain/index.ts';
import { replay } from '../../src/kernel/index.ts';
import { BYBIT, OKX, perpetual } from './carry-plan.ts';
import type { Deed } from './deed.ts';
import { deed } from './deed.ts';
import { ModelVenue } from './model-venue.ts';
import { Story } from './story.ts';

const EXPOSED = new Set(
  allStates(machineFacts(machines.trade))
    .filter(({ tags }) => tags.includes('exposed'))
    .map(({ path }) => path),
);
const isExposed = (path: string): boolean =>
  path.split('.').some((_, depth, parts) => EXPOSED.has(parts.slice(0, depth + 1).join('.')));

const first = { pick: 0, manner: 'whole', isTwice: false } as const;
const opened: readonly Deed[] = [
  ...[1, 2].map(() => ({ kind: 'handle', ...first }) as const),
  ...[1, 2, 3, 4, 5, 6].map(() => ({ kind: 'tell', ...first }) as const),
];
const leaving: readonly Deed[] = [
  ...opened,
  { kind: 'leave' },
  ...[1, 2].map(() => ({ kind: 'handle', ...first }) as const),
];
/** Random deeds seldom get far: some lives begin open, some on their way out. */
const beginning = fc.constantFrom<readonly Deed[]>(
  [],
  opened,
  leaving,
  [
    ...leaving,
    ...[1, 2].map(() => ({ kind: 'tell', ...first }) as const),
    { kind: 'handle', pick: 0, manner: 'whole' },
    { kind: 'handle', pick: 0, manner: 'part' },
  ],
  [...opened, { kind: 'liquidate', pick: 0 }, { kind: 'report', venueId: OKX, times: 2 }],
);

interface Held {
  readonly positions: Readonly<Partial<Record<string, Qty>>>;
  readonly corrections?: Readonly<Partial<Record<string, { readonly unexplainedQty: Qty }>>>;
}

/** What the machines were told, counted independently of them. */
class Watch {
  readonly #fills = new Map<string, Fill>();
  readonly #orderIds = new Set<string>();
  #atMs = 0;
  #state = '-';
  #held: Held = { positions: {} };

  readonly seen = new Set<string>();

  get state(): string {
    return this.#state;
  }

  position(instrumentId: string): Qty {
    return [...this.#fills.values()]
      .filter((fill) => fill.instrumentId === instrumentId)
      .reduce((sum, { side, qty }) => moved(sum, side, qty), ZERO_QTY);
  }

  see({ atMs, input, transitions, effects }: StepRecord): void {
    expect(atMs).toBeGreaterThanOrEqual(this.#atMs);
    this.#atMs = atMs;
    for (const fill of fillsOf(input)) this.#fills.set(fill.fillId, fill);
    for (const { actor, to, changed } of transitions) {
      if (actor === 't1') this.seen.add((this.#state = to));
      if (actor === 'risk-guard' && 'exposures' in changed) {
        const exposures = changed['exposures'] as Partial<Record<string, Held>>;
        const before = this.#held;
        this.#held = exposures['t1'] ?? { positions: {} };
        if (this.#held.corrections && !before.corrections) this.seen.add('corrected');
        if (before.corrections && !this.#held.corrections) this.seen.add('explained');
      }
    }
    for (const effect of effects) {
      if (effect.type !== 'order.place') continue;
      const { order } = effect;
      expect(this.#orderIds.has(order.clientOrderId), 'an order id is used once').toBe(false);
      this.#orderIds.add(order.clientOrderId);
      expect(isMore(order.qty, ZERO_QTY), 'an order has a size').toBe(true);
      if (!order.reduceOnly) continue;
      const held = absolute(this.#held.positions[order.instrumentId] ?? ZERO_QTY);
      expect(isMore(order.qty, held), `closing ${order.qty} of ${held}`).toBe(false);
    }
    for (const instrumentId of [perpetual(OKX), perpetual(BYBIT)]) {
      const { positions, corrections } = this.#held;
      const unexplained = corrections?.[instrumentId]?.unexplainedQty ?? ZERO_QTY;
      const counted = minus(positions[instrumentId] ?? ZERO_QTY, unexplained);
      expect(counted, 'all fills, and what was taken over').toBe(this.position(instrumentId));
    }
  }
}

function fillsOf(input: StepRecord['input']): readonly Fill[] {
  if (input.type === 'order.filled' || input.type === 'position.liquidated') return [input.fill];
  if (input.type !== 'order.answered' || input.evidence.kind === 'absent') return [];
  return input.evidence.fills;
}

function live(deeds: readonly Deed[]): { story: Story; venue: ModelVenue; watch: Watch } {
  const story = Story.opening();
  const venue = new ModelVenue(story);
  const watch = new Watch();
  for (const record of story.records) watch.see(record);
  for (const each of [{ kind: 'wait', forMs: 0 } as const, ...deeds]) {
    for (const record of venue.do(each)) watch.see(record);
    if (!isExposed(watch.state)) continue;
    const { pending } = story.kernel.snapshot().timers;
    expect(
      pending.map(({ actor }) => actor),
      `${watch.state} waits with a limit`,
    ).toContain('t1');
  }
  return { story, venue, watch };
}

/** From here on the venues answer everything, truly and in order; an operator wants out. */
function settle({ story, venue, watch }: ReturnType<typeof live>): void {
  story.tell({ type: 'operator.kill', reason: 'end of the test' });
  story.records.slice(-1).forEach((record) => watch.see(record));
  for (let round = 0; round < 400 && !(watch.state === 'CLOSED' && venue.isIdle); round += 1) {
    for (const kind of ['arrive', 'handle', 'tell'] as const) {
      for (const record of venue.do({ kind, ...first })) watch.see(record);
    }
    if (venue.isIdle) for (const record of venue.do({ kind: 'wait', forMs: 50 })) watch.see(record);
  }
}

/** Below this, the venues would have been too tame to prove anything. */
const REACHED = [
  ...['OPENING.filling', 'PARTIAL', 'CHASING', 'OPEN', 'CLOSED', 'PANIC.flattening'],
  ...['CLOSING.leaving', 'CLOSING.uneven', 'CLOSING.chasing', 'PANIC.waiting'],
  ...['corrected', 'explained'],
];
const RUNS = { numRuns: 400, seed: 20261121 };

test('a trade keeps its rules whatever the venues do, and comes home', { timeout: 120_000 }, () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(beginning, fc.array(deed, { minLength: 5, maxLength: 50 }), (start, deeds) => {
      const lived = live([...start, ...deeds]);
      settle(lived);
      const { story, venue, watch } = lived;
      watch.seen.forEach((state) => seen.add(state));
      expect(watch.state).toBe('CLOSED');
      for (const instrumentId of [perpetual(OKX), perpetual(BYBIT)]) {
        expect(venue.position(instrumentId)).toBe('0');
        expect(watch.position(instrumentId)).toBe('0');
      }
      expect(replay(story.records).divergence).toBeUndefined();
    }),
    RUNS,
  );
  expect([...seen]).toEqual(expect.arrayContaining(REACHED));
});
