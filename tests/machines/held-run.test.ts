// What an operator's halt or kill, or a lease of other limits, commands holds until an operator
// resumes: over a stop, a leave, a crash and a restart, in whichever order they come.
import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual } from './carry-plan.ts';
import { HOLDER } from './lease-holder.ts';
import { Story } from './story.ts';

const GRACE_MS = 1000;
const LIMITS = { shutdownGraceMs: toMs(GRACE_MS) };

const HALT: Input = { type: 'operator.halt', reason: 'lunch' };
const KILL: Input = { type: 'operator.kill', reason: 'drill' };
const STOP: Input = { type: 'operator.stop', reason: 'update' };
const LEAVE: Input = { type: 'operator.leave', reason: 'update' };
const INHERITED: Input = {
  type: 'lease.inherited',
  from: HOLDER,
  ours: { engineVersion: '1.0.0', configHash: '0123456789abcdef' },
};

type Held = readonly [word: Input, state: 'halted' | 'killed'];
const HELD: readonly Held[] = [
  [HALT, 'halted'],
  [KILL, 'killed'],
  [INHERITED, 'halted'],
];

const state = (story: Story): string => story.kernel.engineState;
/** Every venue tells what it did and shows what our fills come to. */
function reconcile(story: Story): void {
  for (const venueId of [OKX, BYBIT]) {
    story.tell({ type: 'activity.reported', venueId });
    story.tell(account(venueId));
  }
}
/** Orders for a trade that is as good as any, on books that are whole. */
function entries(story: Story): number {
  const before = story.placed.length;
  for (const venueId of [OKX, BYBIT]) {
    const stream = { instrumentId: perpetual(venueId, 'ETH'), venueId };
    story.tell({ type: 'stream.connected', ...stream });
    story.tell({ type: 'stream.synced', ...stream });
  }
  story.propose(carryPlan('ETH'));
  return story.placed.length - before;
}
const expectHeld = (story: Story, held: string): void => {
  expect(state(story)).toBe(held);
  reconcile(story);
  story.wait(60_000);
  expect(state(story)).toBe(held);
  expect(entries(story)).toBe(0);
};

describe.each(HELD)('%o', (word, held) => {
  test('holds over a stop that a crash cut short, until an operator resumes', () => {
    const story = Story.open(LIMITS);
    story.tell(word);
    story.tell(STOP);
    expect(state(story)).toBe('draining.homing');
    const { effects } = story.restart(100, LIMITS);
    expect(effects.filter(({ type }) => type === 'activity.ask')).toHaveLength(2);
    expectHeld(story, held);
  });

  test('holds over a stop that a silent venue kept from its end', () => {
    const story = Story.running(LIMITS);
    story.restart(100, LIMITS);
    story.tell(word);
    story.tell(STOP);
    story.wait(GRACE_MS);
    expect(state(story)).toBe('left');
    story.restart(1000, LIMITS);
    expectHeld(story, held);
    story.tell({ type: 'operator.resume' });
    reconcile(story);
    expect(state(story)).toBe('running');
    expect(entries(story)).toBe(2);
    story.tell(LEAVE);
    story.restart();
    expect(state(story)).toBe('reconciling');
  });

  test('holds over a crash, a stop and another crash', () => {
    const story = Story.open(LIMITS);
    story.tell(word);
    story.restart(100, LIMITS);
    expect(state(story)).toBe(held);
    story.tell(STOP);
    story.restart(100, LIMITS);
    expectHeld(story, held);
  });

  test.each([STOP, LEAVE])('that comes after %o holds from the next start on', (ending) => {
    const story = Story.open(LIMITS);
    story.tell(ending);
    story.tell(word);
    story.restart(100, LIMITS);
    expectHeld(story, held);
  });

  test('needs no crash loop to open nothing, and begins none', () => {
    const limits = { restartCountMax: 2, restartWindowMs: toMs(60_000) };
    const story = Story.open(limits);
    story.tell(word);
    for (let count = 0; count < 3; count += 1) {
      story.tell(STOP);
      story.restart(100, limits);
    }
    expect(story.alerts).not.toContain('CRASH_LOOP');
    expectHeld(story, held);
  });
});

describe('a kill', () => {
  test('is not made a halt by one that comes later', () => {
    const story = Story.open(LIMITS);
    for (const word of [KILL, HALT, STOP, HALT, INHERITED]) story.tell(word);
    story.restart(100, LIMITS);
    expectHeld(story, 'killed');
  });

  test('is not taken back by a resume that an engine on its way out does not hear', () => {
    const story = Story.open(LIMITS);
    for (const word of [KILL, STOP, { type: 'operator.resume' } as const]) story.tell(word);
    expect(state(story)).toBe('draining.homing');
    story.restart(100, LIMITS);
    expectHeld(story, 'killed');
  });
});
