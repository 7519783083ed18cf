// A process that dies again and again: each life reconciles, the one that is one too many opens
// nothing for a while, and one alert says so. What is open is managed all the same.
import { describe, expect, test } from 'vitest';
import type { EngineLimits, Input, Position, VenueId } from '../../src/domain/index.ts';
import { toMs, toQty } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual } from './carry-plan.ts';
import { ladder } from './ladder.ts';
import { Story } from './story.ts';

/** Three restarts within ten seconds are too many; then nothing is opened for five. */
const HOLD_MS = 5000;
const WINDOW_MS = 10_000;

/** So many falls out of health are no reason to hold a stream back here. */
const running = (): Story => Story.running({ flapCountMax: 99 });
const open = (): Story => Story.open({ flapCountMax: 99 });

/** What a venue reports when it agrees with our fills. */
function positionsAt(story: Story, venueId: VenueId): readonly Position[] {
  const trade = story.kernel.trade('t1');
  return (trade?.plan.legs ?? [])
    .filter((leg) => leg.venueId === venueId && story.position(leg.legId) !== '0')
    .map(({ legId, instrumentId, referencePrice: price }) => {
      const qty = toQty(story.position(legId) ?? '0');
      return { instrumentId, qty, entryPrice: price, markPrice: price };
    });
}

function reconcile(story: Story): void {
  for (const venueId of [OKX, BYBIT]) {
    story.tell({ type: 'activity.reported', venueId });
    story.tell(account(venueId, { positions: positionsAt(story, venueId) }));
    for (const base of ['BTC', 'ETH']) {
      story.tell({ type: 'stream.synced', instrumentId: perpetual(venueId, base), venueId });
    }
  }
}

/** Dies and lives again so many times, each life long enough to reconcile. */
function restart(story: Story, times: number, limits: Partial<EngineLimits> = {}): Story {
  for (let count = 0; count < times; count += 1) {
    story.restart(500, limits);
    reconcile(story);
  }
  return story;
}

const cooling = (): Story => restart(running(), 3);
const state = (story: Story): string => story.kernel.engineState;

describe('the third restart within the window', () => {
  test('is told once, held once the accounts are seen, and over when nothing more happens', () => {
    const story = cooling();
    const first = story.records.findIndex(({ input }) => input.type === 'run.resumed');
    story.wait(HOLD_MS);
    const rungs = ladder(story.records.slice(first), 'engine').split('\n');
    const kept = rungs.filter((rung) => !rung.includes('activity.reported'));
    expect(kept.join('\n')).toMatchInlineSnapshot(`
      "
      running      run.resumed        → reconciling  timer reconcile 1000
      reconciling  account.reported   → reconciling
      reconciling  account.reported   → running
      running      run.resumed        → reconciling  timer reconcile 1000
      reconciling  account.reported   → reconciling
      reconciling  account.reported   → running
      running      run.resumed        → reconciling  timer reconcile 1000 · alert CRASH_LOOP
      reconciling  account.reported   → reconciling
      reconciling  account.reported   → cooling  timer hold 5000
      cooling      timer engine hold  → running
      "
    `);
    expect(story.alerts).toEqual(['CRASH_LOOP']);
  });

  test('names how often, how long and the way out', () => {
    const effects = cooling().records.flatMap((record) => record.effects);
    expect(effects.filter(({ type }) => type === 'alert.raise')).toEqual([
      {
        type: 'alert.raise',
        severity: 'critical',
        code: 'CRASH_LOOP',
        key: 'engine',
        text:
          'restarted 3 times within 10000 ms: reconciles, then opens nothing new for 5000 ms; ' +
          "'node main resume' ends that at once",
      },
    ]);
  });

  test('opens nothing during the hold, and opens after it', () => {
    const story = cooling();
    story.wait(HOLD_MS - 100);
    story.propose(carryPlan());
    expect(story.placed).toEqual([]);
    expect(JSON.stringify(story.records.at(-1)?.transitions)).toContain('engine-state');
    story.wait(100);
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(2);
  });

  test('lets an open trade leave during the hold', () => {
    const story = restart(open(), 3);
    expect(state(story)).toBe('cooling');
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    expect(story.placed.slice(2).map(({ reduceOnly }) => reduceOnly)).toEqual([true, true]);
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    expect(story.ladder).toContain('CLOSED');
    expect(state(story)).toBe('cooling');
  });

  test('covers or takes home a leg that stands alone during the hold', () => {
    const story = Story.opening({ flapCountMax: 99 });
    story.fillWhole('a');
    restart(story, 3);
    story.answer('b', { kind: 'ended', end: 'expired', fills: [] });
    story.quote('a', ['10020', '10021']);
    expect(story.order('a').reduceOnly).toBe(true);
    expect(state(story)).toBe('cooling');
  });

  test('counts also when no life came as far as its accounts', () => {
    const story = running();
    for (let count = 0; count < 3; count += 1) story.restart(500);
    expect(story.alerts).toEqual(['CRASH_LOOP']);
    expect(state(story)).toBe('reconciling');
    reconcile(story);
    expect(state(story)).toBe('cooling');
  });

  test('is judged by the limits that are configured now', () => {
    const story = restart(running(), 2);
    story.restart(500, { restartCountMax: 4 });
    reconcile(story);
    expect(state(story)).toBe('running');
    restart(story, 1, { restartCountMax: 4, restartHoldMs: toMs(700) });
    expect(state(story)).toBe('cooling');
    story.wait(700);
    expect(state(story)).toBe('running');
  });
});

describe('restarts that are no crash loop', () => {
  test('are two, or three that are further apart than the window', () => {
    const story = restart(running(), 2);
    expect(state(story)).toBe('running');
    story.wait(WINDOW_MS);
    restart(story, 1);
    expect(state(story)).toBe('running');
    expect(story.alerts).toEqual([]);
  });

  test.each<[Input, string]>([
    [{ type: 'operator.halt', reason: 'lunch' }, 'halted'],
    [{ type: 'operator.kill', reason: 'drill' }, 'killed'],
  ])('leave an engine as %o left it, and a resume is not held back', (command, left) => {
    const story = running();
    story.tell(command);
    restart(story, 5);
    expect(state(story)).toBe(left);
    story.tell({ type: 'operator.resume' });
    reconcile(story);
    expect(state(story)).toBe('running');
    expect(story.alerts).toEqual([]);
  });
});

describe('a further restart', () => {
  test('during the hold starts it anew and says nothing more', () => {
    const story = cooling();
    story.wait(HOLD_MS - 100);
    restart(story, 1);
    expect(state(story)).toBe('cooling');
    story.wait(HOLD_MS - 100);
    expect(state(story)).toBe('cooling');
    story.wait(100);
    expect(state(story)).toBe('running');
    expect(story.alerts).toEqual(['CRASH_LOOP']);
  });

  test('long after the hold would have ended holds anew: nobody lived it through', () => {
    const story = cooling();
    story.restart(10 * WINDOW_MS);
    reconcile(story);
    expect(state(story)).toBe('cooling');
    story.wait(HOLD_MS);
    expect(state(story)).toBe('running');
  });

  test('after the hold and within the window is the next crash loop, told again', () => {
    const story = cooling();
    story.wait(HOLD_MS);
    restart(story, 1);
    expect(state(story)).toBe('cooling');
    expect(story.alerts).toEqual(['CRASH_LOOP', 'CRASH_LOOP']);
  });
});

describe('during the hold', () => {
  test.each<[Input, string]>([
    [{ type: 'operator.resume' }, 'running'],
    [{ type: 'operator.halt', reason: 'lunch' }, 'halted'],
    [{ type: 'operator.kill', reason: 'drill' }, 'killed'],
    [{ type: 'operator.stop', reason: 'update' }, 'draining.homing'],
    [{ type: 'operator.leave', reason: 'update' }, 'left'],
  ])('%o leads to %s, and the end of the hold changes nothing', (command, after) => {
    const story = restart(open(), 3);
    story.tell(command);
    expect(state(story)).toBe(after);
    story.wait(HOLD_MS);
    expect(state(story)).toBe(after);
    expect(story.records.map(({ input }) => input)).not.toContainEqual(
      expect.objectContaining({ type: 'timer.fired', actor: 'engine', timer: 'hold' }),
    );
  });

  test('a kill flattens what is open', () => {
    const story = restart(open(), 3);
    story.tell({ type: 'operator.kill', reason: 'drill' });
    expect(story.alerts).toEqual(['CRASH_LOOP', 'TRADE_PANIC']);
  });

  test('a stop with nothing open ends the run at once', () => {
    const story = cooling();
    story.tell({ type: 'operator.stop', reason: 'done' });
    expect(state(story)).toBe('stopped');
  });

  test('a resume opens at once and forgets the restarts', () => {
    const story = cooling();
    story.tell({ type: 'operator.resume' });
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(2);
    restart(story, 2);
    expect(state(story)).toBe('running');
    restart(story, 1);
    expect(state(story)).toBe('cooling');
  });

  test('a resume that comes while the accounts are asked for leads past it', () => {
    const story = running();
    for (let count = 0; count < 3; count += 1) story.restart(500);
    story.tell({ type: 'operator.resume' });
    expect(state(story)).toBe('reconciling');
    reconcile(story);
    expect(state(story)).toBe('running');
  });
});
