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
  test('waits while a venue shows no book, so that no leg goes home alone, and says so', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', null);
    story.wait(500);
    story.quote('a', null);
    story.wait(4700);
    story.quote('a', ['10019', '10020']);
    story.quote('b', ['10020', '10021']);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b none       → CLOSING.quoting  timer requote 500
      CLOSING.quoting  timer requote      → CLOSING.quoting  ask a · ask b
      CLOSING.quoting  quote a none       → CLOSING.quoting  timer requote 500
      CLOSING.quoting  timer requote      → CLOSING.quoting  ask a · ask b
      CLOSING.quoting  timer exit         → CLOSING.quoting  alert EXIT_WAITS · timer exit 5000
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10009 · b close buy 1 @10031
      "
    `);
    expect(story.alerts).toEqual(['EXIT_WAITS']);
  });

  test('goes on in a panic without a quote, at the last fill price and the widest bound', () => {
    const story = closing();
    story.quote('b', null);
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.quote('a', null);
    story.quote('b', null);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN              exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting   quote b none       → CLOSING.quoting  timer requote 500
      CLOSING.quoting   operator.kill      → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                             ask a · ask b
      PANIC.flattening  quote a none       → PANIC.flattening  a close sell 1 @9709.7
      PANIC.flattening  quote b none       → PANIC.flattening  b close buy 1 @10341.2
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
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10010 · b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → CLOSING.again  ask a · ask b
      CLOSING.again    quote a            → CLOSING.again  a close sell 1 @9990
      CLOSING.again    quote b            → CLOSING.again  b close buy 1 @10031
      CLOSING.again    a cancelled 0      → CLOSING.again
      CLOSING.again    b cancelled 0      → CLOSING.leaving → CLOSING.again  ask a · ask b
      CLOSING.again    quote a            → CLOSING.again  a close sell 1 @9970
      CLOSING.again    quote b            → CLOSING.again  b close buy 1 @10031
      CLOSING.again    a cancelled 0      → CLOSING.again
      CLOSING.again    b cancelled 0      → CLOSING.leaving → PANIC.flattening  timer call 1000
                                            alert TRADE_PANIC · ask a · ask b
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
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10010 · b close buy 1 @10031
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
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10010 · b close buy 1 @10031
      CLOSING.leaving  a filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   timer t1.b ack     → CLOSING.uneven  query b
      CLOSING.uneven   timer orphan       → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
      "
    `);
  });

  test('panics when it takes too long, though the legs still cover each other', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10020', '10021']);
    story.accept('a');
    story.wait(5000);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10010 · b close buy 1 @10031
      CLOSING.leaving  timer t1.a ack     → CLOSING.leaving  query a
      CLOSING.leaving  timer t1.b ack     → CLOSING.leaving  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      ·                timer t1.a query   → ·  query a
      ·                timer t1.b query   → ·  query b
      CLOSING.leaving  timer exit         → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
      "
    `);
  });

  test('is also what an unwind does, and the end of the holding time', () => {
    const unwound = Story.open();
    unwound.tell({ type: 'operator.stop', reason: 'maintenance' });
    expect(afterOpen(unwound)).toMatchInlineSnapshot(`
      "
      OPEN             operator.stop      → CLOSING.quoting  timer exit 5000 · ask a · ask b
      "
    `);
    const held = Story.open();
    held.wait(8 * 3_600_000);
    expect(afterOpen(held)).toContain('timer hold         → CLOSING.quoting');
  });
});
