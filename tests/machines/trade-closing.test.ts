// Closing in good order, rung by rung: reduce-only orders, chases, and where patience ends.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

const closing = (): Story => {
  const story = Story.open();
  story.signalExit();
  return story;
};
/** Only what came after the trade was open. */
const afterOpen = (story: Story): string =>
  `\n${story.ladder.slice(story.ladder.indexOf('\nOPEN ') + 1)}`;

describe('closing in good order', () => {
  test('goes on without a quote, at the last fill price and the widest bound', () => {
    const story = closing();
    story.quote('a', null);
    story.quote('b', null);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a none       → CLOSING.leaving  a close sell 1 @9709.7
      CLOSING.leaving  quote b none       → CLOSING.leaving  b close buy 1 @10341.2
      "
    `);
  });

  test('chases what fell short, a step further each time, then panics', () => {
    const story = closing();
    for (const [bid, ask] of [
      ['10020', '10021'],
      ['10010', '10011'],
      ['10000', '10001'],
    ] as const) {
      story.quote('a', [bid, ask]);
      story.quote('b', [bid, ask]);
      story.end('a', 'cancelled', '0');
      story.end('b', 'cancelled', '0');
    }
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → CLOSING.leaving  ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @9990
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → CLOSING.leaving  ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @9970
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a · ask b
      "
    `);
  });

  test('chases the leg that lags while the other is home', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10020', '10021']);
    story.fillWhole('a');
    story.fill('b', '0.3');
    story.end('b', 'cancelled', '0.3');
    story.quote('b', ['10020', '10021']);
    story.fillWhole('b');
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   b filled 0.3       → CLOSING.uneven
      CLOSING.uneven   b cancelled 0.3    → CLOSING.chasing  ask b · timer orphan 448
      CLOSING.chasing  quote b            → CLOSING.chasing  b close buy 0.7 @10041
      CLOSING.chasing  b filled 0.7       → CLOSED  timer late 30000
      "
    `);
  });

  test('panics when one leg is home and the other stays for too long', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10020', '10021']);
    story.fillWhole('a');
    story.accept('b');
    story.wait(450);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   timer t1.b ack     → CLOSING.uneven  query b
      CLOSING.uneven   timer orphan       → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
      "
    `);
  });

  test('panics when it takes too long, though the legs still cover each other', () => {
    const story = closing();
    story.wait(5000);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  timer exit         → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a · ask b
      "
    `);
  });

  test('is also what an unwind does, and the end of the holding time', () => {
    const unwound = Story.open();
    unwound.tell({ type: 'operator.stop', reason: 'maintenance' });
    expect(afterOpen(unwound)).toMatchInlineSnapshot(`
      "
      OPEN             operator.stop      → CLOSING.leaving  timer exit 5000 · ask a · ask b
      "
    `);
    const held = Story.open();
    held.wait(8 * 3_600_000);
    expect(afterOpen(held)).toContain('timer hold         → CLOSING.leaving');
  });
});
