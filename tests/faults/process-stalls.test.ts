// A process that stood still and goes on: what waited meanwhile comes now, but is old. Books of
// before the pause are stale at its end, whichever event wakes the process, and only data that is
// newer than its end lets entries in again.
import { describe, expect, test } from 'vitest';
import { PaperStage } from './paper-stage.ts';

describe.each([2_000, 30_000])('after a pause of %i ms', (pauseMs) => {
  const paused = (): PaperStage => {
    const stage = PaperStage.running();
    stage.wait(1_000);
    stage.standStill(pauseMs);
    return stage;
  };

  test('the first word of any feed makes every stream stale before anybody looks at it', () => {
    const stage = paused();
    const before = stage.inputs.length;
    stage.okx.quote(10_000, 10_001, -pauseMs / 2);
    const told = stage.inputs.slice(before).map(({ type }) => type);
    expect(told.filter((type) => type !== 'timer.fired')).toEqual(['stream.stale', 'stream.stale']);
    expect(stage.stalls).toEqual([pauseMs]);
  });

  test('what was sent during it opens nothing, what was sent after it does', () => {
    const stage = paused();
    for (let agoMs = pauseMs; agoMs >= 0; agoMs -= 100) stage.quoteBoth(-agoMs);
    stage.propose();
    expect(stage.calls).toEqual([]);
    expect(stage.refusedBy('stream')).toBe(1);
    stage.standStill(10);
    stage.quoteBoth();
    stage.propose();
    expect(stage.calls).toEqual(['okx place', 'bybit place']);
  });

  test('an open trade may leave at once', () => {
    const stage = PaperStage.open();
    stage.standStill(pauseMs);
    stage.signalExit();
    stage.wait(500);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
  });
});
