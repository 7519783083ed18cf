// A resumed run that is told to stop before the venues have told what happened while nobody
// listened: it hears that first, and brings home what it hears of.
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import { account, BYBIT, OKX } from './carry-plan.ts';
import { Story } from './story.ts';

const GRACE_MS = toMs(1000);

const stoppedEarly = (story: Story): Story => {
  story.restart(100, { shutdownGraceMs: GRACE_MS });
  story.tell({ type: 'operator.stop', reason: 'done' });
  return story;
};

/** Stopped early, and the trade of this order was let go before. */
function forgotten() {
  const story = Story.opening();
  const order = story.order('a');
  story.reject('a');
  story.reject('b');
  story.wait(60_000);
  return { story: stoppedEarly(story), order };
}

describe('a stop right after a start', () => {
  test('hears first what happened meanwhile', () => {
    const story = stoppedEarly(Story.running());
    expect(story.kernel.engineState).toBe('draining.hearing');
    story.tell({ type: 'activity.reported', venueId: OKX });
    expect(story.kernel.engineState).toBe('draining.hearing');
    story.tell({ type: 'activity.reported', venueId: BYBIT });
    expect(story.kernel.engineState).toBe('stopped');
    expect(story.alerts).toEqual([]);
  });

  test('brings home what it hears of only then', () => {
    const { story, order } = forgotten();
    expect(story.kernel.engineState).toBe('draining.hearing');
    story.tell({ type: 'order.filled', fill: story.fillOf(order, '0.01') });
    for (const venueId of [OKX, BYBIT]) {
      story.tell({ type: 'activity.reported', venueId });
      story.tell(account(venueId));
    }
    expect(story.kernel.engineState).toBe('draining.homing');
    story.quote('a', ['9990', '9991']);
    story.fillWhole('a');
    expect(story.kernel.engineState).toBe('stopped');
  });

  test('leaves the run to the next start when a venue says nothing within the grace', () => {
    const story = stoppedEarly(Story.running({ shutdownGraceMs: GRACE_MS }));
    story.tell({ type: 'activity.reported', venueId: OKX });
    story.wait(GRACE_MS);
    expect(story.kernel.engineState).toBe('left');
    expect(story.alerts).toEqual(['STOPPED_UNHEARD']);
  });

  /** A fill of a trade that is forgotten comes 20 ms before the grace is over. */
  const heardLate = (): Story => {
    const { story, order } = forgotten();
    story.wait(GRACE_MS - 20);
    story.tell({ type: 'order.filled', fill: story.fillOf(order, '0.01') });
    story.tell({ type: 'activity.reported', venueId: OKX });
    return story;
  };

  test('gives what it hears of late a whole grace to be flattened', () => {
    const story = heardLate();
    expect(story.kernel.engineState).toBe('draining.homing');
    story.wait(20);
    expect(story.kernel.engineState).toBe('draining.flattening');
    story.wait(GRACE_MS - 100);
    story.tell({ type: 'activity.reported', venueId: BYBIT });
    story.quote('a', ['9990', '9991']);
    story.fillWhole('a');
    expect(story.kernel.engineState).toBe('stopped');
    expect(story.alerts).toEqual(['TRADE_PANIC']);
  });

  test('calls a person for what it heard of and could not bring home', () => {
    const story = heardLate();
    story.wait(20 + GRACE_MS);
    expect(story.kernel.engineState).toBe('left');
    expect(story.position('a')).toBe('0.01');
    expect(story.alerts).toContain('STOPPED_EXPOSED');
    expect(story.alerts).not.toContain('STOPPED_UNHEARD');
  });
});
