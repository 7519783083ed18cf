// What may still come after CLOSED, and how a trade is forgotten.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

const closing = (): Story => {
  const story = Story.open();
  story.signalExit();
  return story;
};
const closed = (): Story => {
  const story = closing();
  story.quote('a', ['10020', '10021']);
  story.quote('b', ['10030', '10031']);
  story.fillWhole('a');
  story.fillWhole('b');
  return story;
};
describe('after CLOSED', () => {
  const afterClose = (story: Story): string =>
    `\n${story.ladder.slice(story.ladder.indexOf('\nCLOSED') + 1)}`;

  test('a late fill opens the trade again, and it goes home again', () => {
    const story = Story.opening();
    const late = story.order('a');
    story.reject('a');
    story.reject('b');
    story.fill('a', '1', late);
    expect(scannerHolds(story)).toEqual(['t1']);
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    expect(scannerHolds(story)).toEqual([]);
    expect(afterClose(story)).toMatchInlineSnapshot(`
      "
      CLOSED            a filled 1         → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                             ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  a filled 1         → CLOSED  timer late 30000
      "
    `);
  });

  test('a kill is nothing to a trade that is flat', () => {
    const story = closed();
    const before = story.ladder;
    story.tell({ type: 'operator.kill', reason: 'drill' });
    expect(story.ladder).toBe(before);
  });

  test('the trade is forgotten when no fill can come any more, and its actors are let go', () => {
    const story = closed();
    story.wait(30_000);
    expect(story.kernel.trade('t1')).toBeUndefined();
    const machines = JSON.stringify(story.kernel.snapshot().machines);
    expect(machines).not.toContain('"t1.a"');
  });

  test('the instruments cool down before the next trade', () => {
    const story = closed();
    story.propose(story.trade.plan);
    const last = story.records.at(-1)?.transitions.find(({ actor }) => actor === 'scanner');
    expect(last?.changed).toMatchObject({
      lastRefusal: { gate: 'cooldown', found: '59999', limit: '0', unit: 'ms' },
    });
  });
});

function scannerHolds(story: Story): readonly string[] {
  const changed = story.records
    .flatMap(({ transitions }) => transitions)
    .findLast(({ actor, changed: keys }) => actor === 'scanner' && 'openTrades' in keys)?.changed;
  return Object.keys(changed?.['openTrades'] ?? {});
}
